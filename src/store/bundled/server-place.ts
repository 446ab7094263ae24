import { chmod, chown, lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import type { ServerUser } from './server-user.ts';

/** Where everything of one bundled server lies. */
export interface ServerPlace {
  /** The database itself (PGDATA), mode 0700, of the server's user. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly lockFile: string;
  /** Beside the database, so that a copy of the database directory alone opens nothing. */
  readonly secretFile: string;
  readonly logFile: string;
}

/** Lays out the data directory around the database directory; makes the data directory (0700) when it is new. */
export async function prepareServerPlace(directory: string): Promise<ServerPlace> {
  const database = resolve(directory);
  const dataDirectory = dirname(database);
  const logs = join(dataDirectory, 'logs');
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    await mkdir(logs, { recursive: true, mode: 0o700 });
    await giveToOwnerOf(dataDirectory, logs);
  } catch (cause) {
    throw new DatabaseError(
      'database_directory_unusable',
      `The data directory ${dataDirectory} can't be made or written to by this user: choose another with --data, or mend its permissions.`,
      { cause },
    );
  }
  return {
    directory: database,
    dataDirectory,
    lockFile: `${database}.lock`,
    secretFile: `${database}.secret`,
    logFile: join(logs, 'postgres.log'),
  };
}

/** What root writes into somebody's data directory stays that somebody's, so that the program also runs without root later. */
export async function giveToOwnerOf(dataDirectory: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(dataDirectory);
  if (owner.uid !== 0) await chown(path, owner.uid, owner.gid);
}

/**
 * How the server is told its directory. As another user on Linux it is started inside it and told "where you stand": the
 * data directory, and whatever lies above it (a checkout in /root), stays closed to that user.
 */
export function directoryArgument(directory: string, user: ServerUser | null): string {
  return user !== null && process.platform === 'linux' ? '/proc/self/cwd' : directory;
}

/** Makes sure that the server's user gets to its directory where the trick above does not exist. */
export async function openTheWay(place: ServerPlace, user: ServerUser | null): Promise<void> {
  if (user === null || process.platform === 'linux') return;
  if ((await stat(place.dataDirectory)).uid === 0) await chmod(place.dataDirectory, 0o711);
  for (let path = place.dataDirectory; path !== dirname(path); path = dirname(path)) {
    const found = await stat(path);
    if (found.uid !== user.uid && (found.mode & 0o001) === 0) {
      throw new DatabaseError(
        'database_bundled_unusable',
        `PostgreSQL does not run as root, and the user ${user.name} can't get to ${place.directory} because ${path} is closed to it: choose another place with --data, start the program as an ordinary user, or set DATABASE_URL.`,
      );
    }
  }
}

/** Where the server listens. */
export interface SocketPlace {
  /** Directory of the Unix socket as clients reach it. */
  readonly host: string;
  /** The same as the server is told: short, as socket paths are limited. */
  readonly argument: string;
  dispose(): Promise<void>;
}

/** The longest path of a Unix socket, in bytes: 107 on Linux, 103 on macOS and the BSDs. */
export const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/** The database directory itself where its path is short enough; else a private one among the temporary files. */
export async function chooseSocketPlace(
  place: ServerPlace,
  user: ServerUser | null,
  port: number,
): Promise<SocketPlace> {
  if (Buffer.byteLength(join(place.directory, `.s.PGSQL.${port}`)) <= longestSocketPath) {
    return { host: place.directory, argument: '.', dispose: () => Promise.resolve() };
  }
  const roomy = Buffer.byteLength(join(tmpdir(), 'practice-studio-XXXXXX', `.s.PGSQL.${port}`)) <= longestSocketPath;
  const made = await mkdtemp(join(roomy ? tmpdir() : '/tmp', 'practice-studio-'));
  await chmod(made, 0o700);
  if (user !== null) await chown(made, user.uid, user.gid);
  return { host: made, argument: made, dispose: () => removeSocketPlace(made) };
}

/** Also removes what a killed program left: only ever a private directory of the name given above. */
export async function removeSocketPlace(path: string): Promise<void> {
  if (!/[\\/]practice-studio-[A-Za-z0-9]{6}$/.test(path)) return;
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() === true) await rm(path, { recursive: true, force: true });
}
