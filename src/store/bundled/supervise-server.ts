import { setTimeout as sleep } from 'node:timers/promises';
import { findServerFiles } from './server-files.ts';
import { rotateServerLog } from './server-log.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerExit, ServerPlan, ServerProcess } from './server-process.ts';
import { stopLeftovers, stopServer } from './stop-leftovers.ts';
import { watchOver } from './watchdog.ts';
import type { CallOff } from './watchdog.ts';

/** What happens to a server outside a start and a stop that were asked for. */
export type ServerEvent =
  | ({ readonly kind: 'exited'; readonly pid: number } & ServerExit)
  | { readonly kind: 'restarted'; readonly pid: number }
  | { readonly kind: 'restart_failed'; readonly error: unknown; readonly retryInMs: number };

export interface SupervisedServer {
  readonly pid: number;
  subscribe(listener: (event: ServerEvent) => void): () => void;
  stop(): Promise<void>;
}

const firstPauseMs = 50;
const longestPauseMs = 10_000;
/** A server that ran this long was well: the next crash starts again with the shortest pause. */
const wellAfterMs = 60_000;
const rotateEveryMs = 30_000;

/** Starts the server and keeps it up until it is stopped: a server that dies is started again, at growing intervals. */
export async function superviseServer(plan: ServerPlan, signal?: AbortSignal): Promise<SupervisedServer> {
  const supervisor = new Supervisor(plan);
  await supervisor.start(signal);
  return supervisor;
}

class Supervisor implements SupervisedServer {
  #plan: ServerPlan;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #stopped = new AbortController();
  #server: ServerProcess | null = null;
  #pid = 0;
  #watch: CallOff | null = null;
  #keeping: Promise<void> = Promise.resolve();
  #rotation: NodeJS.Timeout | null = null;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  get pid(): number {
    return this.#pid;
  }

  async start(signal?: AbortSignal): Promise<void> {
    this.#own(await this.#startFirst(signal));
    this.#rotation = setInterval(() => {
      rotateServerLog(this.#plan.place).catch((error: unknown) => {
        this.#plan.log.warn({ err: error }, "the database's log could not be put aside");
      });
    }, rotateEveryMs).unref();
    this.#keeping = this.#keepUp();
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#rotation !== null) clearInterval(this.#rotation);
    const { place, files, log } = this.#plan;
    const server = this.#server;
    if (server !== null) {
      server.child.ref();
      await stopServer(server.pid, place.directory, files.pgCtl);
    }
    await this.#keeping;
    // A server that was down, or had to be killed, may have children that are not gone yet.
    if (server === null || (await server.exited).code !== 0) await stopLeftovers(place.directory, files.pgCtl, log);
  }

  /** Children of a killed server may take a moment to be gone; where we can't see them, the new server says so. */
  async #startFirst(signal?: AbortSignal): Promise<ServerProcess> {
    for (let tries = 1; ; tries++) {
      try {
        return await startServerProcess(this.#plan, signal);
      } catch (error) {
        if (tries === 20 || !String(error).includes('pre-existing shared memory')) throw error;
        await sleep(500);
      }
    }
  }

  #own(server: ServerProcess): void {
    this.#server = server;
    this.#pid = server.pid;
    this.#watch = watchOver(server.pid);
    server.child.unref(); // the program's own work decides how long it runs
  }

  async #keepUp(): Promise<void> {
    const { log, place, user } = this.#plan;
    const stopped = this.#stopped.signal;
    let pause = firstPauseMs;
    while (this.#server !== null) {
      const { pid, exited } = this.#server;
      const since = performance.now();
      const exit = await exited;
      this.#server = null;
      this.#watch?.();
      if (stopped.aborted) return;
      log.error({ pid, ...exit }, 'the database server ended unexpectedly: starting it again');
      this.#tell({ kind: 'exited', pid, ...exit });
      if (performance.now() - since > wellAfterMs) pause = firstPauseMs;
      while (this.#server === null) {
        await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
        if (stopped.aborted) return;
        pause = Math.min(pause * 2, longestPauseMs);
        try {
          // The programs may have been moved or cleared away while the server ran.
          const files = await findServerFiles(place.dataDirectory, user);
          this.#plan = { ...this.#plan, files };
          await stopLeftovers(place.directory, files.pgCtl, log);
          const server = await startServerProcess(this.#plan, stopped);
          if (stopped.aborted) {
            await stopServer(server.pid, place.directory, files.pgCtl);
            return;
          }
          this.#own(server);
        } catch (error) {
          if (stopped.aborted) return;
          log.error({ err: error, retryInMs: pause }, 'the database server could not be started again: trying on');
          this.#tell({ kind: 'restart_failed', error, retryInMs: pause });
        }
      }
      log.warn({ pid: this.#pid }, 'the database server is up again');
      this.#tell({ kind: 'restarted', pid: this.#pid });
    }
  }

  #tell(event: ServerEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#plan.log.error({ err: error }, "a listener to the database server's events failed"); // the watch goes on
      }
    }
  }
}
