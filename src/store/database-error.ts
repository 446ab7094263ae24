/** Why the database can't be used, one code each; every message says what happened and what to do. */
export const databaseErrorCodes = {
  /** The server behind DATABASE_URL did not answer, or refused the user or the database name. */
  database_unreachable: 'database_unreachable',
  /** DATABASE_URL is not a PostgreSQL address. */
  database_url_invalid: 'database_url_invalid',
  /** Older than PostgreSQL 15. */
  database_version_unsupported: 'database_version_unsupported',
  /** fsync, full_page_writes or synchronous_commit is off: acknowledged messages could be lost. */
  database_not_durable: 'database_not_durable',
  /** A standby, or a server that only reads. */
  database_read_only: 'database_read_only',
  /** The database's text is not UTF-8. */
  database_encoding_unsupported: 'database_encoding_unsupported',
  /** The bundled PostgreSQL has no build for this machine, or its package is not installed. */
  database_bundled_missing: 'database_bundled_missing',
  /** The bundled PostgreSQL is there but can't run here (no user to run it as, nowhere to run it from). */
  database_bundled_unusable: 'database_bundled_unusable',
  /** The data directory was written by another major version, or is not a database. */
  database_directory_unusable: 'database_directory_unusable',
  /** Another running program works on this data directory. */
  database_in_use: 'database_in_use',
  /** The bundled server ended while it was starting. */
  database_start_failed: 'database_start_failed',
  /** The folder of migrations is missing, or its files are misnamed or numbered twice. */
  migrations_invalid: 'migrations_invalid',
  /** A migration that was applied has changed since. */
  migration_changed: 'migration_changed',
  /** A migration that was not applied comes before one that was. */
  migration_out_of_order: 'migration_out_of_order',
  /** A statement of a migration failed; nothing of that migration was kept. */
  migration_failed: 'migration_failed',
  /** The database was migrated by a newer program. */
  database_newer_than_program: 'database_newer_than_program',
} as const;

/** One of {@link databaseErrorCodes}. */
export type DatabaseErrorCode = (typeof databaseErrorCodes)[keyof typeof databaseErrorCodes];

/** An error that keeps the program from its database. Its message is for a person and holds no secret and no data. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'DatabaseError';
    this.code = code;
  }
}
