import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { touchesLoopback } from '../egress/networks.js';
import { environmentSchema, type Environment } from './config.schema.js';

const MB = 1_048_576;

/** Injection token of the complete, frozen configuration. */
export const CONFIG = Symbol('CONFIG');

/** The settings as they were given: what may be left out is null. */
export interface Settings {
  readonly environment: Environment['NODE_ENV'];
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Where people reach the product; absent means the address it listens on. */
    readonly publicUrl: string | null;
    readonly allowInsecure: boolean;
    readonly trustProxy: string | null;
    readonly reloadTemplates: boolean;
  };
  readonly dataDir: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly admin: { readonly email: string | null; readonly password: string | null };
  readonly management: {
    /** Absent means the embedded cluster. */
    readonly url: string | null;
    readonly migrationUrl: string | null;
    readonly poolSize: number;
  };
  readonly sandbox: {
    readonly postgresUrl: string | null;
    /** Without one there are no sandboxes on MySQL. */
    readonly mysqlUrl: string | null;
    readonly publicHost: string | null;
  };
  /** Without a server mails stay in the data folder, where they can be read. */
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
  readonly masterKeys: string | null;
  readonly signingKeys: string | null;
  readonly metricsToken: string | null;
  readonly auth: { readonly bcryptCost: number; readonly sessionHours: number; readonly idleMinutes: number };
  readonly queries: {
    readonly maxRows: number;
    readonly maxBytes: number;
    readonly timeoutMs: number;
    readonly maxCellBytes: number;
    /** What is kept of a result so that showing more of it needs no second run. */
    readonly keep: {
      readonly rows: number;
      /** Of one run. */
      readonly bytes: number;
      readonly cellBytes: number;
      /** How long is read on, once what a page shows has arrived. */
      readonly aheadMs: number;
      readonly hours: number;
      readonly userBytes: number;
      readonly tenantBytes: number;
    };
    readonly countTimeoutMs: number;
    readonly export: { readonly timeoutMs: number; readonly maxCellBytes: number };
  };
  /** Networks beside the public ones that people's connections may go to. */
  readonly egress: { readonly allow: readonly string[] };
  /** Where SQLite files may lie; absent switches that engine off. */
  readonly sqlite: { readonly folder: string | null };
  /** Zero switches auto-stop off for new databases. */
  readonly autoStopMinutes: number;
}

/** The settings with everything filled in that the embedded servers and the data folder provide. */
export interface Config extends Settings {
  readonly management: { readonly url: string; readonly migrationUrl: string; readonly poolSize: number };
  readonly sandbox: Settings['sandbox'] & { readonly postgresUrl: string };
  readonly masterKeys: string;
  readonly signingKeys: string;
}

/** What `Config` has and `Settings` may lack. */
export type Provided = Pick<Config, 'management' | 'sandbox' | 'masterKeys' | 'signingKeys'>;

/** Everything that is wrong with the environment, in one error. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks the environment; throws ConfigError with every problem at once. */
export function readSettings(source: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = parsed.success
    ? relations(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return freeze(toSettings(parsed.data));
}

/** Rules between settings, which no single key can state. */
function relations(env: Environment): string[] {
  const problems = env.MANAGEMENT_DATABASE_URL === null ? embeddedRules(env) : ownServerRules(env);
  problems.push(...mailRules(env));
  if ((env.ADMIN_EMAIL === null) !== (env.ADMIN_PASSWORD === null)) {
    problems.push('ADMIN_EMAIL, ADMIN_PASSWORD: set both, or neither to have a one-time password printed');
  }
  if (env.NODE_ENV === 'production' && env.EGRESS_ALLOW.some(touchesLoopback)) {
    problems.push(
      'EGRESS_ALLOW: contains addresses of this machine itself, which is for tests and development only',
    );
  }
  const encrypted = env.PUBLIC_URL?.startsWith('https://') === true;
  if (!isLoopback(env.HOST) && !env.ALLOW_INSECURE_HTTP && !encrypted) {
    problems.push(
      'HOST: plain HTTP is served only on a loopback address; put TLS in front and say so with PUBLIC_URL=https://…, or set ALLOW_INSECURE_HTTP=1',
    );
  }
  return problems;
}

function mailRules({ SMTP_URL: server, MAIL_FROM: from }: Environment): string[] {
  return server === null || from !== null
    ? []
    : ['MAIL_FROM: needed beside SMTP_URL; it is the address that mails come from'];
}

function embeddedRules(env: Environment): string[] {
  return env.MANAGEMENT_MIGRATION_URL === null
    ? []
    : ['MANAGEMENT_MIGRATION_URL: has no meaning without MANAGEMENT_DATABASE_URL'];
}

function ownServerRules(env: Environment): string[] {
  const problems: string[] = [];
  if (env.MASTER_KEY === null) problems.push(`MASTER_KEY: ${needed('encrypts the stored secrets')}`);
  if (env.SIGNING_KEY === null) problems.push(`SIGNING_KEY: ${needed('signs sessions and checkpoints')}`);
  if (env.SANDBOX_POSTGRES_URL === null) {
    problems.push(
      'SANDBOX_POSTGRES_URL: needed beside MANAGEMENT_DATABASE_URL; sandboxes live on another server',
    );
  }
  return problems;
}

function needed(what: string): string {
  return `needed with your own database URLs: it ${what} and is never made up for them (openssl rand -base64 32)`;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function sandboxSettings(env: Environment): Settings['sandbox'] {
  return {
    postgresUrl: env.SANDBOX_POSTGRES_URL,
    mysqlUrl: env.SANDBOX_MYSQL_URL,
    publicHost: env.SANDBOX_PUBLIC_HOST,
  };
}

function toSettings(env: Environment): Settings {
  return {
    environment: env.NODE_ENV,
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL,
      allowInsecure: env.ALLOW_INSECURE_HTTP,
      trustProxy: env.TRUST_PROXY,
      reloadTemplates: env.TEMPLATE_RELOAD,
    },
    dataDir: resolve(env.DATA_DIR),
    logLevel: env.LOG_LEVEL,
    admin: { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD },
    management: {
      url: env.MANAGEMENT_DATABASE_URL,
      migrationUrl: env.MANAGEMENT_MIGRATION_URL,
      poolSize: env.MANAGEMENT_POOL_SIZE,
    },
    sandbox: sandboxSettings(env),
    mail: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM ?? 'CloudDB Manager <no-reply@localhost>' },
    masterKeys: env.MASTER_KEY,
    signingKeys: env.SIGNING_KEY,
    metricsToken: env.METRICS_TOKEN,
    auth: {
      bcryptCost: env.BCRYPT_COST,
      sessionHours: env.SESSION_HOURS,
      idleMinutes: env.SESSION_IDLE_MINUTES,
    },
    queries: queriesOf(env),
    egress: { allow: env.EGRESS_ALLOW },
    sqlite: { folder: env.SQLITE_FOLDER === null ? null : resolve(env.SQLITE_FOLDER) },
    autoStopMinutes: env.AUTO_STOP_MINUTES,
  };
}

function queriesOf(env: Environment): Settings['queries'] {
  return {
    maxRows: env.QUERY_MAX_ROWS,
    maxBytes: env.QUERY_MAX_BYTES,
    timeoutMs: env.QUERY_TIMEOUT_MS,
    maxCellBytes: env.QUERY_CELL_BYTES,
    keep: {
      rows: env.QUERY_KEEP_ROWS,
      bytes: env.QUERY_KEEP_BYTES,
      cellBytes: env.QUERY_KEEP_CELL_BYTES,
      aheadMs: env.QUERY_KEEP_AHEAD_MS,
      hours: env.QUERY_KEEP_HOURS,
      userBytes: env.QUERY_KEEP_USER_MB * MB,
      tenantBytes: env.QUERY_KEEP_TENANT_MB * MB,
    },
    countTimeoutMs: env.QUERY_COUNT_TIMEOUT_MS,
    export: { timeoutMs: env.QUERY_EXPORT_TIMEOUT_MS, maxCellBytes: env.QUERY_EXPORT_CELL_BYTES },
  };
}

/** Settings plus what the embedded servers gave; frozen like the settings. */
export function completeConfig(settings: Settings, provided: Provided): Config {
  return freeze({ ...settings, ...provided });
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) freeze(inner as object);
  }
  return Object.freeze(value);
}
