import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app.js';
import { FirstStartService, type FirstAdmin } from './modules/auth/first-start.service.js';
import { SandboxServersService } from './modules/databases/sandbox-servers.service.js';
import { ConfigError, readSettings, type Config, type Settings } from './platform/config/config.js';
import { Drain } from './platform/http/drain.js';
import { prepareQueue } from './platform/jobs/queue.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { openDeployment, type Deployment } from './platform/persistence/embedded/embedded-config.js';
import { migrate } from './platform/persistence/migrate.js';
import { KeyCheck } from './platform/sealing/key-check.js';

const DRAIN_MS = 8000;
const STOP_MS = 9500;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function start(settings: Settings, logger: Logger): Promise<void> {
  const deployment = await openDeployment(settings, { log: say });
  try {
    const { config } = deployment;
    const { migrationUrl, url: applicationUrl } = config.management;
    await migrate({ migrationUrl, applicationUrl, prepare: prepareQueue });
    const app = await createApp(config, logger);
    await app.get(KeyCheck).verify();
    await app.get(SandboxServersService).ensureSeeded();
    const admin = await app.get(FirstStartService).run();
    await app.listen(config.http.port, config.http.host);
    stopOnSignals(app, deployment, logger);
    announce(await app.getUrl(), config, admin);
  } catch (error) {
    await deployment.stop();
    throw error;
  }
}

function announce(url: string, config: Config, admin: FirstAdmin | undefined): void {
  if (admin !== undefined) {
    say('');
    say(`  Sign in as  ${admin.email}`);
    say(`  password    ${admin.password ?? '(the one in ADMIN_PASSWORD)'}`);
    if (admin.password !== null) say('              shown only this once');
  }
  say('');
  say(`  CloudDB Manager is ready at ${config.http.publicUrl ?? url}`);
  say('');
  if (config.http.allowInsecure)
    say('  Plain HTTP is allowed on a network: passwords and data can be read on the way.');
}

/** Drains for 8 seconds, then cancels what still runs; a second signal or 9.5 seconds end it at once. */
function stopOnSignals(app: NestFastifyApplication, deployment: Deployment, logger: Logger): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    const server = app.getHttpServer();
    server.close();
    server.closeIdleConnections();
    await app.get(Drain).run(DRAIN_MS);
    await app.close();
    await deployment.stop();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    say(`  ${signal}: finishing what is under way`);
    setTimeout(() => void deployment.stop().finally(() => process.exit(1)), STOP_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'The process did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

async function main(): Promise<void> {
  try {
    const settings = readSettings();
    await start(settings, createLogger(settings.logLevel));
  } catch (error) {
    const text =
      error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text ?? ''}\n`);
    process.exit(1);
  }
}

await main();
