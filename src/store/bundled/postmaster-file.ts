import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running (or killed) server says of itself in its directory. */
export interface PostmasterFile {
  readonly pid: number;
  readonly socketDirectory: string;
  readonly ready: boolean;
}

const name = 'postmaster.pid';

/** Null when there is none, or it was cut short by a power cut. */
export async function readPostmasterFile(directory: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(directory, name), 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/);
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10)); // negative: a server in single-user mode
  if (!Number.isSafeInteger(pid) || pid === 0) return null;
  return { pid, socketDirectory: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

/**
 * Lets the next server see that this file is stale, where its process id was given to another process since. The file is
 * not removed: it also names the shared memory, by which the server makes sure that no child of the old one still lives.
 * A server takes its parent's id as a sign of a stale file, and its parent will be us.
 */
export async function markPostmasterFileStale(directory: string): Promise<void> {
  const path = join(directory, name);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text !== null) await writeFile(path, text.replace(/^-?\d+/, String(process.pid)));
}
