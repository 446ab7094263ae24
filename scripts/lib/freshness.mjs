import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleConfig, copies, inputs, programs } from './entries.mjs';
import { dist, root } from './paths.mjs';

const stamp = join(dist, '.built-from');

/** Whether dist/ was built from exactly the files that are there now. Takes some milliseconds. */
export function isBuilt() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/** Notes what dist/ was built from; `before` was taken when the build began. */
export function markBuilt(before) {
  writeFileSync(stamp, before);
}

/** Of names, sizes and times of change: reading the files would take longer than the rest of the start. */
export function fingerprint() {
  const hash = createHash('sha256').update(process.version.split('.')[0] ?? '');
  for (const input of inputs) add(input, hash);
  return hash.digest('hex');
}

function add(path, hash) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) {
    hash.update(`${path}\0${found.size}\0${found.mtimeMs}\n`);
    return;
  }
  for (const entry of readdirSync(join(root, path)).sort()) {
    if (entry !== 'node_modules' && entry !== 'screenshots' && !/\.test\.tsx?$/.test(entry))
      add(`${path}/${entry}`, hash);
  }
}

/** The entries that exist, as the build finds them. */
export function present() {
  const exists = (path) => statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  return {
    programs: programs.filter(({ from }) => exists(from)),
    copies: copies.filter(({ from }) => exists(from)),
    console: exists(consoleConfig),
  };
}
