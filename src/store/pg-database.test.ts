import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { connectPg, dropPg, isDatabaseAway, openPgDatabase, sqlState, type PgDatabase } from './pg-database.ts';

let test: TestDatabase;
let db: PgDatabase;
beforeAll(async () => {
  test = await createTestDatabase({ empty: true });
  db = openPgDatabase(test.connection, { max: 2, applicationName: 'pool under test' });
  await db.query('create table things (n int primary key)');
});
afterAll(async () => {
  await db.close();
  await test.close();
});

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a database in trouble is told from a statement at fault', () => {
  it.each([
    [
      'a closed connection',
      async () => {
        const client = await connectPg(test.connection, 'cut');
        await client.end();
        return client.query('select 1');
      },
    ],
    [
      'a connection that is cut while it works',
      async () => {
        const client = await connectPg(test.connection, 'cut while it works');
        const working = errorOf(client.query('select pg_sleep(60)'));
        await test.pool.query(
          `select pg_sleep(0.1), pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut while it works'`,
        );
        throw await working;
      },
    ],
    ['a log-in that is refused', () => connectPg({ ...test.connection, user: 'nobody', password: 'wrong' }, 'x')],
    ['a database that is not there', () => connectPg({ ...test.connection, database: 'nowhere' }, 'x')],
    ['a port where nobody listens', () => connectPg({ ...test.connection, host: '127.0.0.1', port: 1 }, 'x')],
    ['a server that is not found', () => connectPg({ ...test.connection, host: '/no/such/socket' }, 'x')],
  ])('%s', async (_what, work: () => Promise<unknown>) => {
    const error = await errorOf(work());
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseAway(error), sqlState(error)).toBe(true);
  });

  it.each(['53100', '53200', '57P01', '57P03', '58030', '25006', '08006', 'XX000', '28P01', '3D000', '26000'])(
    'SQLSTATE %s',
    (code) => {
      expect(isDatabaseAway(Object.assign(new Error('x'), { code }))).toBe(true);
    },
  );

  it.each(['22003', '22021', '23505', '23514', '40P01', '40001', 'PSE01', 'PSA01', '57014', 'sealed_tampered'])(
    'not SQLSTATE %s',
    (code) => {
      expect(isDatabaseAway(Object.assign(new Error('connection'), { code }))).toBe(false);
    },
  );

  it('not an error of the program, whatever its words', () => {
    for (const text of ['Unterminated string in JSON at position 7', 'The stream ended.', 'a timeout of the peer']) {
      expect(isDatabaseAway(new SyntaxError(text))).toBe(false);
    }
  });
});

describe('a transaction', () => {
  it('is kept whole or not at all', async () => {
    await db.transaction(async (tx) => {
      await tx.query('insert into things values (1)');
    });
    const failing = db.transaction(async (tx) => {
      await tx.query('insert into things values (2)');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await db.query('select n from things')).rows).toEqual([{ n: 1 }]);
  });

  it('whose connection is lost does not spoil the pool', async () => {
    for (let n = 0; n < 4; n++) {
      const lost = db.transaction((tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'));
      expect(isDatabaseAway(await errorOf(lost))).toBe(true);
    }
    expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

it('a dropped connection is gone, also while it works, and dropping nothing is fine', async () => {
  const client = await connectPg(test.connection, 'dropped');
  const working = errorOf(client.query('select pg_sleep(60)'));
  dropPg(client);
  dropPg(undefined);
  expect(isDatabaseAway(await working)).toBe(true);
  expect(isDatabaseAway(await errorOf(client.query('select 1')))).toBe(true);
});
