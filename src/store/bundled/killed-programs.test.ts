import type { ChildProcess } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installHolder } from '../../../test/support/database-holder.ts';
import type { DatabaseHolder, HeldDatabase } from '../../../test/support/database-holder.ts';
import { identifyProcess, serverProcessesOf } from './process-identity.ts';
import { startBundledPostgres } from './start-bundled-postgres.ts';
import type { BundledConnection } from './start-bundled-postgres.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nobody = { uid: 65534, gid: 65534 };

let holder: DatabaseHolder;
const held: HeldDatabase[] = [];
let count = 0;

beforeAll(async () => {
  holder = await installHolder();
});

afterAll(async () => {
  await Promise.all(held.map(stop));
  await holder.remove();
});

async function stop({ child, exited }: HeldDatabase): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.write('stop\n');
  await exited;
}

/** A place for a database that nobody has used. */
function newPlace(): string {
  return join(holder.home, `data-${++count}`, 'postgres');
}

function hold(directory: string, user?: typeof nobody): HeldDatabase {
  const started = holder.start(directory, user);
  held.push(started);
  return started;
}

async function holdUp(
  directory: string,
): Promise<{ program: HeldDatabase; pid: number; connection: BundledConnection }> {
  const program = hold(directory);
  const word = await program.word;
  if (word?.pid === undefined || word.connection === undefined) throw new Error(`not up: ${JSON.stringify(word)}`);
  return { program, pid: word.pid, connection: word.connection };
}

async function query(connection: BundledConnection, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ ...connection });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What the next program finds: starts here, asks, stops. */
async function find(directory: string, statement: string): Promise<unknown[]> {
  const server = await startBundledPostgres({ directory, log: quiet });
  try {
    return await query(server.connection, statement);
  } finally {
    await server.stop();
  }
}

describe('after kill -9', () => {
  it.each([
    ['of the program', ['program']],
    ['of the program and its database', ['program', 'server']],
    ['of the database and its program', ['server', 'program']],
  ])('%s the next start finds everything committed', async (_what, victims) => {
    const directory = newPlace();
    const { program, pid, connection } = await holdUp(directory);
    await query(connection, 'CREATE TABLE number AS SELECT generate_series(1, 1000) AS number');
    const victim = { program: program.child.pid ?? 0, server: pid };
    for (const name of victims as ('program' | 'server')[]) process.kill(victim[name], 'SIGKILL');
    await program.exited;
    expect(await find(directory, 'SELECT count(*)::int AS kept FROM number')).toEqual([{ kept: 1000 }]);
    expect(await identifyProcess(pid)).toBeNull();
    expect(await serverProcessesOf(directory)).toEqual([]);
  });

  it('what the dead program had in flight does not happen any more', async () => {
    const directory = newPlace();
    const { program, connection } = await holdUp(directory);
    await query(connection, 'CREATE TABLE number (number int)');
    const late = query(connection, 'BEGIN; INSERT INTO number VALUES (1); SELECT pg_sleep(3600); COMMIT');
    late.catch(() => undefined);
    while ((await query(connection, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length === 0)
      await sleep(10);
    program.child.kill('SIGKILL');
    await program.exited;
    expect(await find(directory, 'SELECT count(*)::int AS kept FROM number')).toEqual([{ kept: 0 }]);
    await expect(late).rejects.toThrow();
  });

  it(
    'at any moment, the first start included, the next start works and has lost nothing',
    { timeout: 120_000 },
    async () => {
      const directory = newPlace();
      let committed = 0;
      for (let round = 0; round < 12; round++) {
        const program = hold(directory);
        // Moments spread evenly over a start; the first rounds fall into the making of the database.
        const moment = sleep(100 + round * 130);
        const word = program.word.then(async (up) => {
          if (up?.connection === undefined) return;
          await query(up.connection, 'CREATE TABLE IF NOT EXISTS number (number int)');
          for (;;) {
            await query(up.connection, `INSERT INTO number VALUES (${round})`);
            committed++;
          }
        });
        word.catch(() => undefined);
        await moment;
        const servers = round % 3 === 0 ? await serverProcessesOf(directory).catch(() => []) : [];
        program.child.kill('SIGKILL');
        for (const pid of servers) {
          if ((await identifyProcess(pid)) !== null) process.kill(pid, 'SIGKILL');
        }
        await program.exited;
        await word.catch(() => undefined);
      }
      const server = await startBundledPostgres({ directory, log: quiet });
      try {
        await query(server.connection, 'CREATE TABLE IF NOT EXISTS number (number int)');
        const [row] = (await query(server.connection, 'SELECT count(*)::int AS kept FROM number')) as {
          kept: number;
        }[];
        expect(row?.kept).toBeGreaterThanOrEqual(committed);
      } finally {
        await server.stop();
      }
      expect(await serverProcessesOf(directory)).toEqual([]);
      expect((await readdir(join(directory, '..'))).toSorted()).toEqual(['logs', 'postgres', 'postgres.secret']);
    },
  );
});

describe('a program that ends', () => {
  it.each([
    ['by itself', (program: ChildProcess) => program.stdin?.write('exit\n')],
    ['by a signal', (program: ChildProcess) => program.kill('SIGTERM')],
    ['by kill -9', (program: ChildProcess) => program.kill('SIGKILL')],
  ])('%s without stopping its database does not leave it running', async (_how, end) => {
    const { program, pid } = await holdUp(newPlace());
    end(program.child);
    await program.exited;
    await expect.poll(() => identifyProcess(pid), { timeout: 20_000 }).toBeNull();
  });

  it('while another waits at the door leaves it a directory that is free', async () => {
    const directory = newPlace();
    const { program } = await holdUp(directory);
    const other = hold(directory);
    expect(await other.word).toMatchObject({ code: 'database_in_use' });
    await stop(program);
    expect(await find(directory, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is the only one of three that start at the same time', async () => {
    const directory = newPlace();
    const programs = [hold(directory), hold(directory), hold(directory)];
    const words = await Promise.all(programs.map((program) => program.word));
    expect(words.filter((word) => word?.connection !== undefined)).toHaveLength(1);
    expect(words.filter((word) => word?.code === 'database_in_use')).toHaveLength(2);
  });
});

// They copy the server's programs, which takes long on a busy disk.
const patience = { timeout: 120_000 };

describe.runIf(process.getuid?.() === 0)('run by an ordinary user', patience, () => {
  it('keeps everything its own, from a package that it may not write to and that has no links', async () => {
    const bare = await installHolder({ withoutLinks: true });
    try {
      const data = join(bare.home, 'data');
      await mkdir(data, { mode: 0o700 });
      await chown(data, nobody.uid, nobody.gid);
      const program = bare.start(join(data, 'postgres'), nobody);
      const word = await program.word;
      expect(word).toMatchObject({ pid: expect.any(Number) as unknown });
      for (const name of await readdir(data)) expect((await lstat(join(data, name))).uid, name).toBe(nobody.uid);
      expect(await readlink(`/proc/${word?.pid ?? 0}/exe`)).toContain(join(data, 'postgres-program'));
      await stop(program);
    } finally {
      await bare.remove();
    }
  });

  it('makes the links itself where it may write to the package', async () => {
    const bare = await installHolder({ withoutLinks: true });
    try {
      const program = bare.start(join(bare.home, 'data', 'postgres'));
      const word = await program.word;
      expect(await readlink(`/proc/${word?.pid ?? 0}/exe`)).toContain(bare.packageFolder);
      await stop(program);
    } finally {
      await bare.remove();
    }
  });

  it('says which directory it may not use', async () => {
    const directory = newPlace();
    await mkdir(join(directory, '..'), { mode: 0o700 });
    const word = await hold(directory, nobody).word;
    expect(word).toMatchObject({
      code: 'database_directory_unusable',
      message: expect.stringContaining(join(directory, '..')) as unknown,
    });
  });
});

describe.runIf(process.getuid?.() === 0)('run by root from where nobody else gets to', patience, () => {
  it('runs the server from a copy in a place that its user reads', async () => {
    const closed = await installHolder();
    await chmod(closed.home, 0o700);
    try {
      const program = closed.start(join(closed.home, 'data', 'postgres'));
      const word = await program.word;
      expect(word).toMatchObject({ pid: expect.any(Number) as unknown });
      const path = await readlink(`/proc/${word?.pid ?? 0}/exe`);
      expect(path).toContain(`${closed.home}-cache`);
      expect((await lstat(path)).uid).toBe(0);
      await stop(program);
    } finally {
      await closed.remove();
    }
  });
});
