import { z } from 'zod';
import { isNetwork } from '../egress/networks.js';

const url = (schemes: readonly string[], example: string) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    message: `must be a URL like ${example}`,
  });

const postgresUrl = url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name');
const mysqlUrl = url(['mysql:', 'mariadb:'], 'mysql://user:password@host:3306');
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, {
      message: `must be from ${String(min)} to ${String(max)}`,
    });

/** Networks in CIDR notation, separated by commas. */
const networks = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isNetwork), { message: 'must be networks like 10.0.0.0/8,fd12::/16' });

/** 32 bytes in base64, optionally led by a key id: `k2:…`. Several, newest first, separated by commas. */
const keys = z
  .string()
  .regex(
    /^(?:[a-z0-9]{1,16}:)?[A-Za-z0-9+/]{43}=(?:,(?:[a-z0-9]{1,16}:)?[A-Za-z0-9+/]{43}=)*$/,
    'must be 32 bytes in base64 (openssl rand -base64 32), optionally as id:key, several separated by commas',
  );

/** Every environment variable the product reads. `.env.example` names the same keys; a test compares the two. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65535).default(3000),
  PUBLIC_URL: url(['http:', 'https:'], 'https://db.example.com').nullable().default(null),
  ALLOW_INSECURE_HTTP: flag.default(false),
  TRUST_PROXY: z.string().min(1).nullable().default(null),
  DATA_DIR: z.string().min(1).default('.data'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  ADMIN_EMAIL: z.email('must be an e-mail address').nullable().default(null),
  ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').max(72).nullable().default(null),
  MANAGEMENT_DATABASE_URL: postgresUrl.nullable().default(null),
  MANAGEMENT_MIGRATION_URL: postgresUrl.nullable().default(null),
  MANAGEMENT_POOL_SIZE: whole(2, 200).default(20),
  SANDBOX_POSTGRES_URL: postgresUrl.nullable().default(null),
  SANDBOX_MYSQL_URL: mysqlUrl.nullable().default(null),
  SANDBOX_PUBLIC_HOST: z.string().min(1).nullable().default(null),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@host:587').nullable().default(null),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>\p{C}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u,
      'must be an address, like CloudDB Manager <no-reply@example.com>',
    )
    .nullable()
    .default(null),
  MASTER_KEY: keys.nullable().default(null),
  SIGNING_KEY: keys.nullable().default(null),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').nullable().default(null),
  BCRYPT_COST: whole(4, 16).default(12),
  SESSION_HOURS: whole(1, 168).default(12),
  SESSION_IDLE_MINUTES: whole(1, 1440).default(30),
  QUERY_MAX_ROWS: whole(1, 100_000).default(1000),
  QUERY_MAX_BYTES: whole(1024, 268_435_456).default(10_485_760),
  QUERY_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  QUERY_CELL_BYTES: whole(100, 1_048_576).default(8000),
  QUERY_KEEP_ROWS: whole(1, 1_000_000).default(10_000),
  QUERY_KEEP_BYTES: whole(65_536, 536_870_912).default(33_554_432),
  QUERY_KEEP_CELL_BYTES: whole(1000, 16_777_216).default(262_144),
  QUERY_KEEP_AHEAD_MS: whole(0, 60_000).default(1000),
  QUERY_KEEP_HOURS: whole(1, 168).default(24),
  QUERY_KEEP_USER_MB: whole(1, 1_000_000).default(256),
  QUERY_KEEP_TENANT_MB: whole(1, 1_000_000).default(2048),
  QUERY_COUNT_TIMEOUT_MS: whole(100, 600_000).default(5000),
  QUERY_EXPORT_TIMEOUT_MS: whole(1000, 21_600_000).default(600_000),
  QUERY_EXPORT_CELL_BYTES: whole(1000, 268_435_456).default(16_777_216),
  EGRESS_ALLOW: networks.default([]),
  SQLITE_FOLDER: z.string().min(1).nullable().default(null),
  AUTO_STOP_MINUTES: whole(0, 525_600).default(60),
  TEMPLATE_RELOAD: flag.default(false),
});

export type Environment = z.output<typeof environmentSchema>;
