import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorRoutes } from '../contract/errors.ts';
import type { Permission } from '../domain/permissions.ts';
import { adt, createWorld, type World } from '../records/testing.ts';
import { createErrorHandlers } from './errors.ts';
import type { AuditAddition, CallContext } from './handler.ts';

let world: World;
let api: ReturnType<typeof createErrorHandlers>;
let system: Awaited<ReturnType<World['system']>>;
let entries: AuditAddition[];
let context: CallContext;

beforeAll(async () => {
  world = await createWorld();
  api = createErrorHandlers({ db: world.db, engine: world.engine });
  entries = [];
  context = {
    actor: { kind: 'user', id: 1n, name: 'Ann' },
    permissions: new Set<Permission>(['errors.read', 'errors.resolve']),
    address: '127.0.0.1',
    audit: (entry) => void entries.push(entry),
    auditWithin: async (_tx, entry) => void entries.push(entry),
  };
});
beforeEach(async () => {
  entries.length = 0;
  system = await world.system(await world.environment(`env-${world.ids.next()}`), `sys-${world.ids.next()}`);
});
afterAll(() => world.close());

const NAME = { cause: 'validation', code: 'mapping.required-missing', place: 'PID-5.1' } as const;
const CODE = { cause: 'mapping', code: 'mapping.code-refused', place: 'PID-8' } as const;

async function failing(count: number, failure: typeof NAME | typeof CODE): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (let n = 0; n < count; n++) {
    const id = await world.receive(system, adt({ control: `E${n}`, family: 'Err', given: 'Or', mrn: '1' }));
    await world.fail(system, id, failure);
    ids.push(id);
  }
  return ids;
}

async function groups(cause?: 'validation' | 'mapping') {
  const query = { system: String(system.id), ...(cause === undefined ? {} : { cause }) };
  const answer = await api.listErrorGroups({ params: undefined, query, body: undefined, context });
  return errorRoutes.listErrorGroups.response.parse(answer);
}

async function fingerprintOf(cause: 'validation' | 'mapping'): Promise<string> {
  const { items } = await groups(cause);
  return items[0]?.fingerprint ?? '';
}

describe('groups', () => {
  it('gather alike failures and say what happened, what helps and who acts', async () => {
    const names = await failing(3, NAME);
    await failing(2, CODE);
    const { items, by_cause } = await groups();
    expect(by_cause).toEqual([
      { cause: 'validation', count: 3 },
      { cause: 'mapping', count: 2 },
    ]);
    const group = items.find((one) => one.failure.cause === 'validation');
    expect(group).toMatchObject({
      system_name: expect.stringMatching(/^sys-/),
      count: 3,
      sample_message_id: String(names[2]),
      failure: { code: 'mapping.required-missing', place: 'PID-5.1' },
      who: expect.stringMatching('staff'),
      assigned_to: null,
    });
    expect(group?.failure.sentence).toMatch(/empty/);
    // The causes stay countable while one of them is looked at.
    expect(await groups('mapping')).toMatchObject({ items: [{ count: 2 }], by_cause: [{ count: 3 }, { count: 2 }] });
  });

  it('list their messages in pages, without names of patients', async () => {
    const ids = (await failing(3, NAME)).map(String).reverse();
    const params = { fingerprint: await fingerprintOf('validation') };
    const first = await api.listGroupMessages({ params, query: { limit: 2 }, body: undefined, context });
    expect(first.items.map((item) => item.id)).toEqual(ids.slice(0, 2));
    expect(first.items[0]).toMatchObject({ state: 'failed', patient_id: null, patient_name: null });
    const rest = await api.listGroupMessages({
      params,
      query: { limit: 2, cursor: first.next },
      body: undefined,
      context,
    });
    expect(rest).toEqual({ items: [expect.objectContaining({ id: ids[2] })] });
  });

  it('are assigned and noted; a later failure of the kind finds both', async () => {
    await failing(1, NAME);
    const params = { fingerprint: await fingerprintOf('validation') };
    const user = world.ids.next();
    await world.db.query(
      `insert into users (id, login, name, role, state, created_at, updated_at) values ($1, $2, 'Bob', 'operator', 'active', now(), now())`,
      [user, `bob-${user}`],
    );
    const change = (body: { assigned_to?: string | null; note?: string }) =>
      api.updateErrorGroup({ params, query: undefined, body, context });
    await change({ assigned_to: String(user) });
    const noted = await change({ note: 'The vendor knows.' });
    expect(noted).toMatchObject({ assigned_to: { id: String(user), name: 'Bob' }, note: 'The vendor knows.' });
    expect(await change({ assigned_to: null })).toMatchObject({ assigned_to: null, note: 'The vendor knows.' });
    expect(JSON.stringify(entries.map((entry) => entry.detail))).not.toContain('vendor');
    await expect(change({ assigned_to: '42' })).rejects.toMatchObject({ code: 'person_unknown' });
  });
});

describe('resolving', () => {
  it('replays a whole group of many, oldest first', async () => {
    const ids = await failing(5, NAME);
    const calls: bigint[] = [];
    const chunked = createErrorHandlers({
      db: world.db,
      engine: {
        ...world.engine,
        replay: (request) => {
          calls.push(...request.messageIds);
          return world.engine.replay(request);
        },
      },
    });
    const params = { fingerprint: await fingerprintOf('validation') };
    const body = { reason: 'mapping corrected' };
    expect(await chunked.replayErrorGroup({ params, query: undefined, body, context })).toEqual({ count: 5 });
    expect(calls).toEqual(ids);
    expect((await groups()).items).toEqual([]);
    expect(entries.at(-1)?.detail).toMatchObject({ messages: 5, reason: 'mapping corrected' });
    await expect(chunked.replayErrorGroup({ params, query: undefined, body, context })).rejects.toMatchObject({
      code: 'error_group_unknown',
    });
  });

  it('discards the named ones alone', async () => {
    const [first, second, third] = await failing(3, NAME);
    const [other] = await failing(1, CODE);
    const params = { fingerprint: await fingerprintOf('validation') };
    const body = { reason: 'test data', message_ids: [first, third, other].map(String) };
    expect(await api.discardErrorGroup({ params, query: undefined, body, context })).toEqual({ count: 2 });
    const left = await api.listGroupMessages({ params, query: { limit: 10 }, body: undefined, context });
    expect(left.items.map((item) => item.id)).toEqual([String(second)]);
    expect(await groups('mapping')).toMatchObject({ items: [{ count: 1 }] });
  });
});
