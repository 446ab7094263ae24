import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The checkout's folder. */
export const checkout = join(import.meta.dirname, '../..');

/** Text of a file, by its path from the checkout with forward slashes. */
export function readText(path: string): string {
  return readFileSync(join(checkout, path), 'utf8');
}

/** Every file below a folder whose name matches, as paths from the checkout; none where the folder is missing. */
export function filesBelow(folder: string, name: RegExp): string[] {
  if (statSync(join(checkout, folder), { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(join(checkout, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path, name);
    return name.test(entry.name) ? [path] : [];
  });
}

/** The files that git knows; those on the disk where the program came without git. */
export function trackedFiles(): string[] {
  try {
    const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: checkout,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return list.split('\0').filter((path) => path !== '' && statSync(join(checkout, path), { throwIfNoEntry: false }));
  } catch {
    const folders = ['src', 'simulator', 'console', 'test', 'bench', 'scripts', 'bin', 'docs', '.ci'];
    return folders.flatMap((folder) => filesBelow(folder, /./));
  }
}
