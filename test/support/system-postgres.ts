import { execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findServerUser } from '../../src/store/bundled/server-user.ts';

const run = promisify(execFile);

/** A PostgreSQL server of the system's packages, as somebody's DATABASE_URL points to. */
export interface SystemPostgres {
  readonly url: string;
  readonly majorVersion: number;
  stop(): Promise<void>;
}

/** The newest server installed by Debian's (or a like) package; null when there is none. */
export async function findSystemPostgres(): Promise<string | null> {
  const base = '/usr/lib/postgresql';
  const versions = (await readdir(base).catch(() => [])).map(Number).filter((version) => version > 0);
  const newest = versions.toSorted((a, b) => a - b).at(-1);
  return newest === undefined ? null : join(base, String(newest), 'bin');
}

/** Starts one on a free port of the loopback address, in a temporary folder. */
export async function startSystemPostgres(programs: string, wantedPort?: number): Promise<SystemPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'system-postgres-'));
  const user = await findServerUser(home, home);
  if (user !== null) await chown(home, user.uid, user.gid);
  const as = { cwd: home, ...(user === null ? {} : { uid: user.uid, gid: user.gid }) };
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, 'let-me-in');
  const data = join(home, 'data');
  const options = ['-U', 'admin', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  await run(join(programs, 'initdb'), ['-D', data, ...options], as);
  const port = wantedPort ?? (await freePort());
  const place = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...place], { ...as, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgresql://admin:let-me-in@127.0.0.1:${port}/postgres`;
  await untilUp(url, () => server.exitCode);
  return {
    url,
    majorVersion: Number(/(\d+)\/bin$/.exec(programs)?.[1]),
    async stop() {
      server.kill('SIGINT');
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function untilUp(url: string, exitCode: () => number | null): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (exitCode() !== null) throw error;
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * A port that is free and stays so: below the range that the system takes the ports of outgoing connections from, of which
 * other tests open thousands meanwhile. For a port that is opened only some time after it was looked for.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
