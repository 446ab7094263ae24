/** Settings of the server, by PostgreSQL's names. */
export type ServerSettings = Readonly<Record<string, string>>;

/**
 * What the bundled server always runs with; given on its command line, so that no file edited by hand weakens it.
 * Chosen for one program on one machine: durable, about 130 MB, quiet about the data.
 */
export const bundledSettings: ServerSettings = {
  // Durable: an acknowledged message survives a power cut. macOS needs its own call to reach the platter.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  ...(process.platform === 'darwin' ? { wal_sync_method: 'fsync_writethrough' } : {}),
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Fewer checkpoints, fewer full pages in the log: 128 MB costs half as much again on the device. No wal_compression:
  // lz4 is not in this build.
  max_wal_size: '3GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  wal_buffers: '4MB',
  // Small: no parallel workers, no I/O workers, no replication.
  shared_buffers: '112MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  // Pages written ahead of need are changed again before they are needed: that wrote a fifth more to the device.
  bgwriter_lru_maxpages: '0',
  maintenance_work_mem: '64MB',
  autovacuum_work_mem: '16MB',
  max_connections: '40',
  max_locks_per_transaction: '256',
  io_method: 'sync',
  max_worker_processes: '2',
  max_logical_replication_workers: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  huge_pages: 'off',
  jit: 'off',
  random_page_cost: '1.1',
  // A sample of 3,000 pages tells enough of tables that are looked up by id. Looking at a page marks it, and so writes it:
  // samples ten times as large wrote a fifth of all that goes to the device.
  default_statistics_target: '10',
  // The queue table is small and turns over all the time.
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '4',
  autovacuum_naptime: '15s',
  autovacuum_vacuum_cost_limit: '1000',
  // The secret is 256 random bits: stretching it only slows connecting down.
  password_encryption: 'scram-sha-256',
  scram_iterations: '1',
  ssl: 'off',
  // The log tells of the server, never of the data: no statements, no parameters, no row values in details, and no
  // errors of statements at all (their texts quote values); those reach the program, which logs their codes.
  log_destination: 'stderr',
  logging_collector: 'off',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_min_error_statement: 'panic',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_line_prefix: '%m [%p] %b %e ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** As arguments of the server's command line. */
export function settingArguments(settings: ServerSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
