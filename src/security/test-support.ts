import { createTestDatabase } from '../../test/support/database.ts';
import { createIdGenerator, idAtMs } from '../domain/ids.ts';
import { openPgDatabase } from '../store/pg-database.ts';
import type { Database } from '../store/queryable.ts';
import { KEY_PURPOSES, Keyring, type KeyPurpose, type KeyringData } from './keyring.ts';

/** A key ring with fixed keys, for tests that do not look at how keys are made. */
export function testKeyringData(): KeyringData {
  return {
    keys: (Object.keys(KEY_PURPOSES) as KeyPurpose[]).map((purpose, i) => ({
      id: i + 1,
      purpose,
      state: 'active',
      secret: new Uint8Array(32).fill(i + 1),
    })),
  };
}

const START_MS = Date.UTC(2026, 5, 15, 12);

export interface TestClock {
  nowMs: number;
  ids: { next(): bigint };
  readonly now: () => number;
}

/** A clock that the test moves on itself; ids follow it. */
export function testClock(): TestClock {
  const clock: TestClock = {
    nowMs: START_MS,
    now: () => clock.nowMs,
    ids: createIdGenerator({ node: 1, now: () => clock.nowMs }),
  };
  return clock;
}

export interface SecurityTest {
  readonly db: Database;
  readonly clock: TestClock;
  readonly keyring: Keyring;
  /** Empties the room's tables and sets the clock back: much quicker than another database. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** A migrated database of the test's own, with partitions for the test's clock. */
export async function startSecurityTest(): Promise<SecurityTest> {
  const database = await createTestDatabase();
  const db = openPgDatabase(database.connection, { max: 8, applicationName: 'security test' });
  const clock = testClock();
  const test: SecurityTest = {
    db,
    clock,
    keyring: new Keyring(testKeyringData()),
    async reset() {
      clock.nowMs = START_MS;
      clock.ids = createIdGenerator({ node: 1, now: clock.now });
      const partitions = [5, 6].map((month) => {
        const [from, to] = [idAtMs(Date.UTC(2026, month - 1, 1)), idAtMs(Date.UTC(2026, month, 1))];
        const name = `audit_2026_0${month}`;
        return `drop table if exists ${name};
          create table ${name} partition of audit for values from (${from}) to (${to});`;
      });
      await db.query(
        `${partitions.join('')} truncate audit_chains, setup_links, sessions, api_tokens, users, data_keys`,
      );
    },
    async close() {
      await db.close();
      await database.close();
    },
  };
  await test.reset();
  return test;
}
