import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';

const run = promisify(execFile);

/** The user that the server runs as when the program itself is root, which PostgreSQL refuses. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** From the one made for it to the one that every system has. */
const candidates = ['practice-studio', 'postgres', '_postgres', 'nobody'];

/**
 * Null when the program is not root: the server then runs as the same user. As root: the owner of the database, if there
 * is one already; else the owner of the data directory; else the first unprivileged user known to this machine.
 *
 * @throws DatabaseError `database_bundled_unusable` when the machine has none.
 */
export async function findServerUser(directory: string, dataDirectory: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const place of [directory, dataDirectory]) {
    const owner = await stat(place).catch(() => null);
    if (owner === null || owner.uid === 0) continue;
    const user = await lookUp(String(owner.uid));
    if (user !== null) return user;
  }
  for (const name of candidates) {
    const user = await lookUp(name);
    if (user !== null && user.uid !== 0) return user;
  }
  throw new DatabaseError(
    'database_bundled_unusable',
    'PostgreSQL does not run as root, and this machine has no unprivileged user to run it as: add one (for example "useradd --system practice-studio"), start the program as an ordinary user, or set DATABASE_URL.',
  );
}

async function lookUp(nameOrId: string): Promise<ServerUser | null> {
  const ask = async (flag: string): Promise<string> => (await run('id', [flag, nameOrId])).stdout.trim();
  try {
    const [uid, gid, name] = await Promise.all([ask('-u'), ask('-g'), ask('-un')]);
    // initdb wants a name: a bare number, as in some containers, has none
    return /^\d+$/.test(name) ? null : { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return null;
  }
}
