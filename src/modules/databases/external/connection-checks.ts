import { Injectable } from '@nestjs/common';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { EngineError, type EngineDriver, type LoginFacts, type Target } from '../../../engines/engine.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { RateLimits, type RateLimit } from '../../../platform/limits/rate-limits.js';
import { ExternalTargets } from './external-targets.js';
import { ENGINE_NAMES, type OpenConnection } from './external.types.js';
import { mayBeDatabasePort } from './ports.js';

export const CHECK_STEPS = ['name', 'address', 'port', 'tls', 'login', 'database', 'write login'] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

export interface CheckFailure {
  readonly step: CheckStep;
  readonly code: string;
  readonly message: string;
}

/** How far a connection came. */
export interface CheckResult {
  readonly failure: CheckFailure | null;
  readonly loginFacts: LoginFacts | null;
}

const OFTEN: RateLimit = { name: 'connection.test', times: 60, seconds: 60 };

/** Who asks for ports cannot tell by the time whether one is shut, filtered, or somebody else's. */
const PORT_MS = 3000;

const BY_CODE: Readonly<Record<string, readonly [CheckStep, string]>> = {
  tls_refused: ['tls', 'The server does not speak TLS.'],
  tls_untrusted: ['tls', 'The certificate of the server is not trusted, or it is for another name.'],
  login_failed: ['login', 'The server does not accept the user name or the password.'],
  no_such_database: ['database', 'There is no such database on the server.'],
  no_such_file: ['database', 'There is no such file in the folder for SQLite databases.'],
  too_many_connections: ['database', 'The server has no free connection for this login.'],
};

const GATE_STEPS: Readonly<Record<string, CheckStep>> = {
  host_invalid: 'name',
  name_not_found: 'name',
  address_not_allowed: 'address',
  port_invalid: 'port',
};

/** Tries a connection step by step. What a server says is not repeated: only which step failed, in our own words. */
@Injectable()
export class ConnectionChecks {
  constructor(
    private readonly targets: ExternalTargets,
    private readonly engines: EngineRegistry,
    private readonly limits: RateLimits,
  ) {}

  /** Throws `too_many_requests` for who tries out more than a person would: that is looking for open ports. */
  async countFor(tenantId: string): Promise<void> {
    await this.limits.take(OFTEN, tenantId);
  }

  async check(connection: OpenConnection): Promise<CheckResult> {
    const began = performance.now();
    const target = await this.gate(connection);
    if ('step' in target) return failed(target);
    if (connection.engine !== 'sqlite' && !(await answers(target))) {
      await sleep(Math.max(0, PORT_MS - (performance.now() - began)));
      return failed(nobodyThere(connection));
    }
    const driver = this.engines.get(connection.engine);
    try {
      return await inspect(driver, target, connection);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // A file says nothing of anybody else's machine.
      if (connection.engine === 'sqlite') return failed({ step: 'database', ...error.problem });
      if (error.problem.code !== 'connection_failed') return failed(failureOf(error));
      await sleep(Math.max(0, PORT_MS - (performance.now() - began)));
      return failed(nobodyThere(connection));
    } finally {
      await driver.forget(target);
    }
  }

  private async gate(connection: OpenConnection): Promise<Target | CheckFailure> {
    if (connection.engine !== 'sqlite' && !mayBeDatabasePort(connection.port)) {
      const message = 'This port belongs to other services: databases are registered at ports of their own.';
      return { step: 'port', code: 'port_not_allowed', message };
    }
    try {
      return await this.targets.target(connection, connection.read);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { step: GATE_STEPS[error.code] ?? 'database', code: error.code, message: error.message };
    }
  }
}

/** Logs in to read, asks what that login may do, and logs in to write where there is such a login. */
async function inspect(driver: EngineDriver, read: Target, { write }: OpenConnection): Promise<CheckResult> {
  const session = await driver.open(read, 'read');
  await session[Symbol.asyncDispose]();
  const loginFacts = (await driver.inspectLogin?.(read).catch(() => null)) ?? null;
  if (write === null) return { failure: null, loginFacts };
  const target = { ...read, ...write };
  try {
    const writing = await driver.open(target, 'write');
    await writing[Symbol.asyncDispose]();
    return { failure: null, loginFacts };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { code, message } = failureOf(error);
    return { failure: { step: 'write login', code, message }, loginFacts };
  } finally {
    await driver.forget(target);
  }
}

function failureOf({ problem: { code } }: EngineError): CheckFailure {
  const known = BY_CODE[code];
  if (known !== undefined) return { step: known[0], code, message: known[1] };
  return { step: 'database', code, message: `The server refused the connection with its code ${code}.` };
}

function nobodyThere({ engine }: OpenConnection): CheckFailure {
  return {
    step: 'port',
    code: 'connection_failed',
    message: `No ${ENGINE_NAMES[engine]} server answers at this host and port.`,
  };
}

function failed(failure: CheckFailure): CheckResult {
  return { failure, loginFacts: null };
}

/** Does anything take a connection at the pinned address? */
async function answers({ host, address = host, port }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: PORT_MS });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}
