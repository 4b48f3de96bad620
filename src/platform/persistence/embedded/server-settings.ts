/** Settings of a PostgreSQL server, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

/** The product's own database. */
export const MANAGEMENT_SETTINGS: ServerSettings = {
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
};

/** The server of the tenants' databases; nothing that a tenant runs may fill its log or carry data into it. */
export const SANDBOX_SETTINGS: ServerSettings = {
  max_connections: '300',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_preload_libraries: '',
  track_activities: 'on',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

const COMMON_SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  logging_collector: 'off',
  jit: 'off',
  fsync: 'on',
};

/** The arguments of `postgres`; two starts with the same plan give the same arguments. */
export function serverArguments(directory: string, port: number, settings: ServerSettings): string[] {
  const all = { ...COMMON_SETTINGS, ...settings, port: String(port) };
  return ['-D', directory, ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
}
