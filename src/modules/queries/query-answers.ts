import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/access/actor.js';
import type { PreEncoded } from '../../platform/http/answers.js';
import { runOutcome, type ShownRows } from './outcome.view.js';
import type { RunOutcome } from './queries.view.js';
import { ResultKeeper } from './results/result-keeper.js';
import { mayOf } from './results/results.view.js';
import { RunsService, type RunRequest, type RunResult } from './runs.service.js';
import { SchemasService } from './schemas.service.js';
import { didYouMean } from './suggestion.js';

/** Runs, and explains what went wrong with the help of the schema. */
@Injectable()
export class QueryAnswers {
  constructor(
    private readonly runs: RunsService,
    private readonly schemas: SchemasService,
    private readonly keeper: ResultKeeper,
  ) {}

  /** With `keep` the results stay readable for a while; see ResultKeeper. */
  async run(
    actor: Actor,
    request: RunRequest & { keep?: boolean | undefined },
    gone: AbortSignal,
  ): Promise<RunOutcome & PreEncoded> {
    const result: RunResult<ShownRows> =
      request.keep === true
        ? await this.runs.runInto((start) => this.keeper.collector(start), actor, request, gone)
        : await this.runs.run(actor, request, gone);
    return runOutcome(result, request.sql, { hints: await this.hintsFor(result), may: mayOf(actor) });
  }

  private async hintsFor({ outcomes, target }: RunResult<ShownRows>): Promise<Map<number, string>> {
    const hints = new Map<number, string>();
    for (const [index, { problem, statement }] of outcomes.entries()) {
      if (problem === null || !/^42(?:703|P01)$/.test(problem.code)) continue;
      // A suggestion is a courtesy: the error stands without it.
      const catalog = await this.schemas.recent(target).catch(() => null);
      const hint = catalog === null ? null : didYouMean(problem, statement, catalog);
      if (hint !== null) hints.set(index, hint);
    }
    return hints;
  }
}
