import { Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { EngineError, type Statement } from '../../../engines/engine.js';
import type { Actor } from '../../../platform/access/actor.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { DatabasesService } from '../../databases/databases.service.js';
import type { RunTarget } from '../../databases/databases.types.js';
import { UsersService } from '../../users/users.service.js';
import { riskOf, schemaHash, statementFacts, targetHash, textHash } from './request-assessment.js';
import type { RequestRecord, RequestStatement, Risk, Step } from './requests.types.js';
import { defaultSteps } from './steps.js';

const MAX_STATEMENTS = 50;

/** A text for a database, looked at without running it. */
export interface Draft {
  readonly target: RunTarget;
  readonly statements: readonly Statement[];
  readonly analysis: readonly RequestStatement[];
  readonly risk: Risk;
  readonly steps: readonly Step[];
  readonly hashes: Pick<RequestRecord, 'textHash' | 'targetHash' | 'schemaHash'>;
}

export interface DraftInput {
  readonly databaseId: string;
  readonly podId: string | null;
  readonly text: string;
}

/** Reads what somebody wants to have approved: what it is, how risky, and who has to agree. */
@Injectable()
export class RequestDraftsService {
  constructor(
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    private readonly users: UsersService,
  ) {}

  /** Throws what the person has to mend; 404 for a database they cannot see. */
  async prepare(actor: Actor, input: DraftInput, maxStatements = MAX_STATEMENTS): Promise<Draft> {
    const { record } = await this.databases.get(actor, input.databaseId);
    const target = await this.databases.executionTarget(actor.tenantId, input.databaseId);
    if (target.write === null)
      throw new AppError('conflict', 'no_write_login', 'This database has no login that may write.');
    const statements = this.read(target, input.text, maxStatements);
    const driver = this.engines.get(target.engine);
    const analysis = statementFacts(statements, driver.review?.bind(driver));
    const risk = riskOf(analysis, null);
    const pods = await this.podsOf(actor, [input.podId, record.podId]);
    return {
      target,
      statements,
      analysis,
      risk,
      steps: defaultSteps({ environment: target.environment, risk, pods }),
      hashes: await this.hashesOf(target, input.text, analysis),
    };
  }

  /** What the text and its surroundings are now, to be compared with what was approved. */
  async hashesOf(
    target: RunTarget,
    text: string,
    analysis: readonly RequestStatement[],
  ): Promise<Draft['hashes']> {
    return {
      textHash: textHash(text),
      targetHash: targetHash(target.write ?? target.read),
      schemaHash: await this.schemaOf(target, analysis),
    };
  }

  private read(target: RunTarget, text: string, maxStatements: number): readonly Statement[] {
    const { statements, error } = this.engines.get(target.engine).analyse(text);
    if (error !== null) {
      const { code, message, position } = error;
      throw new AppError('invalid', code, message, { fields: { text: message }, extra: { position } });
    }
    if (statements.length === 0) throw invalid('no_statement', 'There is no statement in this text.');
    if (statements.length > maxStatements)
      throw invalid('too_many_statements', `A request has at most ${String(maxStatements)} statements.`);
    const refused = statements.find((statement) => statement.class === 'admin');
    if (refused !== undefined)
      throw invalid('statement_refused', `${refused.verb} is refused. ${refused.reason ?? ''}`.trim());
    if (statements.some((statement) => statement.class === 'control'))
      throw invalid(
        'statement_refused',
        'A request is one transaction by itself: leave BEGIN, COMMIT and SET out.',
      );
    return statements;
  }

  private async schemaOf(target: RunTarget, analysis: readonly RequestStatement[]): Promise<string> {
    try {
      await using session = await this.engines.get(target.engine).open(target.read, 'read');
      return schemaHash(await session.describe(), analysis);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new AppError(
        'unavailable',
        error.problem.code,
        `The database cannot be reached. ${error.message}`,
        {
          cause: error,
        },
      );
    }
  }

  private async podsOf(
    actor: Actor,
    podIds: readonly (string | null)[],
  ): Promise<{ id: string; name: string }[]> {
    const ids = podIds.filter((id) => id !== null);
    const pods = await this.users.podNames(actor.tenantId, ids);
    if (pods.length < new Set(ids).size)
      throw new AppError('invalid', 'unknown_pod', 'There is no such pod.', {
        fields: { podId: 'is unknown' },
      });
    return pods;
  }
}

function invalid(code: string, message: string): AppError {
  return new AppError('invalid', code, message, { fields: { text: message } });
}
