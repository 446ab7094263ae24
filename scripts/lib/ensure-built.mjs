import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBuilt } from './freshness.mjs';
import { dist, root } from './paths.mjs';

const lock = join(dist, '.building');

/** Builds dist/ if something changed since it was built. Of several programs that find it stale, one builds. */
export async function ensureBuilt() {
  if (isBuilt() || isShipped()) return;
  mkdirSync(dist, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isLeftOver()) rmSync(lock, { force: true });
      else await sleep(50);
    }
  }
  try {
    if (isBuilt()) return;
    console.error('Building …');
    const { build } = await import('../build.mjs');
    await build();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A build that came without the tools to make it is taken as it is. */
function isShipped() {
  if (statSync(join(dist, 'cli.js'), { throwIfNoEntry: false }) === undefined) return false;
  try {
    createRequire(join(root, 'package.json')).resolve('esbuild');
    return false;
  } catch {
    return true;
  }
}

function isLeftOver() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs > 10_000; // made, but its owner not yet noted
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
