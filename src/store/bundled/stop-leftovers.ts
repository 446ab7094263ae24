import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { StoreLog } from '../log.ts';
import { markPostmasterFileStale, readPostmasterFile } from './postmaster-file.ts';
import { endProcesses, identifyProcess, isServerOf, serverProcessesOf } from './process-identity.ts';
import { removeSocketPlace } from './server-place.ts';

const run = promisify(execFile);

/** How long a server may take to stop: it writes what it has in memory first. */
const fastStopMs = 60_000;
const immediateStopMs = 5_000;

/**
 * Makes a database directory ready for a new server after a program was killed: stops the server that it left behind,
 * waits for the children of one that was killed itself, and clears stale files. Never called while a living program holds
 * the directory. It stops instead of adopting: what the dead program had in flight ends here, and settings, version
 * and log of the new server are the ones of this program.
 */
export async function stopLeftovers(directory: string, pgCtl: string, log: StoreLog): Promise<void> {
  const left = await readPostmasterFile(directory);
  if (left !== null && left.pid !== process.pid && (await isServerOf(left.pid, directory))) {
    log.warn({ pid: left.pid }, 'stopping the database server that a killed program left behind');
    await stopServer(left.pid, directory, pgCtl);
  }
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const orphans = await serverProcessesOf(directory);
    if (orphans.length === 0) break;
    log.warn({ pids: orphans, signal }, 'ending processes of a database server that was killed');
    await endProcesses(orphans, signal);
  }
  if (left !== null) await removeSocketPlace(left.socketDirectory);
  await markPostmasterFileStale(directory);
  for (const name of await readdir(directory)) {
    if (name.startsWith('.s.PGSQL.')) await rm(join(directory, name), { force: true });
  }
}

/** Stops a server in the gentlest way that works: fast, then immediate, then by force. */
export async function stopServer(pid: number, directory: string, pgCtl: string): Promise<void> {
  const identity = await identifyProcess(pid);
  if (identity === null) return;
  const gone = async (): Promise<boolean> => (await identifyProcess(pid)) !== identity;
  if (process.platform === 'win32') {
    // A signal would end the server there and then; pg_ctl asks it to stop.
    await run(pgCtl, ['stop', '-D', directory, '-m', 'fast', '-t', String(fastStopMs / 1000)]).catch(() => undefined);
    if (await gone()) return;
  } else {
    send(pid, 'SIGINT');
    if (await until(gone, fastStopMs)) return;
    send(pid, 'SIGQUIT');
    if (await until(gone, immediateStopMs)) return;
  }
  send(pid, 'SIGKILL');
  await until(gone, immediateStopMs);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

async function until(done: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (;;) {
    if (await done()) return true;
    if (performance.now() > end) return false;
    await sleep(10);
  }
}
