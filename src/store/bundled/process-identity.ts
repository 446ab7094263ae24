import { execFile } from 'node:child_process';
import { readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Tells which process bears a process id, so that a number that was given to another process since is not mistaken for
 * it. Null when no such process lives (a zombie does not).
 */
export async function identifyProcess(pid: number): Promise<string | null> {
  if (!exists(pid)) return null;
  if (process.platform === 'linux') {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    ]);
    // The command's name stands in brackets and may hold anything; the fields after it are numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0] ?? '';
    if (stat === '' || state === 'Z' || state === 'X') return null;
    return `${boot.trim()}:${fields[19] ?? ''}`;
  }
  if (process.platform === 'win32') return 'alive';
  const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  const [state, ...started] = stdout.trim().split(/\s+/);
  if (state === undefined || state === '' || state.startsWith('Z')) return null;
  return started.join(' ');
}

/** Whether the process is the main server process of this database directory. */
export async function isServerOf(pid: number, directory: string): Promise<boolean> {
  if ((await identifyProcess(pid)) === null) return false;
  if (process.platform === 'linux') return worksIn(pid, await realpath(directory));
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/FI', `PID eq ${pid}`, '/NH']).catch(() => ({ stdout: '' }));
    return stdout.toLowerCase().includes('postgres.exe');
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(directory);
}

/**
 * Every process of a server on this database directory, children of a killed one included. Only Linux can tell; elsewhere
 * the list is empty and PostgreSQL's own check of the shared memory has to do.
 */
export async function serverProcessesOf(directory: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const place = await realpath(directory);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await worksIn(pid, place)) ? pid : null)));
  return found.filter((pid) => pid !== null);
}

/** Sends a signal to each process, and waits a little until they are gone. */
export async function endProcesses(pids: readonly number[], signal: NodeJS.Signals): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone already
    }
  }
  const end = performance.now() + 3_000;
  for (const pid of pids) {
    while ((await identifyProcess(pid)) !== null && performance.now() < end) await sleep(10);
  }
}

async function worksIn(pid: number, place: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== place) return false;
    // After an upgrade of the package the program's file is another one: "…/postgres (deleted)".
    return /^(?:postgres|initdb)\b/.test(basename(await readlink(`/proc/${pid}/exe`)));
  } catch {
    return false; // gone meanwhile, or another user's
  }
}

function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
