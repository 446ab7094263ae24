import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const lockfile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules/.practice-studio-installed');

/** Installs the packages of the lockfile if they are not there, or are those of another lockfile. Says so on stderr. */
export function ensureInstalled() {
  const wanted = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  if (isInstalled(wanted)) return;
  console.error('Installing the packages of package-lock.json …');
  const flags = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const quiet = [...flags, '--loglevel=error'];
  // What npm says goes to stderr: a command's own output must stay clean.
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...quiet], options)
    : spawnSync('npm', quiet, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error('The packages could not be installed (see above): is the npm registry within reach?');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

function isInstalled(wanted) {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    // Installed by hand: npm's own note of what it did must be newer than the lockfile.
    const note = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
    return note !== undefined && note.mtimeMs >= statSync(lockfile).mtimeMs;
  }
}
