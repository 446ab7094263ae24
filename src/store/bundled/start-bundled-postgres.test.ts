import { execFileSync, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess, serverProcessesOf } from './process-identity.ts';
import { startBundledPostgres, findRunningPostgres } from './start-bundled-postgres.ts';
import type { BundledConnection, BundledPostgres } from './start-bundled-postgres.ts';
import type { ServerEvent } from './supervise-server.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const asRoot = process.getuid?.() === 0;

let pristine: string;
let home: string;
let directory: string;
const running: BundledPostgres[] = [];

beforeAll(async () => {
  pristine = await mkdtemp(join(tmpdir(), 'bundled-'));
  const server = await startBundledPostgres({ directory: join(pristine, 'data', 'postgres'), log: quiet });
  await server.stop();
});

afterAll(() => rm(pristine, { recursive: true, force: true }));

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bundled-'));
  directory = join(home, 'data', 'postgres');
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await rm(home, { recursive: true, force: true });
});

async function start(place = directory): Promise<BundledPostgres> {
  const server = await startBundledPostgres({ directory: place, log: quiet });
  running.push(server);
  return server;
}

/** A data directory that has been started before; copying one is quicker than making one. */
function reuse(): void {
  execFileSync('cp', ['-a', join(pristine, 'data'), home]);
}

async function ask(connection: BundledConnection, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ ...connection });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const writeNote = ['CREATE TABLE note (text text)', "INSERT INTO note VALUES ('kept')"];
const readNote = 'SELECT text FROM note';
const kept = [{ text: 'kept' }];

describe('startBundledPostgres', () => {
  it('makes a private database at the first start and finds it again at the second', async () => {
    const first = await start();
    await ask(first.connection, ...writeNote);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'data'))).mode & 0o777).toBe(0o700);
    expect((await stat(`${directory}.secret`)).mode & 0o777).toBe(0o600);
    await first.stop();
    expect(await identifyProcess(first.pid)).toBeNull();
    const second = await start();
    expect(await ask(second.connection, readNote)).toEqual(kept);
  });

  it('runs durable, in UTF-8, off the network, and lets the program in as no superuser', async () => {
    reuse();
    const { connection } = await start();
    const settings = ['fsync', 'full_page_writes', 'synchronous_commit', 'ssl', 'listen_addresses', 'server_encoding'];
    const columns = settings.map((name) => `current_setting('${name}') AS ${name}`).join();
    const role = '(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser';
    expect(await ask(connection, `SELECT ${columns}, ${role}, 'ÄÖß' < 'z' AS by_code_point`)).toEqual([
      {
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        ssl: 'off',
        listen_addresses: '',
        server_encoding: 'UTF8',
        superuser: false,
        by_code_point: false,
      },
    ]);
    await expect(ask({ ...connection, password: 'guessed' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(ask({ ...connection, user: 'postgres' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('starts the server again when it is killed, and nothing committed is lost', async () => {
    reuse();
    const server = await start();
    await ask(server.connection, ...writeNote);
    const events: ServerEvent[] = [];
    const restarted = new Promise<void>((resolve) => {
      server.subscribe((event) => {
        events.push(event);
        if (event.kind === 'restarted') resolve();
      });
    });
    const killed = server.pid;
    process.kill(killed, 'SIGKILL');
    await restarted;
    expect(events).toMatchObject([
      { kind: 'exited', pid: killed, signal: 'SIGKILL' },
      { kind: 'restarted', pid: server.pid },
    ]);
    expect(await ask(server.connection, readNote)).toEqual(kept);
    await server.stop();
    expect(await identifyProcess(server.pid)).toBeNull();
  });

  it('can be stopped at any moment of a restart, and then nothing of it runs', async () => {
    reuse();
    for (const pause of [0, 20, 60, 80, 100, 150, 200]) {
      const server = await start();
      if (pause === 0) await ask(server.connection, ...writeNote);
      const exited = new Promise<void>((resolve) => void server.subscribe(() => resolve()));
      process.kill(server.pid, 'SIGKILL');
      await exited;
      await sleep(pause);
      await server.stop();
      expect(await serverProcessesOf(directory), `stopped after ${pause} ms`).toEqual([]);
    }
    expect(await ask((await start()).connection, readNote)).toEqual(kept);
  });

  it('is not misled by files of a dead server whose process id another process bears now', async () => {
    reuse();
    const first = await start();
    await ask(first.connection, ...writeNote);
    const socketLock = await readFile(join(directory, '.s.PGSQL.5432.lock'), 'utf8');
    const pidFile = await readFile(join(directory, 'postmaster.pid'), 'utf8');
    await first.stop();
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    const renumber = (text: string): string => text.replace(/^\d+/, String(bystander.pid));
    await writeFile(join(directory, '.s.PGSQL.5432.lock'), renumber(socketLock));
    await writeFile(join(directory, 'postmaster.pid'), renumber(pidFile));
    try {
      expect(await ask((await start()).connection, readNote)).toEqual(kept);
      expect(bystander.exitCode).toBeNull();
      expect(bystander.signalCode).toBeNull();
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  it('lets only one program on a data directory, and tells the other in one sentence', async () => {
    reuse();
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      code: 'database_in_use',
      message: expect.stringContaining(`(process ${process.pid})`) as unknown,
    });
    expect(await ask(first.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await findRunningPostgres(directory)).toMatchObject({ pid: process.pid, connection: first.connection });
    await first.stop();
    expect(await findRunningPostgres(directory)).toBeNull();
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 4_194_304, identity: 'x', token: 'x' })],
    ['whose process id another process bears', JSON.stringify({ pid: process.ppid, identity: 'x', token: 'x' })],
    ['cut short by a power cut', '{"pi'],
  ])('takes over a lock file %s', async (_what, text) => {
    reuse();
    await writeFile(`${directory}.lock`, text);
    expect(await ask((await start()).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('begins anew where making the database was cut short', async () => {
    await mkdir(join(home, 'data', 'postgres.new-1234'), { recursive: true });
    await writeFile(join(home, 'data', 'postgres.new-1234', 'PG_VERSION'), '18\n');
    await start();
    expect((await readdir(join(home, 'data'))).join()).not.toContain('postgres.new');
  });

  it('gets back in when its secret was lost', async () => {
    reuse();
    const first = await start();
    await ask(first.connection, ...writeNote);
    await first.stop();
    await rm(`${directory}.secret`);
    const second = await start();
    expect(second.connection.password).not.toBe(first.connection.password);
    expect(await ask(second.connection, readNote)).toEqual(kept);
  });

  it('puts the socket elsewhere where the path of the data directory is too long for one', async () => {
    const place = join(home, 'a-rather-long-name'.repeat(6), 'postgres');
    const server = await start(place);
    expect(await ask(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const { host } = server.connection;
    expect((await stat(host)).mode & 0o777).toBe(0o700);
    await server.stop();
    await expect(stat(host)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes a log that tells of the server and nothing of the data', async () => {
    reuse();
    const server = await start();
    const canary = 'Quetzalcoatl';
    await ask(server.connection, 'CREATE TABLE name (name text PRIMARY KEY, born date)');
    const insert = `INSERT INTO name VALUES ('${canary}')`;
    await ask(server.connection, insert);
    for (const wrong of [
      insert,
      `SELECT '${canary}'::date`,
      `SELECT ${canary}`,
      `DO $$ BEGIN RAISE '${canary}'; END $$`,
    ]) {
      await expect(ask(server.connection, wrong)).rejects.toThrow();
    }
    await server.stop();
    const log = await readFile(join(home, 'data', 'logs', 'postgres.log'), 'utf8');
    expect(log).toContain('database system is ready');
    expect(log.toLowerCase()).not.toContain(canary.toLowerCase());
  });

  it('changes nothing in a database of another version, or in what is no database', async () => {
    reuse();
    await (await start()).stop();
    await writeFile(join(directory, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toMatchObject({
      code: 'database_directory_unusable',
      message: expect.stringContaining('PostgreSQL 17') as unknown,
    });
    expect(await readFile(join(directory, 'PG_VERSION'), 'utf8')).toBe('17\n');
    const other = join(home, 'pictures');
    await mkdir(other);
    await writeFile(join(other, 'cat.jpg'), '');
    await expect(start(other)).rejects.toMatchObject({ code: 'database_directory_unusable' });
    expect(await readdir(other)).toEqual(['cat.jpg']);
  });

  it("tells the server's last words when it does not start, and frees the directory", async () => {
    const settings = { shared_buffers: '1' };
    await expect(startBundledPostgres({ directory, log: quiet, settings })).rejects.toMatchObject({
      code: 'database_start_failed',
      message: expect.stringContaining('shared_buffers') as unknown,
    });
    expect(await ask((await start()).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(asRoot)("as root runs the server as another user, also where that user can't get to", async () => {
    const server = await start(); // mkdtemp's folder is root's alone
    expect((await stat(home)).mode & 0o077).toBe(0);
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    expect(uid).toBeGreaterThan(0);
    expect((await stat(directory)).uid).toBe(uid);
  });

  it.runIf(asRoot)(
    'as root in a data directory of somebody else runs as that user and leaves the files to it',
    async () => {
      await mkdir(join(home, 'data'), { mode: 0o700 });
      await chown(join(home, 'data'), 65534, 65534);
      await start();
      for (const name of ['postgres', 'postgres.secret', 'logs', join('logs', 'postgres.log')]) {
        expect((await stat(join(home, 'data', name))).uid, name).toBe(65534);
      }
    },
  );
});
