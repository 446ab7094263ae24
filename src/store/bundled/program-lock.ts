import { randomUUID } from 'node:crypto';
import { link, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import { identifyProcess } from './process-identity.ts';

/** Who holds the data directory, and where its database listens once it does. */
export interface LockHolder {
  readonly pid: number;
  readonly identity: string;
  readonly token: string;
  readonly host?: string;
  readonly port?: number;
}

export interface ProgramLock {
  /** Tells other commands of the same user where the database listens. */
  publish(place: { readonly host: string; readonly port: number }): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock file for this process. A lock whose process died, or whose number another process bears now, is taken over.
 *
 * @throws DatabaseError `database_in_use` when a living program holds it.
 */
export async function acquireProgramLock(path: string): Promise<ProgramLock> {
  const mine: LockHolder = {
    pid: process.pid,
    identity: (await identifyProcess(process.pid)) ?? '',
    token: randomUUID(),
  };
  const draft = `${path}.${process.pid}-${mine.token}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (;;) {
      try {
        await link(draft, path); // atomic: the file appears with its content, or somebody else's is there
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const before = await readText(path);
      if (before === null) continue;
      const holder = await livingHolder(before);
      if (holder !== null) throw inUse(path, holder);
      await removeStale(path, before, `${draft}.stale`);
    }
  } finally {
    await rm(draft, { force: true });
  }
  await removeDrafts(path);
  return {
    async publish(place) {
      await writeFile(draft, JSON.stringify({ ...mine, ...place }), { mode: 0o600 });
      await rename(draft, path);
    },
    async release() {
      if (parseHolder(await readText(path))?.token === mine.token) await rm(path, { force: true });
    },
  };
}

/** The living program that holds the lock, or null. */
export async function readProgramLock(path: string): Promise<LockHolder | null> {
  const text = await readText(path);
  return text === null ? null : livingHolder(text);
}

/** Moves the stale file aside first: of two programs that find it, only one moves the very file that it judged. */
async function removeStale(path: string, judged: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readText(aside)) !== judged) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Removes what programs left that were killed while they took the lock; their names hold their process ids. */
async function removeDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && (await identifyProcess(pid)) === null)
      await rm(join(dirname(path), name), { force: true });
  }
}

async function livingHolder(text: string): Promise<LockHolder | null> {
  const holder = parseHolder(text);
  if (holder === null) return null;
  return (await identifyProcess(holder.pid)) === holder.identity ? holder : null;
}

function parseHolder(text: string | null): LockHolder | null {
  try {
    const value = JSON.parse(text ?? '') as LockHolder;
    return typeof value.pid === 'number' && typeof value.identity === 'string' ? value : null;
  } catch {
    return null; // a lock that was being written when the machine stopped
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function inUse(path: string, holder: LockHolder): DatabaseError {
  return new DatabaseError(
    'database_in_use',
    `Another Practice Studio (process ${holder.pid}) is running on this data directory: stop it, or choose another with --data. (Lock: ${path})`,
  );
}
