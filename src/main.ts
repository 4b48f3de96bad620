import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app.js';
import { FirstStartService, type FirstAdmin } from './modules/auth/first-start.service.js';
import { SandboxServersService } from './modules/databases/sandbox-servers.service.js';
import { ConfigError, readSettings, type Config, type Settings } from './platform/config/config.js';
import { Drain } from './platform/http/drain.js';
import { prepareQueue } from './platform/jobs/queue.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { AlreadyRunningError } from './platform/persistence/embedded/instance-lock.js';
import { openDeployment, type Deployment } from './platform/persistence/embedded/embedded-config.js';
import { migrate } from './platform/persistence/migrate.js';
import { KeyCheck } from './platform/sealing/key-check.js';

const DRAIN_MS = 8000;
const STOP_MS = 9500;
/** A terminal signals the whole group, and npm and the launcher pass the signal on: that is still one wish. */
const SAME_SIGNAL_MS = 1000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** What has been started so far and must be stopped again. */
interface Started {
  readonly deployment: Promise<Deployment>;
  app: NestFastifyApplication | undefined;
  stopping: boolean;
}

async function start(settings: Settings, logger: Logger): Promise<void> {
  const opening = openDeployment(settings, { log: say });
  const started: Started = { deployment: opening, app: undefined, stopping: false };
  stopOnSignals(started, logger);
  const deployment = await opening;
  try {
    const { config } = deployment;
    const { migrationUrl, url: applicationUrl } = config.management;
    await migrate({ migrationUrl, applicationUrl, prepare: prepareQueue });
    const app = await createApp(config, logger);
    await app.get(KeyCheck).verify();
    await app.get(SandboxServersService).ensureSeeded();
    const admin = await app.get(FirstStartService).run();
    await app.listen(config.http.port, config.http.host);
    started.app = app;
    announce(await app.getUrl(), config, admin);
  } catch (error) {
    if (started.stopping) return; // its servers were taken away from under the start
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
function stopOnSignals(started: Started, logger: Logger): void {
  let since: number | undefined;
  const onSignal = (cause: string): void => {
    if (since !== undefined && performance.now() - since > SAME_SIGNAL_MS) process.exit(1);
    if (since !== undefined) return;
    since = performance.now();
    started.stopping = true;
    say(`  ${cause}: finishing what is under way`);
    setTimeout(() => void stopServers(started).finally(() => process.exit(1)), STOP_MS).unref();
    stop(started).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'The process did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal);
  // The launcher cannot pass on the signal that kills it, but its end closes the channel.
  process.once('disconnect', () => {
    onSignal('The launcher is gone');
  });
}

async function stop(started: Started): Promise<void> {
  const { app } = started;
  if (app !== undefined) {
    const server = app.getHttpServer();
    server.close();
    server.closeIdleConnections();
    await app.get(Drain).run(DRAIN_MS);
    await app.close();
  }
  await stopServers(started);
}

async function stopServers(started: Started): Promise<void> {
  const deployment = await started.deployment.catch(() => undefined);
  await deployment?.stop();
}

/** A sentence where the reader can act on it, and the whole stack where somebody has to look for the cause. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof AlreadyRunningError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}\nAnother program has this port: choose one with PORT.`;
  return error.stack ?? error.message;
}

async function main(): Promise<void> {
  try {
    const settings = readSettings();
    await start(settings, createLogger(settings.logLevel));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

await main();
