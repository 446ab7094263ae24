import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';
import type { StoreLog } from '../log.ts';
import { endProcesses, serverProcessesOf } from './process-identity.ts';
import type { ServerFiles } from './server-files.ts';
import { directoryArgument, giveToOwnerOf } from './server-place.ts';
import type { ServerPlace } from './server-place.ts';
import { serverEnvironment } from './server-process.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** Whether the database exists; checks that this program's server can read it. */
export async function isInitialized(place: ServerPlace, files: ServerFiles): Promise<boolean> {
  const found = await stat(place.directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unusable(place, 'this user may not read it', error);
  });
  if (found === null) return false;
  const version = await readFile(join(place.directory, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') throw unusable(place, 'it belongs to another user', error);
    throw unusable(place, 'it is not a database of PostgreSQL', error);
  });
  if (version.trim() === files.majorVersion) return true;
  throw unusable(place, `it was written by PostgreSQL ${version.trim()}, and this is ${files.majorVersion}`);
}

/** Makes a new, empty database. It appears under its name only when it is whole, so a start that is cut short leaves nothing behind. */
export async function initialize(place: ServerPlace, files: ServerFiles, user: ServerUser | null): Promise<void> {
  // A name of its own: an initdb that a killed program left behind may still be writing into the last one.
  const draft = `${place.directory}${draftMark}${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  if (user !== null) await chown(draft, user.uid, user.gid);
  const options = ['-U', 'postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin'];
  const more = ['--builtin-locale=C.UTF-8', '--auth=reject', '--no-instructions', '--set', 'scram_iterations=1'];
  try {
    await run(files.initdb, ['-D', directoryArgument(draft, user), ...options, ...more], {
      cwd: draft,
      env: serverEnvironment(),
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    });
  } catch (cause) {
    const said = ((cause as { stderr?: string }).stderr ?? '').trim();
    throw new DatabaseError(
      'database_start_failed',
      `A new database could not be made in ${place.dataDirectory}: ${said.split('\n').at(-1) ?? 'initdb failed'}`,
      { cause },
    );
  }
  // Only with the secret, only on the socket or the loopback.
  const rules = ['local', 'host', 'host'].map((type, at) => `${type} all all ${addresses[at] ?? ''} scram-sha-256\n`);
  await writeDurably(join(draft, 'pg_hba.conf'), rules.join(''));
  await rename(draft, place.directory);
  await syncDirectory(place.dataDirectory);
}

/** Removes what first starts that were cut short left, with the processes that may still be at work in it. */
export async function removeDrafts(place: ServerPlace, log: StoreLog): Promise<void> {
  const prefix = `${basename(place.directory)}${draftMark}`;
  for (const name of await readdir(place.dataDirectory)) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(place.dataDirectory, name);
    try {
      await endProcesses(await serverProcessesOf(draft), 'SIGKILL');
      await rm(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch (error) {
      log.warn({ err: error, draft }, 'an unfinished database could not be removed'); // it is in nobody's way
    }
  }
}

const draftMark = '.new-';
const addresses = ['', '127.0.0.1/32', '::1/128'];

/** The random secret of this database, made at the first start, in a file that only the program's user reads. */
export async function readSecret(place: ServerPlace): Promise<string> {
  const found = await readFile(place.secretFile, 'utf8').catch(() => '');
  if (found.trim() !== '') return found.trim();
  const secret = randomBytes(32).toString('base64url');
  await writeDurably(place.secretFile, `${secret}\n`);
  await giveToOwnerOf(place.dataDirectory, place.secretFile);
  return secret;
}

/** The password of a role, derived from the secret: letters, digits, `-` and `_`. */
export function passwordOf(role: string, secret: string): string {
  return createHmac('sha256', secret).update(`bundled database role ${role}`).digest('base64url');
}

/** Survives a power cut: what is renamed after it must not turn out to be empty. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function unusable(place: ServerPlace, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    'database_directory_unusable',
    `The database in ${place.directory} can't be used: ${why}. Nothing in it was changed.`,
    { cause },
  );
}
