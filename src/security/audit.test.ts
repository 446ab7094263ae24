import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../domain/actor.ts';
import { idAtMs } from '../domain/ids.ts';
import { createAuditWriter, insertAudit, readAuditHead, type AuditWriter } from './audit-append.ts';
import { createAuditChain, type AuditChain } from './audit-chain.ts';
import { auditKeys, headSeal, type AuditEntry, type AuditKeys } from './audit-entry.ts';
import { openAuditChain, witnessEntry, type AuditWriterKind } from './audit-open.ts';
import { recordAuditPrune } from './audit-prune.ts';
import { queryAudit } from './audit-query.ts';
import { startSecurityTest, type SecurityTest } from './test-support.ts';
import { verifyAudit, type AuditVerification } from './verify-audit.ts';

const system: Actor = { kind: 'system', id: null, name: 'Practice Studio' };
const ann: Actor = { kind: 'user', id: 501n, name: 'Ann' };

let test: SecurityTest;
let keys: AuditKeys;

beforeAll(async () => {
  test = await startSecurityTest();
  keys = auditKeys(test.keyring);
});
beforeEach(() => test.reset());
afterAll(() => test.close());

const open = (writer: AuditWriterKind, node = 1) =>
  openAuditChain({ db: test.db, keys, node, writer, ids: test.clock.ids, now: test.clock.now });

async function workerChain(node = 1): Promise<AuditChain> {
  const { chain, head } = await open('worker', node);
  return createAuditChain({ keys, chain, head, ids: test.clock.ids, now: test.clock.now });
}

async function apiWriter(node = 1): Promise<AuditWriter & { chain: number }> {
  const { chain } = await open('api', node);
  return { chain, ...createAuditWriter({ ...test, keys, chain, ids: test.clock.ids, now: test.clock.now }) };
}

const changes = (count: number): AuditEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    actor: system,
    action: 'patient-changed',
    resource: { kind: 'patient', id: BigInt(i + 1) },
    detail: { fields: ['name', 'phone'], message: 9_007_199_254_740_993n + BigInt(i), note: 'Ünïcode \u0000 日本' },
  }));

async function writeBatch(chain: AuditChain, entries: readonly AuditEntry[]): Promise<void> {
  await insertAudit(test.db, chain.prepare(entries));
  chain.commit();
}

/** As somebody with all rights in the database, past the trigger that keeps accidents away. */
async function tamper(text: string, values: unknown[] = []): Promise<void> {
  await test.db.transaction(async (tx) => {
    await tx.query('alter table audit disable trigger audit_append_only');
    const { rowCount } = await tx.query(text, values);
    expect(rowCount).toBeGreaterThan(0);
    await tx.query('alter table audit enable trigger audit_append_only');
  });
}

const found = (verification: AuditVerification): string[] =>
  verification.problems.map((problem) => `${problem.what} ${problem.chain}/${problem.position ?? '-'}`);

describe('audit chain', () => {
  it('verifies what two writers of two nodes wrote, in batches and one by one', async () => {
    const worker = await workerChain(1);
    const other = await workerChain(2);
    const api = await apiWriter(1);
    await writeBatch(worker, changes(20));
    await writeBatch(other, changes(3));
    await api.append({ actor: ann, action: 'login' });
    await api.append({
      actor: ann,
      action: 'patient-viewed',
      resource: { kind: 'patient', id: 7n },
      outcome: 'refused',
    });
    await writeBatch(worker, changes(5));
    const progress: number[] = [];
    const result = await verifyAudit(test.db, keys, { pageSize: 7, onProgress: (done) => progress.push(done.checked) });
    expect(result).toMatchObject({ intact: true, chains: 3, problemCount: 0, problems: [] });
    // 28 of the workers, 2 of the API, and one for the opening of each chain
    expect(result.checked).toBe(33);
    expect(progress.at(-1)).toBe(33);
    expect(progress.length).toBeGreaterThan(3);
  });

  it('verifies an empty log', async () => {
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 0, chains: 0 });
  });

  it('goes on where it stood after a restart, also when the clock was set back', async () => {
    await writeBatch(await workerChain(), changes(3));
    test.clock.nowMs -= 3 * 86_400_000;
    test.clock.ids = { next: () => idAtMs(test.clock.nowMs) };
    const again = await workerChain();
    await writeBatch(again, changes(3));
    expect(again.chain).toBe(1);
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 8, chains: 1 });
  });

  it('puts the head back when a batch fails, and goes on', async () => {
    const worker = await workerChain();
    await writeBatch(worker, changes(2));
    const before = worker.head();
    await expect(
      test.db.transaction(async (tx) => {
        await insertAudit(tx, worker.prepare(changes(4)));
        throw new Error('the batch failed');
      }),
    ).rejects.toThrow('the batch failed');
    worker.rollback();
    expect(worker.head()).toEqual(before);
    await writeBatch(worker, changes(1));
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 4 });
  });

  it('finds out whether a batch was committed when the answer was lost', async () => {
    const worker = await workerChain();
    await insertAudit(test.db, worker.prepare(changes(2)));
    expect(worker.recover(await readAuditHead(test.db, worker.chain))).toBe(true);
    worker.prepare(changes(2));
    expect(worker.recover(await readAuditHead(test.db, worker.chain))).toBe(false);
    await writeBatch(worker, changes(1));
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 4 });
  });

  it('takes one batch at a time', async () => {
    const worker = await workerChain();
    worker.prepare(changes(1));
    expect(() => worker.prepare(changes(1))).toThrow(expect.objectContaining({ code: 'audit_chain_busy' }));
  });

  it('writes nothing when another process has continued the chain', async () => {
    const worker = await workerChain();
    const zombie = createAuditChain({ keys, chain: worker.chain, head: worker.head(), ...test.clock });
    await writeBatch(worker, changes(2));
    await expect(insertAudit(test.db, zombie.prepare(changes(2)))).rejects.toMatchObject({ code: 'audit_chain_moved' });
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 3 });
  });

  it('refuses changes and removals by accident', async () => {
    await writeBatch(await workerChain(), changes(2));
    await expect(test.db.query('update audit set action = 1')).rejects.toThrow('append-only');
    await expect(test.db.query('delete from audit')).rejects.toThrow('append-only');
    await expect(test.db.query('truncate audit')).rejects.toThrow('append-only');
  });
});

describe('audit writer of the API', () => {
  it('writes entries exactly when the changes of their transaction are kept', async () => {
    const api = await apiWriter();
    await test.db.transaction((tx) => api.within(tx, [{ actor: ann, action: 'user-created' }]));
    await expect(
      test.db.transaction(async (tx) => {
        await api.within(tx, [{ actor: ann, action: 'user-changed' }]);
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    await api.append({ actor: ann, action: 'logout' });
    const { items } = await queryAudit(test.db, { limit: 10 });
    expect(items.map((item) => item.action)).toEqual(['logout', 'user-created']);
    expect((await verifyAudit(test.db, keys)).intact).toBe(true);
  });

  it('keeps one chain under many writers at once', async () => {
    const api = await apiWriter();
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 3 === 0
          ? test.db.transaction((tx) => api.within(tx, [{ actor: ann, action: 'system-changed' }]))
          : api.append({ actor: ann, action: 'patient-viewed' }),
      ),
    );
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 61 });
  });

  it('refuses a detail that is no JSON without taking others along', async () => {
    const api = await apiWriter();
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    const results = await Promise.allSettled([
      api.append({ actor: ann, action: 'login' }),
      api.append({ actor: ann, action: 'login', detail: loop }),
      api.append({ actor: ann, action: 'login' }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('verification tells', () => {
  let worker: AuditChain;
  beforeEach(async () => {
    worker = await workerChain();
    await writeBatch(worker, changes(9)); // positions 2 to 10, after the opening
  });

  it.each([
    ['what was done', 'action = action + 1'],
    ['who did it', 'actor_id = 77'],
    ['the kind of actor', 'actor_kind = 2'],
    ['the patient', 'resource_id = 99'],
    ['the time', `at = at + interval '1 microsecond'`],
    ['the outcome', 'outcome = 2'],
    ['the detail', `detail = '{}'`],
    ['the absence of a detail', 'detail = null'],
    ['the hash', `hash = decode(repeat('00', 32), 'hex')`],
  ])('that somebody changed %s', async (_, change) => {
    await tamper(`update audit set ${change} where position = 5`);
    const result = await verifyAudit(test.db, keys);
    expect(result.intact).toBe(false);
    expect(found(result)[0]).toBe('changed 1/5');
  });

  it('that entries were removed, and how many', async () => {
    await tamper('delete from audit where position in (4, 5)');
    const result = await verifyAudit(test.db, keys);
    expect(found(result)).toEqual(['missing 1/6']);
    expect(result.problems[0]?.sentence).toContain('They are 2.');
  });

  it('that an entry was removed and the rest renumbered', async () => {
    await tamper('delete from audit where position = 4');
    await tamper('update audit set position = position - 1 where position > 4');
    expect(found(await verifyAudit(test.db, keys))).toContain('changed 1/4');
  });

  it('that the tail was cut off', async () => {
    await tamper('delete from audit where position > 8');
    expect(found(await verifyAudit(test.db, keys))).toEqual(['truncated 1/10']);
  });

  it('that the tail was cut off and the head set back to a real entry', async () => {
    await tamper('delete from audit where position > 8');
    await tamper(
      `update audit_chains c set head_id = a.id, head_position = a.position, head_hash = a.hash
       from audit a where a.position = 8`,
    );
    expect(found(await verifyAudit(test.db, keys))).toEqual(['head-changed 1/8']);
  });

  it('that the whole log was removed', async () => {
    await tamper('delete from audit');
    expect(found(await verifyAudit(test.db, keys))).toEqual(['truncated 1/10']);
  });

  it('that two entries were exchanged', async () => {
    await tamper(
      `update audit a set detail = b.detail, resource_id = b.resource_id, hash = b.hash
       from audit b where (a.position, b.position) in ((4, 7), (7, 4))`,
    );
    expect(found(await verifyAudit(test.db, keys))).toEqual([
      'changed 1/4',
      'changed 1/5',
      'changed 1/7',
      'changed 1/8',
    ]);
  });

  it('that an entry was copied to another place', async () => {
    await tamper(
      `insert into audit select id + 1, chain, position, at, actor_kind, actor_id, action, resource_kind, resource_id,
         outcome, detail, hash from audit where position = 10`,
    );
    expect(found(await verifyAudit(test.db, keys))).toEqual(['inserted 1/10']);
  });

  it('that an entry was added after the head, or in a chain of its own', async () => {
    const copy = (chain: string, position: string): string =>
      `insert into audit select id + 1, ${chain}, ${position}, at, actor_kind, actor_id, action, resource_kind,
         resource_id, outcome, detail, hash from audit where position = 10 and chain = 1`;
    await tamper(copy('chain', 'position + 1'));
    await tamper(copy('9', '1'));
    expect(found(await verifyAudit(test.db, keys))).toEqual(['inserted 9/1', 'inserted 1/11']);
  });

  it('that a whole chain was removed, of the middle by its number, of the end by its witness', async () => {
    const second = await workerChain(2);
    await writeBatch(second, changes(2));
    await writeBatch(worker, [await witnessEntry(test.db, worker.chain)]);
    await tamper('delete from audit where chain = 2');
    await tamper('delete from audit_chains where chain = 2');
    expect(found(await verifyAudit(test.db, keys))).toEqual(['witness-broken 2/3']);
    await writeBatch(await workerChain(3), changes(1)); // takes number 2
    await tamper('delete from audit where chain = 1');
    await tamper('delete from audit_chains where chain = 1');
    expect(found(await verifyAudit(test.db, keys))).toContain('chain-missing 1/-');
  });

  it('that a tail was cut off and its head replayed from an earlier time, by the witness of another chain', async () => {
    const earlier = await test.db.query('select * from audit_chains where chain = 1');
    await writeBatch(worker, changes(4));
    await apiWriter(1); // its opening witnesses the head of the worker
    await tamper('delete from audit where chain = 1 and position > 10');
    const { head_id, head_position, head_hash, head_seal } = earlier.rows[0] as Record<string, unknown>;
    await tamper(
      'update audit_chains set head_id = $1, head_position = $2, head_hash = $3, head_seal = $4 where chain = 1',
      [head_id, head_position, head_hash, head_seal],
    );
    expect(found(await verifyAudit(test.db, keys))).toEqual(['witness-broken 1/14']);
  });

  it('nothing of what was written with another key', async () => {
    const other: AuditKeys = { entry: keys.head, head: keys.entry };
    const result = await verifyAudit(test.db, other);
    expect(result.intact).toBe(false);
    expect(result.problemCount).toBe(12); // 10 entries, head and base
  });

  it('every one of many problems by count, the first hundred by name', async () => {
    await writeBatch(worker, changes(150));
    await tamper('update audit set outcome = 3 where position between 10 and 130');
    const result = await verifyAudit(test.db, keys);
    expect(result.problemCount).toBe(121);
    expect(result.problems).toHaveLength(100);
  });
});

describe('a broken head at the start', () => {
  it('is left for the verification, and a new chain begins', async () => {
    const first = await workerChain();
    await writeBatch(first, changes(3));
    await tamper('update audit_chains set head_position = 2');
    const again = await open('worker');
    expect(again).toMatchObject({ chain: 2, broken: 1 });
    const result = await verifyAudit(test.db, keys);
    expect(found(result)).toContain('head-changed 1/2');
    expect(found(result).some((problem) => problem.endsWith(' 2/1'))).toBe(false);
  });
});

describe('retention', () => {
  it('verifies on from what was pruned, and tells a base that was made up', async () => {
    test.clock.nowMs = Date.UTC(2026, 4, 20);
    const may = await workerChain();
    await writeBatch(may, changes(5));
    test.clock.nowMs = Date.UTC(2026, 5, 20);
    await writeBatch(may, changes(4));
    const bound = idAtMs(Date.UTC(2026, 5, 1));
    expect(await recordAuditPrune(test.db, keys, bound)).toBe(1);
    expect(await recordAuditPrune(test.db, keys, bound)).toBe(0);
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 4 });
    await test.db.query('drop table audit_2026_05');
    expect(await verifyAudit(test.db, keys)).toMatchObject({ intact: true, checked: 4 });
    await tamper('delete from audit where position = 7');
    await tamper(`update audit_chains set base_position = 7, base_hash = (select hash from audit where position = 8)`);
    expect(found(await verifyAudit(test.db, keys))).toContain('base-changed 1/7');
  });

  it('seals base and head so that one cannot stand for the other', () => {
    const head = { id: 1n, position: 1n, hash: Buffer.alloc(32) };
    expect(headSeal(keys, 'base', 1, head)).not.toEqual(headSeal(keys, 'head', 1, head));
  });
});

describe('audit query', () => {
  beforeEach(async () => {
    await test.db.query(
      `insert into users (id, login, name, role, state, created_at, updated_at)
       values (501, 'ann@example.org', 'Ann', 'front_desk', 'active', now(), now())`,
    );
    const worker = await workerChain();
    await writeBatch(worker, changes(5));
    const api = await apiWriter();
    for (let i = 0; i < 25; i++) {
      test.clock.nowMs += 60_000;
      await api.append({
        actor: ann,
        action: i % 2 === 0 ? 'patient-viewed' : 'messages-searched',
        resource: { kind: i % 2 === 0 ? 'patient' : 'none', id: i % 2 === 0 ? BigInt(i % 4) + 1n : null },
        outcome: i === 24 ? 'refused' : 'ok',
        detail: { call: i },
      });
    }
  });

  it('pages through people, newest first, without gaps or repeats', async () => {
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await queryAudit(test.db, { limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map((item) => item.detail['call']));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i));
  });

  it('shows who did what to which patient, in words', async () => {
    const { items } = await queryAudit(test.db, { limit: 1 });
    expect(items[0]).toMatchObject({
      actor: { kind: 'user', id: 501n, name: 'Ann' },
      action: 'patient-viewed',
      sentence: 'Saw a patient.',
      resource: { kind: 'patient', id: 1n },
      outcome: 'refused',
      at: new Date(test.clock.nowMs),
    });
  });

  it.each([
    [{ action: 'patient-viewed' }, 13],
    [{ action: 'no-such-action' }, 0],
    [{ resourceKind: 'patient', resourceId: 3n }, 6],
    [{ resourceKind: 'no-such-kind' }, 0],
    [{ outcome: 'refused' as const }, 1],
    [{ actor: 'ann' }, 25],
    [{ actor: 'example.org' }, 25],
    [{ actor: '501' }, 25],
    [{ actor: 'a%n' }, 0],
    [{ actor: 'Bob' }, 0],
    [{ who: 'all' as const }, 32],
    [{ who: 'all' as const, action: 'patient-changed' }, 5],
    [{ cursor: 'nonsense' }, 0],
  ])('filters by %o', async (filter, count) => {
    expect((await queryAudit(test.db, { limit: 1000, ...filter })).items).toHaveLength(count);
  });

  it('filters by time, from inclusive, to exclusive', async () => {
    const at = (call: number): Date => new Date(Date.UTC(2026, 5, 15, 12) + (call + 1) * 60_000);
    const { items } = await queryAudit(test.db, { limit: 100, from: at(10), to: at(14) });
    expect(items.map((item) => item.detail['call'])).toEqual([13, 12, 11, 10]);
  });
});
