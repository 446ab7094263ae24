import { copyFile, open, rename, rm, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { giveToOwnerOf } from './server-place.ts';
import type { ServerPlace } from './server-place.ts';

/** Size at which the log is put aside; with one older file kept, the logs never take more than twice this. */
export const largestLogBytes = 8 * 1024 * 1024;

/** The file that the server writes its log to, opened for appending; it outlives the program, so a pipe would not do. */
export async function openServerLog(place: ServerPlace): Promise<FileHandle> {
  if ((await sizeOf(place.logFile)) > largestLogBytes) await rename(place.logFile, `${place.logFile}.1`);
  const file = await open(place.logFile, 'a', 0o600);
  await giveToOwnerOf(place.dataDirectory, place.logFile);
  return file;
}

/** Puts the log aside while the server keeps writing to it: it appends, so the emptied file starts anew. */
export async function rotateServerLog(place: ServerPlace): Promise<void> {
  if ((await sizeOf(place.logFile)) <= largestLogBytes) return;
  const older = `${place.logFile}.1`;
  await rm(older, { force: true });
  await copyFile(place.logFile, older);
  await giveToOwnerOf(place.dataDirectory, older);
  await truncate(place.logFile, 0);
}

/** The server's last words since `offset`, for the message of a failed start. */
export async function lastFatalLine(place: ServerPlace, offset: number): Promise<string | null> {
  const file = await open(place.logFile, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64 * 1024), position: offset });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    const words = lines.findLast((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.findLast((line) => line !== '');
    return words?.replace(/^.*?\b(?:FATAL|PANIC):\s*/, '') ?? null;
  } finally {
    await file.close();
  }
}

/** Bytes in the log so far. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
