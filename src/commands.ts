import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createApp } from './create-app.js';
import { verifyExport } from './modules/audit/audit-export.js';
import { AuditSealerService } from './modules/audit/audit-sealer.service.js';
import { AuditVerifierService } from './modules/audit/audit-verifier.service.js';
import type { ChainVerdict } from './modules/audit/chain-walk.js';
import { Clock } from './platform/clock/clock.js';
import { readSettings, type Config } from './platform/config/config.js';
import { prepareQueue } from './platform/jobs/queue.js';
import { createLogger } from './platform/logging/logger.js';
import { openDeployment } from './platform/persistence/embedded/embedded-config.js';
import { migrate, revert } from './platform/persistence/migrate.js';

type Command = (config: Config) => Promise<void>;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Commands that work on the product's databases, beside a product that may be running on them. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'db:migrate': async ({ management }) => {
    const { migrationUrl, url: applicationUrl } = management;
    const done = await migrate({ migrationUrl, applicationUrl, prepare: prepareQueue });
    say(done === 0 ? 'The management database is up to date.' : `${String(done)} migrations have run.`);
  },
  'db:revert': async ({ management }) => {
    await revert(management.migrationUrl);
    say('The newest migration has been taken back.');
  },
  'audit:verify': async (config) =>
    withVerifier(config, async ({ verifier, now }) => {
      report(await verifier.verifyAll(now));
    }),
  'audit:export': async (config) =>
    withVerifier(config, async ({ verifier }) => {
      for await (const line of verifier.exportLines()) say(line);
    }),
  'audit:keys': async (config) =>
    withVerifier(config, async ({ sealer }) => {
      say(JSON.stringify(sealer.publicKeys(), null, 2));
      return Promise.resolve();
    }),
};

interface Audit {
  readonly verifier: AuditVerifierService;
  readonly sealer: AuditSealerService;
  readonly now: Date;
}

async function withVerifier(config: Config, work: (audit: Audit) => Promise<void>): Promise<void> {
  const app = await createApp(config, createLogger('warn'));
  try {
    const loose = { strict: false };
    await work({
      verifier: app.get(AuditVerifierService, loose),
      sealer: app.get(AuditSealerService, loose),
      now: app.get(Clock, loose).now(),
    });
  } finally {
    await app.close();
  }
}

/** One line a chain; the exit code says whether all of them fit. */
function report(verdicts: ReadonlyMap<string, ChainVerdict>): void {
  for (const [chain, { sealed, broken }] of verdicts) {
    const outcome = broken === null ? 'intact' : `BROKEN at entry ${String(broken.seq)}: ${broken.reason}`;
    say(`${chain}  ${String(sealed)} entries  ${outcome}`);
    if (broken !== null) process.exitCode = 1;
  }
}

/** Needs nothing but the two files: neither the product's databases nor its settings. */
async function verifyFiles(exported: string, keys: string): Promise<void> {
  const publicKeys = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(keys, 'utf8')));
  report(await verifyExport(createInterface({ input: createReadStream(exported) }), publicKeys));
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const [exported, keys] = args;
  if (name === 'audit:verify' && exported !== undefined && keys !== undefined)
    return verifyFiles(exported, keys);
  const command = COMMANDS[name];
  if (command === undefined) {
    throw new Error(`There is no command ${name}. There are: ${Object.keys(COMMANDS).join(', ')}.`);
  }
  const deployment = await openDeployment(readSettings(), {
    log: (text) => void process.stderr.write(`${text}\n`),
    join: true,
  });
  try {
    await command(deployment.config);
  } finally {
    await deployment.stop();
  }
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
