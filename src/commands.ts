import { readSettings, type Config } from './platform/config/config.js';
import { prepareQueue } from './platform/jobs/queue.js';
import { openDeployment } from './platform/persistence/embedded/embedded-config.js';
import { migrate, revert } from './platform/persistence/migrate.js';

type Command = (config: Config) => Promise<void>;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

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
};

/** Runs one command on the product's databases, beside a product that may be running on them. */
async function main(name: string | undefined): Promise<void> {
  const command = COMMANDS[name ?? ''];
  if (command === undefined) {
    throw new Error(`There is no command ${name ?? ''}. There are: ${Object.keys(COMMANDS).join(', ')}.`);
  }
  const deployment = await openDeployment(readSettings(), { log: say, join: true });
  try {
    await command(deployment.config);
  } finally {
    await deployment.stop();
  }
}

await main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
