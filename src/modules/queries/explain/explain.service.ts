import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { EngineError, type Analysis, type Statement } from '../../../engines/engine.js';
import type { Plan } from '../../../engines/plan.js';
import type { Actor } from '../../../platform/access/actor.js';
import { atLeast } from '../../../platform/access/roles.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { newId } from '../../../platform/persistence/ids.js';
import { AuditService } from '../../audit/audit.service.js';
import { DatabasesService } from '../../databases/databases.service.js';
import type { RunTarget } from '../../databases/databases.types.js';
import { ActiveRuns } from '../active-runs.js';
import { accessFor, judge, refusal } from '../runs.policy.js';

export interface ExplainRequest {
  readonly databaseId: string;
  readonly sql: string;
  /** Also run the statement, inside a transaction that is rolled back. */
  readonly analyse: boolean;
}

export interface ExplainedStatement {
  readonly target: RunTarget;
  readonly statement: Statement;
  readonly plan: Plan;
  /** The engine can run a statement and say how long each step took. */
  readonly measurable: boolean;
}

/** How a server would run a statement, with the rights that running it would need. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    private readonly active: ActiveRuns,
    private readonly audit: AuditService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async explain(actor: Actor, request: ExplainRequest, gone: AbortSignal): Promise<ExplainedStatement> {
    const target = await this.databases.runTarget(actor, request.databaseId);
    const driver = this.engines.get(target.engine);
    const statement = onlyStatement(driver.analyse(request.sql));
    const { role } = actor;
    const canWrite = target.mayWrite && atLeast(role, 'developer');
    const verdict = judge([statement], { role, canWrite, ruleFor: target.ruleFor });
    if (verdict.outcome !== 'run') throw refusal(verdict, false);
    if (statement.class !== 'read' && statement.class !== 'dml')
      throw invalid(
        'not_explainable',
        `A server has no plan for ${statement.verb}: only for statements that read or change rows.`,
      );
    await this.audit.record(actor, 'query.explain', {
      object: { type: 'database', id: target.databaseId, name: target.name },
      details: { sqlHash: hash(request.sql), verb: statement.verb, analysed: request.analyse },
    });
    this.databases.used(target.databaseId);
    const plan = await this.planOf(target, statement, request.analyse, gone);
    return { target, statement, plan, measurable: driver.capabilities.explain === 'cost' };
  }

  private async planOf(
    target: RunTarget,
    statement: Statement,
    analyse: boolean,
    gone: AbortSignal,
  ): Promise<Plan> {
    const write = accessFor([statement]) === 'write' ? target.write : null;
    const driver = this.engines.get(target.engine);
    try {
      return await this.active.during(newId(), gone, async ({ signal }) => {
        await using session = await driver.open(write ?? target.read, write === null ? 'read' : 'write');
        const { timeoutMs } = this.config.queries;
        return await session.explain(statement, { analyse, timeoutMs, signal });
      });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw refused(error);
    }
  }
}

function onlyStatement({ statements, error }: Analysis): Statement {
  if (error !== null) throw refused(new EngineError(error));
  const [statement, second] = statements;
  if (statement === undefined) throw invalid('no_statement', 'There is no statement in this text.');
  if (second !== undefined)
    throw invalid('several_statements', 'A plan is for one statement: select the one to explain.');
  return statement;
}

function refused(error: EngineError): AppError {
  const { code, message, position, hint } = error.problem;
  return new AppError('invalid', code, message, { extra: { position, hint }, cause: error });
}

function invalid(code: string, message: string): AppError {
  return new AppError('invalid', code, message);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
