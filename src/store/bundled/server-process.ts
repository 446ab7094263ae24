import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';
import type { StoreLog } from '../log.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import type { ServerFiles } from './server-files.ts';
import { lastFatalLine, openServerLog, sizeOf } from './server-log.ts';
import { directoryArgument } from './server-place.ts';
import type { ServerPlace, SocketPlace } from './server-place.ts';
import { settingArguments } from './settings.ts';
import type { ServerSettings } from './settings.ts';
import type { ServerUser } from './server-user.ts';

/** What it takes to run one server. */
export interface ServerPlan {
  readonly place: ServerPlace;
  readonly files: ServerFiles;
  readonly user: ServerUser | null;
  readonly socket: SocketPlace | null;
  /** Of the loopback address where there is no Unix socket; else only part of the socket's name. */
  readonly port: number;
  readonly settings: ServerSettings;
  readonly log: StoreLog;
}

/** A server that is up. */
export interface ServerProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Settles when the process ends, however. */
  readonly exited: Promise<ServerExit>;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * Starts the server and waits until it takes connections. Recovery after a crash may take minutes: as long as the process
 * lives it is waited for, and the log says so.
 *
 * @throws DatabaseError `database_start_failed` with the server's last words.
 */
export async function startServerProcess(plan: ServerPlan, signal?: AbortSignal): Promise<ServerProcess> {
  signal?.throwIfAborted();
  const { place, user, log } = plan;
  const listen =
    plan.socket === null
      ? ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
      : ['-c', 'listen_addresses=', '-k', plan.socket.argument];
  const offset = await sizeOf(place.logFile);
  const output = await openServerLog(place);
  let child: ChildProcess;
  try {
    child = spawn(
      plan.files.postgres,
      [
        '-D',
        directoryArgument(place.directory, user),
        '-p',
        String(plan.port),
        ...listen,
        ...settingArguments(plan.settings),
      ],
      {
        cwd: place.directory,
        env: serverEnvironment(),
        stdio: ['ignore', output.fd, output.fd],
        // Away from the terminal: Ctrl-C is for the program, which stops the database last.
        detached: process.platform !== 'win32',
        windowsHide: true,
        ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
      },
    );
  } finally {
    await output.close();
  }
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, exitSignal) => resolve({ code, signal: exitSignal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const pid = child.pid;
  let ended: ServerExit | null = null;
  void exited.then((exit) => (ended = exit));
  const begun = performance.now();
  let told = 10_000;
  while (pid !== undefined && ended === null) {
    const file = await readPostmasterFile(place.directory);
    if (file?.pid === pid && file.ready) return { pid, child, exited };
    if (signal?.aborted === true) {
      child.kill('SIGQUIT');
      await exited;
      signal.throwIfAborted();
    }
    const waited = performance.now() - begun;
    if (waited > told) {
      log.info({ seconds: Math.round(waited / 1000) }, 'the database is still starting (recovery after a crash?)');
      told += 10_000;
    }
    await sleep(waited < 500 ? 5 : 50);
  }
  const exit = await exited;
  const words = await lastFatalLine(place, offset);
  const how = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
  throw new DatabaseError(
    'database_start_failed',
    `The bundled database did not start (${how}): ${words ?? 'it could not be run'}. Its log: ${place.logFile}`,
  );
}

/** What the server sees of our environment: nothing but what programs need to run; no secrets, no PG… variables. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
