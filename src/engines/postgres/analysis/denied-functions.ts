/**
 * Functions that reach files, other sessions, other servers or the server's state, or that run SQL given as text: no
 * statement may call them, whatever else it is. Their names are matched from the beginning.
 */
const DENIED = [
  'lo_',
  'loread',
  'lowrite',
  'dblink',
  'pg_read_',
  'pg_ls_',
  'pg_stat_file',
  'pg_file_',
  'pg_advisory',
  'pg_try_advisory',
  'pg_notify',
  'pg_terminate_backend',
  'pg_cancel_backend',
  'pg_logical',
  'pg_replication',
  'pg_create_',
  'pg_drop_replication',
  'pg_copy_',
  'pg_sync_replication',
  'pg_export_snapshot',
  'pg_import_system_collations',
  'pg_reload_conf',
  'pg_rotate_logfile',
  'pg_log_',
  'pg_switch_wal',
  'pg_promote',
  'pg_wal_',
  'pg_backup_',
  'pg_start_backup',
  'pg_stop_backup',
  'pg_stat_reset',
  'pg_clear_',
  'pg_restore_',
  'pg_get_wal_',
  'pg_hba_file_rules',
  'pg_ident_file_mappings',
  'pg_show_all_file_settings',
  'pg_current_logfile',
  'pg_set_',
  'binary_upgrade_',
  'query_to_xml',
  'cursor_to_xml',
  'table_to_xml',
  'schema_to_xml',
  'database_to_xml',
  'ts_stat',
  'set_config',
] as const;

/** Denied only with a query as text in their second argument. */
const RUNS_TEXT: ReadonlySet<string> = new Set(['ts_rewrite']);

export function isDenied(name: string, argumentCount: number): boolean {
  return DENIED.some((prefix) => name.startsWith(prefix)) || (RUNS_TEXT.has(name) && argumentCount < 3);
}
