import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TestContext } from 'vitest';
import { findServerUser } from '../../src/store/bundled/server-user.ts';
import { quietPort } from '../support/quiet-port.ts';
import { findSystemPostgres } from '../support/system-postgres.ts';

const run = promisify(execFile);

interface RunAs {
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** A PostgreSQL server of the system's packages that can go away and come back on the same address with the same data. */
export class SystemServer {
  readonly url: string;
  readonly #programs: string;
  readonly #home: string;
  readonly #port: number;
  readonly #as: RunAs;
  #server: ChildProcess | undefined;

  private constructor(programs: string, home: string, port: number, as: RunAs) {
    this.url = `postgresql://admin:let-me-in@127.0.0.1:${port}/postgres`;
    this.#programs = programs;
    this.#home = home;
    this.#port = port;
    this.#as = as;
  }

  /** Makes one and starts it; the test is told as not run where none is installed. */
  static async start(context: TestContext): Promise<SystemServer> {
    const programs =
      (await findSystemPostgres()) ?? context.skip('no PostgreSQL of the system is installed in /usr/lib/postgresql');
    const home = await mkdtemp(join(tmpdir(), 'system-server-'));
    const user = await findServerUser(home, home);
    if (user !== null) await chown(home, user.uid, user.gid);
    const as = { cwd: home, ...(user === null ? {} : { uid: user.uid, gid: user.gid }) };
    await writeFile(join(home, 'password'), 'let-me-in');
    const options = ['-U', 'admin', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'];
    const files = [`--pwfile=${join(home, 'password')}`, '-D', join(home, 'data')];
    await run(join(programs, 'initdb'), [...options, ...files], as);
    const server = new SystemServer(programs, home, await quietPort(), as);
    await server.comeBack();
    return server;
  }

  async comeBack(): Promise<void> {
    const place = ['-p', String(this.#port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
    const program = join(this.#programs, 'postgres');
    const server = spawn(program, ['-D', join(this.#home, 'data'), ...place], { ...this.#as, stdio: 'ignore' });
    this.#server = server;
    for (;;) {
      const client = new pg.Client({ connectionString: this.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return;
      } catch (error) {
        if (server.exitCode !== null) throw error;
        await sleep(20);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  /** Stops it as an administrator in a hurry does: connections are cut, nothing is lost. */
  async goAway(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null) return;
    server.kill('SIGINT');
    await once(server, 'exit');
  }

  async remove(): Promise<void> {
    await this.goAway();
    await rm(this.#home, { recursive: true, force: true });
  }
}
