import { spawn } from 'node:child_process';
import pg from 'pg';
import { DatabaseError } from '../database-error.ts';
import type { BundledConnection } from './start-bundled-postgres.ts';
import { serverEnvironment } from './server-process.ts';
import type { ServerPlan } from './server-process.ts';
import { directoryArgument } from './server-place.ts';
import { settingArguments } from './settings.ts';

/**
 * Makes the program's role and database, or gives the role a new password, by the server's single-user mode: whoever owns
 * the files needs no password. The role is no superuser, and the superuser has no password, so nobody logs in as it.
 */
export async function provision(plan: ServerPlan, user: string, database: string, password: string): Promise<void> {
  // One statement a line; what exists already says so and changes nothing.
  const statements = [
    `CREATE ROLE ${user} LOGIN`,
    `ALTER ROLE ${user} LOGIN CREATEDB NOSUPERUSER PASSWORD '${password}'`,
    `GRANT pg_monitor TO ${user}`,
    `CREATE DATABASE ${database} OWNER ${user}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
  ];
  const single = ['--single', '-D', directoryArgument(plan.place.directory, plan.user)];
  const child = spawn(plan.files.postgres, [...single, ...settingArguments(plan.settings), 'postgres'], {
    cwd: plan.place.directory,
    env: serverEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    ...(plan.user === null ? {} : { uid: plan.user.uid, gid: plan.user.gid }),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new DatabaseError('database_start_failed', 'The bundled database could not be set up.', { cause }));
    });
    child.once('exit', () => resolve()); // whether it did its work, connecting tells
    child.stdin.on('error', () => undefined);
    child.stdin.end(statements.map((statement) => `${statement};\n`).join(''));
  });
}

/** Whether the program's role gets into its database; any other trouble than a missing role, database or password is thrown. */
export async function canConnect(connection: BundledConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the query or connect call tells
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (['28P01', '28000', '3D000', '42501'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
