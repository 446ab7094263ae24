import { ownMigrations, readMigrations } from './migrate.ts';
import type { Queryable } from './queryable.ts';

/** Tells why the database's tables are not those of this program; undefined when they are. Rejects as the database does. */
export type SchemaCheck = () => Promise<string | undefined>;

/** SQLSTATE: a table that is not there. */
const UNDEFINED_TABLE = '42P01';

/**
 * Makes the check of a running program: are the migrations that the database has had those that the program comes with, no
 * more, no fewer, none changed? That holds from the start on (`migrate` sees to it), until another node of a newer version
 * migrates, a backup is restored underneath, or the database behind the address is another one.
 *
 * @throws DatabaseError `migrations_invalid`
 */
export async function createSchemaCheck(db: Queryable, directory: string = ownMigrations): Promise<SchemaCheck> {
  const wanted = await readMigrations(directory);
  return async () => {
    const applied = await readApplied(db);
    if (applied === undefined) return 'The database holds no tables of this program: it was replaced, or emptied.';
    const newest = wanted.at(-1)?.number ?? 0;
    const beyond = applied.findLast(({ number }) => number > newest);
    if (beyond !== undefined) {
      return `The database was migrated by a newer version of this program (${beyond.name}): this node has to be brought to that version.`;
    }
    for (const migration of wanted) {
      const row = applied.find(({ number }) => number === migration.number);
      if (row === undefined) {
        return `The database lacks the migration ${migration.name} of this program: restart this node, which applies it.`;
      }
      if (row.checksum !== migration.checksum) {
        return `The migration ${migration.name} of this program is not the one that the database has had: reinstall the program, or restore the database of its version.`;
      }
    }
    const missing = applied.find(({ number }) => wanted.every((migration) => migration.number !== number));
    return missing === undefined
      ? undefined
      : `The database has had the migration ${missing.name}, which this program does not have: reinstall the program.`;
  };
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

async function readApplied(db: Queryable): Promise<readonly AppliedMigration[] | undefined> {
  try {
    const { rows } = await db.query<AppliedMigration>(
      'select number, name, checksum from schema_migration order by number',
    );
    return rows;
  } catch (error) {
    if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return undefined;
    throw error;
  }
}
