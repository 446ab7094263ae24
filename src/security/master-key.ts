import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLocalWrapper, type KeyWrapper } from './key-wrapper.ts';
import { SecurityError } from './security-error.ts';

/** The environment variable that may hold the master key: 32 bytes as base64, base64url or hex. */
export const MASTER_KEY_VARIABLE = 'PRACTICE_STUDIO_MASTER_KEY';
const KEY_BYTES = 32;

export interface MasterKey {
  readonly wrapper: KeyWrapper;
  readonly origin: 'environment' | 'file';
  /** The key file; null for a key from the environment. */
  readonly path: string | null;
}

/** Where a master key may come from. */
export interface MasterKeyPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The data directory; the key file is `keys/master.key` in it. */
  readonly dataDir: string;
}

/** The names of the key files: the one in use, and its neighbours while and after it is replaced. */
export const KEY_FILES = { current: 'master.key', next: 'master.key.next', previous: 'master.key.previous' } as const;

/** The path of a key file. */
export function keyFilePath(dataDir: string, name: keyof typeof KEY_FILES = 'current'): string {
  return join(dataDir, 'keys', KEY_FILES[name]);
}

/** Reads a key from text. Throws `master_key_invalid`, which tells the place and never the text. */
export function parseMasterKey(text: string, place: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) {
    const key = Buffer.from(trimmed, 'base64');
    if (key.length === KEY_BYTES) return key;
  }
  throw new SecurityError('master_key_invalid', { detail: `It was read from ${place}.` });
}

/**
 * The master keys at hand, the likeliest first: the one of the environment alone if that is set, else the key file, then
 * the ones that an interrupted or a finished rotation left beside it. Which of them is right the database tells.
 * Throws `master_key_invalid`, `master_key_exposed`.
 */
export async function readMasterKeys(place: MasterKeyPlace): Promise<MasterKey[]> {
  const text = place.env[MASTER_KEY_VARIABLE];
  if (text !== undefined && text.trim() !== '') {
    const key = parseMasterKey(text, `the environment variable ${MASTER_KEY_VARIABLE}`);
    return [{ wrapper: createLocalWrapper(key), origin: 'environment', path: null }];
  }
  const keys: MasterKey[] = [];
  for (const name of ['current', 'next', 'previous'] as const) {
    const path = keyFilePath(place.dataDir, name);
    const key = await readKeyFile(path);
    if (key !== undefined) keys.push({ wrapper: createLocalWrapper(key), origin: 'file', path });
  }
  return keys;
}

/** Reads one key file; undefined when there is none. Throws `master_key_invalid`, `master_key_exposed`. */
export async function readKeyFile(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    // Windows has no such mode bits; there the data directory's access list decides.
    if (process.platform !== 'win32') {
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0) {
        throw new SecurityError('master_key_exposed', {
          detail: `${path} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}: run chmod 600 on it.`,
        });
      }
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseMasterKey(text, path);
}

/**
 * Makes a key file, mode 0600 in a folder of mode 0700, durably. When there is one already (another process was
 * faster), that one is kept. Answers whether this call made it.
 */
export async function createKeyFile(path: string, key: Uint8Array = randomBytes(KEY_BYTES)): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${Buffer.from(key).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A hard link appears whole or not at all, and never over an existing file.
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'EEXIST') return false;
    // Some mounted folders know no hard links; there two first starts in one instant are not told apart.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return await copyNew(draft, path);
  } finally {
    await unlink(draft);
    await syncFolder(dirname(path));
  }
}

async function copyNew(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await chmod(to, 0o600);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes `next` the key file; the one before stays as `previous`, for backups that were made under it. */
export async function swapKeyFiles(dataDir: string): Promise<void> {
  const [current, next, previous] = [
    keyFilePath(dataDir),
    keyFilePath(dataDir, 'next'),
    keyFilePath(dataDir, 'previous'),
  ];
  await rm(previous, { force: true });
  // Between these two steps there is no current file; whoever starts then finds the right key in `next`.
  await rename(current, previous).catch(ignoreMissing);
  await rename(next, current);
  await syncFolder(dirname(current));
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // cannot be opened there
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
