// Adds to package-lock.json what a registry with few platforms leaves out. Tools come as one package per platform, named
// as optional dependencies; where a registry has not got one of them, "npm install" writes a lockfile without it, and
// "npm ci" then refuses that lockfile everywhere. Run this after changing a dependency; it changes nothing that is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFromLock } from './lib/lockfile.mjs';
import { root } from './lib/paths.mjs';

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingFromLock(lock);
for (const { name, version, os, cpu, dev } of missing) {
  if (os === undefined || cpu === undefined) throw new Error(`For which platform is ${name}? Add it by hand.`);
  lock.packages[`node_modules/${name}`] = {
    version,
    cpu: [cpu],
    ...(dev ? { dev: true } : {}),
    optional: true,
    os: [os],
  };
}
if (missing.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`${missing.length} packages of other platforms added to package-lock.json`);
