import type { AskServer, ProvisionStep } from './provisioning.js';

/** Runs steps one after the other; see ProvisionStep for what is left out and what is run in a step's place. */
export async function runSteps(ask: AskServer, steps: readonly ProvisionStep[]): Promise<void> {
  for (const { database, sql, unless, expands } of steps) {
    if (unless !== undefined && (await ask(null, unless)).length > 0) continue;
    const answer = await ask<Record<string, string>>(database, sql);
    if (expands === undefined) continue;
    const statements = answer.flatMap((row) => Object.values(row)[0] ?? []);
    const run = async (statement: string): Promise<void> => {
      await ask(database, statement);
    };
    if (expands === 'in order') for (const statement of statements) await run(statement);
    else await runUntilNoneIsLeft(statements, run);
  }
}

/** Those that fail are tried again after the others; throws what stopped the last of them. */
async function runUntilNoneIsLeft(
  statements: readonly string[],
  run: (statement: string) => Promise<void>,
): Promise<void> {
  let waiting = [...statements];
  while (waiting.length > 0) {
    const failed: { statement: string; error: unknown }[] = [];
    for (const statement of waiting) {
      await run(statement).catch((error: unknown) => failed.push({ statement, error }));
    }
    if (failed.length === waiting.length) throw failed[0]?.error;
    waiting = failed.map(({ statement }) => statement);
  }
}
