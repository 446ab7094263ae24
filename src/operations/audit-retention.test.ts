import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { createIdGenerator, idAtMs, idTimeMs } from '../domain/ids.ts';
import { createAuditWriter, type AuditWriter } from '../security/audit-append.ts';
import { auditKeys } from '../security/audit-entry.ts';
import { openAuditChain, witnessEntry } from '../security/audit-open.ts';
import { Keyring } from '../security/keyring.ts';
import { testKeyringData } from '../security/test-support.ts';
import { verifyAudit } from '../security/verify-audit.ts';
import { ensurePartitions, partitionsBelow } from '../store/partitions.ts';
import { openPgDatabase, type PgDatabase } from '../store/pg-database.ts';
import { retainAudit, type AuditRetention } from './audit-retention.ts';

const keys = auditKeys(new Keyring(testKeyringData()));
const clock = { nowMs: 0, now: () => clock.nowMs };
let ids = createIdGenerator({ node: 1, now: clock.now });

let database: TestDatabase;
let db: PgDatabase;
let audit: AuditWriter;
/** A second chain, which nobody writes to after the first month. */
let quiet: AuditWriter;

const writerOf = async (node: number): Promise<AuditWriter & { chain: number }> => {
  const { chain } = await openAuditChain({ db, keys, node, writer: 'api', ids, now: clock.now });
  return { chain, ...createAuditWriter({ db, keys, chain, ids, now: clock.now }) };
};

beforeAll(async () => {
  database = await createTestDatabase();
  db = openPgDatabase(database.connection, { max: 4, applicationName: 'test' });
});
afterAll(async () => {
  await db.close();
  await database.close();
});

/** Three months with a handful of entries each, in two chains that witness each other. */
beforeEach(async () => {
  for (const { name } of await partitionsBelow(db, 'audit', 2n ** 62n)) await db.query(`drop table ${name}`);
  await db.query('truncate audit_chains');
  clock.nowMs = Date.UTC(2026, 0, 5);
  ids = createIdGenerator({ node: 1, now: clock.now });
  await ensurePartitions(db, Date.UTC(2026, 3, 1), clock.nowMs);
  quiet = await writerOf(2);
  const { chain, ...writer } = await writerOf(1);
  audit = writer;
  for (const month of [0, 1, 2]) {
    clock.nowMs = Math.max(clock.nowMs, Date.UTC(2026, month, 10));
    await audit.append({ actor: SYSTEM_ACTOR, action: 'program-started' });
    if (month === 0) await quiet.append({ actor: SYSTEM_ACTOR, action: 'config-exported' });
    await audit.append(await witnessEntry(db, chain));
  }
});

const retain = (at: number, years = 6): Promise<AuditRetention> => {
  clock.nowMs = at;
  return retainAudit({ db, keys, audit, now: clock.now, years });
};
const months = async (): Promise<string[]> =>
  (await partitionsBelow(db, 'audit', idAtMs(Date.UTC(2026, 3, 1)))).map(({ name }) => name);

it('removes the months that are older than the retention, one at a time, and the log still verifies', async () => {
  await ensurePartitions(db, Date.UTC(2032, 2, 1), Date.UTC(2032, 0, 1));
  expect(await retain(Date.UTC(2032, 0, 31))).toEqual({ kind: 'nothing-due' });
  expect(await retain(Date.UTC(2032, 2, 2))).toEqual({ kind: 'removed', partition: 'audit_2026_01', entries: 5 });
  expect(await months()).toEqual(['audit_2026_02', 'audit_2026_03']);
  // Two of February, two of March, and that January was removed.
  expect(await verifyAudit(db, keys)).toMatchObject({ intact: true, checked: 5, chains: 2, problems: [] });

  expect(await retain(Date.UTC(2032, 2, 3))).toMatchObject({ kind: 'removed', partition: 'audit_2026_02' });
  expect(await retain(Date.UTC(2032, 2, 4))).toEqual({ kind: 'nothing-due' });
  expect(await months()).toEqual(['audit_2026_03']);
  expect(await verifyAudit(db, keys)).toMatchObject({ intact: true, checked: 4, chains: 2 });

  // Both chains go on, also the one of which nothing is left.
  await quiet.append({ actor: SYSTEM_ACTOR, action: 'config-exported' });
  await audit.append({ actor: SYSTEM_ACTOR, action: 'config-exported' });
  expect(await verifyAudit(db, keys)).toMatchObject({ intact: true, checked: 6 });

  const { rows } = await db.query<{ detail: string }>('select detail from audit where action = 104 order by id');
  expect(rows.map(({ detail }) => JSON.parse(detail) as unknown)).toEqual([
    { before: '2026-02-01T00:00:00.000Z', chains: 2, entries: 5 },
    { before: '2026-03-01T00:00:00.000Z', chains: 1, entries: 2 },
  ]);
});

it('still tells what is missing after the month that was removed', async () => {
  await ensurePartitions(db, Date.UTC(2032, 1, 15), Date.UTC(2032, 1, 1));
  await retain(Date.UTC(2032, 1, 2));
  await db.query(`alter table audit disable trigger user;
    delete from audit where id = (select min(id) from audit); alter table audit enable trigger user`);
  expect((await verifyAudit(db, keys)).problems[0]?.what).toBe('missing');
});

it('keeps a month that was tampered with, as it is evidence', async () => {
  await ensurePartitions(db, Date.UTC(2032, 1, 15), Date.UTC(2032, 1, 1));
  await db.query(`alter table audit disable trigger user;
    update audit set outcome = 2 where action = 81; alter table audit enable trigger user`);
  const kept = await retain(Date.UTC(2032, 1, 2));
  expect(kept).toMatchObject({ kind: 'not-intact', partition: 'audit_2026_01' });
  expect(kept).toHaveProperty('problem', expect.stringMatching(/^Chain 1, entry 2 .*not what was written/));
  expect(await months()).toHaveLength(3);
});

it('lets a table go that is in use, and removes the month at the next look', async () => {
  await ensurePartitions(db, Date.UTC(2032, 1, 15), Date.UTC(2032, 1, 1));
  await db.transaction(async (tx) => {
    await tx.query('lock table audit in access share mode');
    expect(await retain(Date.UTC(2032, 1, 2))).toEqual({ kind: 'busy', partition: 'audit_2026_01' });
  });
  expect(await verifyAudit(db, keys)).toMatchObject({ intact: true });
  expect(await retain(Date.UTC(2032, 1, 2))).toEqual({ kind: 'removed', partition: 'audit_2026_01', entries: 0 });
  const { rows } = await db.query('select 1 from audit where action = 104');
  expect(rows).toHaveLength(1);
});

it('two nodes at once remove it once', async () => {
  await ensurePartitions(db, Date.UTC(2032, 1, 15), Date.UTC(2032, 1, 1));
  clock.nowMs = Date.UTC(2032, 1, 2);
  const other = await writerOf(3);
  const looks = [audit, other].map((writer) => retainAudit({ db, keys, audit: writer, now: clock.now, years: 6 }));
  expect((await Promise.all(looks)).every(({ kind }) => kind === 'removed' || kind === 'nothing-due')).toBe(true);
  expect(await months()).toEqual(['audit_2026_02', 'audit_2026_03']);
  expect((await db.query('select 1 from audit where action = 104')).rows).toHaveLength(1);
  expect(await verifyAudit(db, keys)).toMatchObject({ intact: true });
});

it('a partition ends where its month does', async () => {
  const [first] = await partitionsBelow(db, 'audit', idAtMs(Date.UTC(2026, 1, 1)));
  expect(first?.name).toBe('audit_2026_01');
  expect(idTimeMs(first?.end ?? 0n)).toBe(Date.UTC(2026, 1, 1));
});
