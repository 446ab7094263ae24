import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adt, createWorld, type World } from '../testing.ts';
import { searchMessages, type MessageSearchDeps, type MessageSearchRequest } from './search-messages.ts';

let world: World;
let deps: MessageSearchDeps;
let north: Awaited<ReturnType<World['system']>>;
let south: Awaited<ReturnType<World['system']>>;
const HOUR = 3_600_000;

beforeAll(async () => {
  world = await createWorld();
  deps = {
    db: world.db,
    sealer: world.sealer,
    searchIndex: world.indexes.search,
    controlKey: world.controlKey,
    now: world.now,
    monotonic: () => performance.now(),
  };
  north = await world.system(await world.environment('north'), 'north-clinic');
  south = await world.system(await world.environment('south'), 'south-clinic');
});
afterAll(() => world.close());

const search = (request: Partial<MessageSearchRequest>, seesPatients = true) =>
  searchMessages(deps, { limit: 100, ...request }, { seesPatients });
const idsOf = async (request: Partial<MessageSearchRequest>) => (await search(request)).items.map((item) => item.id);

describe('search by patient', () => {
  let delivered: bigint;
  let elsewhere: bigint;
  let failed: bigint;

  beforeAll(async () => {
    const doe = adt({ control: 'D1', family: 'Doe', given: 'John', mrn: '1001' });
    delivered = await world.receive(north, doe);
    await world.deliver(north, delivered, doe);
    elsewhere = await world.receive(south, doe);
    await world.deliver(south, elsewhere, doe);
    const unmatched = adt({ control: 'D2', family: 'Doe', given: 'Jane', mrn: '2002' });
    failed = await world.receive(north, unmatched);
    await world.fail(north, failed, { cause: 'matching', code: 'match.ambiguous', place: 'PID-3' }, unmatched);
  });

  it('finds messages by a name, also those that failed before they reached a patient', async () => {
    expect(await idsOf({ text: 'doe' })).toEqual([failed, elsewhere, delivered].map(String));
  });

  it('narrows by every word', async () => {
    expect(await idsOf({ text: 'doe jane' })).toEqual([String(failed)]);
    expect(await idsOf({ text: '1001 x' })).toEqual([]);
    expect(await idsOf({ text: 'doe 1001', environment: String(north.environmentId) })).toEqual([String(delivered)]);
  });

  it('keeps environments apart', async () => {
    expect(await idsOf({ text: '1001', environment: String(south.environmentId) })).toEqual([String(elsewhere)]);
  });

  it('names patients only to those who may see them', async () => {
    const named = await search({ text: '1001', system: String(north.id) });
    expect(named.items[0]?.patient_name).toBe('Doe, John');
    const hidden = await search({ text: '1001', system: String(north.id) }, false);
    expect(hidden.items[0]).toMatchObject({ id: String(delivered), patient_name: null });
  });

  it('goes by the id of a patient', async () => {
    const { items } = await search({ text: '1001', system: String(north.id) });
    const patient = items[0]?.patient_id ?? '';
    expect(await idsOf({ patient })).toEqual([String(delivered)]);
    expect(await idsOf({ patient: '9999999999999999999' })).toEqual([]);
  });

  it('finds what is older than a year, and the newest of many messages first', async () => {
    const system = await world.system(north.environmentId, 'old');
    const bytes = adt({ control: 'O', family: 'Methuselah', given: 'M', mrn: '969' });
    const old = await world.receive(system, bytes);
    await world.deliver(system, old, bytes);
    const later = { ...deps, now: () => world.now() + 500 * 24 * HOUR };
    const request = { limit: 10, text: 'methuselah' };
    const { items } = await searchMessages(later, request, { seesPatients: false });
    expect(items.map((item) => item.id)).toEqual([String(old)]);
  });

  it('refuses a text that holds nothing to search by', async () => {
    await expect(search({ text: 'x' })).rejects.toMatchObject({ code: 'search_text_unusable', status: 422 });
  });
});

describe('search by what a message is', () => {
  it('finds a control id under each listener', async () => {
    const one = await world.receive(north, adt({ control: 'CTL-7', family: 'Roe', given: 'A', mrn: '7' }));
    const two = await world.receive(south, adt({ control: 'CTL-7', family: 'Roe', given: 'A', mrn: '7' }));
    expect(await idsOf({ control_id: 'CTL-7' })).toEqual([String(two), String(one)]);
    expect(await idsOf({ control_id: 'CTL-7', system: String(north.id) })).toEqual([String(one)]);
    expect(await idsOf({ control_id: 'CTL-8' })).toEqual([]);
  });

  it('takes a type whole or all its events', async () => {
    const update = await world.receive(
      north,
      adt({ control: 'T1', family: 'Roe', given: 'B', mrn: '8', event: 'A08' }),
    );
    expect(await idsOf({ type: 'ADT^A08' })).toEqual([String(update)]);
    expect(await idsOf({ type: 'ADT' })).toContain(String(update));
    expect(await idsOf({ type: 'AD' })).toEqual([]);
  });

  it('takes a span of time, its end excluded', async () => {
    world.at(world.now() + HOUR);
    const from = new Date(world.now() + 5).toISOString();
    const inside = await world.receive(north, adt({ control: 'S1', family: 'Roe', given: 'C', mrn: '9' }));
    const to = new Date(world.now() + 5).toISOString();
    await world.receive(north, adt({ control: 'S2', family: 'Roe', given: 'C', mrn: '9' }));
    expect(await idsOf({ from, to })).toEqual([String(inside)]);
  });
});

describe('states', () => {
  it('tells where each message stands', async () => {
    const system = await world.system(north.environmentId, 'states');
    const send = (control: string) => world.receive(system, adt({ control, family: 'Poe', given: 'E', mrn: '77' }));
    const bytes = adt({ control: 'X', family: 'Poe', given: 'E', mrn: '77' });
    const failure = { cause: 'validation', code: 'mapping.required-missing', place: 'PID-5.1' } as const;
    const ids = {
      queued: await send('Q'),
      retrying: await send('R'),
      held: await send('H'),
      delivered: await send('D'),
      filtered: await send('F'),
      failed: await send('E'),
      discarded: await send('X'),
      replayed: await send('P'),
    };
    await world.defer(ids.retrying, 'retry', [
      { at: new Date().toISOString(), cause: 'internal', code: 'store.conflict' },
    ]);
    await world.defer(ids.held, 'lane');
    await world.deliver(system, ids.delivered, bytes);
    await world.end(system, ids.filtered, { state: 'filtered', steps: [], flags: 1, duplicateOf: ids.delivered });
    for (const id of [ids.failed, ids.discarded, ids.replayed]) await world.fail(system, id, failure);
    await world.engine.discard({ messageIds: [ids.discarded], by: 'Ann', reason: 'a test' });
    await world.engine.replay({ messageIds: [ids.replayed], kind: 'replay', requestedBy: 'Ann', reason: 'again' });

    const { items } = await search({ system: String(system.id) });
    const states = Object.fromEntries(items.map((item) => [item.id, item.state]));
    expect(states).toEqual({
      [String(ids.queued)]: 'queued',
      [String(ids.retrying)]: 'retrying',
      [String(ids.held)]: 'held',
      [String(ids.delivered)]: 'delivered',
      [String(ids.filtered)]: 'filtered',
      [String(ids.failed)]: 'failed',
      [String(ids.discarded)]: 'discarded',
      [String(ids.replayed)]: 'queued',
    });
    const item = (id: bigint) => items.find((one) => one.id === String(id));
    expect(item(ids.filtered)?.flags).toEqual(['duplicate']);
    expect(item(ids.replayed)?.flags).toEqual(['replayed']);
    expect(item(ids.retrying)?.failure).toMatchObject({ cause: 'internal', code: 'store.conflict' });
    expect(item(ids.failed)?.failure).toMatchObject({ cause: 'validation', place: 'PID-5.1' });

    for (const state of ['queued', 'retrying', 'held', 'delivered', 'filtered', 'failed', 'discarded'] as const) {
      const expected = Object.keys(states)
        .filter((id) => states[id] === state)
        .sort();
      expect((await idsOf({ system: String(system.id), state: [state] })).sort(), state).toEqual(expected);
    }
    expect(await idsOf({ system: String(system.id), state: ['failed', 'delivered'] })).toEqual(
      [ids.failed, ids.delivered].map(String),
    );
    expect(await idsOf({ system: String(system.id), cause: 'internal' })).toEqual([String(ids.retrying)]);
    expect(await idsOf({ system: String(system.id), cause: 'validation', state: ['failed'] })).toEqual([
      String(ids.failed),
    ]);

    const again = await world.deliver(system, ids.replayed, bytes);
    const [after] = (await search({ system: String(system.id), control_id: 'P' })).items;
    expect(after).toMatchObject({ state: 'delivered', failure: null, patient_id: String(again.patient) });
  });
});

describe('pages', () => {
  it('go on where the one before ended, whatever leads the search', async () => {
    const system = await world.system(north.environmentId, 'pages');
    const sent: string[] = [];
    for (let n = 0; n < 7; n++) {
      const bytes = adt({ control: `P${n}`, family: 'Long', given: 'Page', mrn: '555' });
      const id = await world.receive(system, bytes);
      await world.deliver(system, id, bytes);
      sent.unshift(String(id));
    }
    for (const request of [{ system: String(system.id) }, { text: 'long 555' }]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await search({ ...request, limit: 3, cursor });
        expect(page.items.length).toBeLessThanOrEqual(3);
        seen.push(...page.items.map((item) => item.id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen).toEqual(sent);
    }
  });

  it('refuses a cursor of its own making', async () => {
    await expect(search({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
});

describe('a rare message', () => {
  it('is found behind much traffic of others without looking at all of it', async () => {
    const quiet = await world.system(south.environmentId, 'quiet');
    const early = world.now();
    const rare = await world.receive(quiet, adt({ control: 'RARE', family: 'Far', given: 'Away', mrn: '1' }));
    world.at(early + 3 * HOUR);
    // 60,000 messages of another system, cheap ones, in the hours after.
    await world.db.query(
      `insert into messages select $1::bigint + (n::bigint << 22), $2::bigint, $3::bigint, 0, 0, '\\x00', 'ADT^A08', 'bulk', '', 1, 'AA', '\\x00'
       from generate_series(1, 60000) n`,
      [world.ids.next(), north.id, north.listener],
    );
    await world.db.query(
      `insert into traffic (minute, system_id, listener_id, node, received) values (date_trunc('minute', $1::timestamptz), $2, $3, 1, 60000)`,
      [new Date(world.now()), north.id, north.listener],
    );
    // A budget that one step uses up: only skipping reaches the message in one page.
    let ticks = 0;
    const page = await searchMessages(
      { ...deps, monotonic: () => ticks++ * 10_000 },
      { limit: 10, system: String(quiet.id) },
      { seesPatients: false },
    );
    expect(page.items.map((item) => item.id)).toEqual([String(rare)]);
  });

  it('is looked for a stretch at a time when nothing leads to it', async () => {
    let ticks = 0;
    const impatient = { ...deps, monotonic: () => ticks++ * 10_000 };
    const first = await searchMessages(impatient, { limit: 10, type: 'ADT^A04' }, { seesPatients: false });
    expect(first.items).toEqual([]);
    expect(first.next).toBeDefined();
    const pages = [];
    let cursor = first.next;
    while (cursor !== undefined && pages.length < 10) {
      const page = await searchMessages(impatient, { limit: 10, type: 'ADT^A04', cursor }, { seesPatients: false });
      pages.push(page);
      if (page.items.length > 0) break;
      cursor = page.next;
    }
    expect(pages.at(-1)?.items[0]?.control_id).toBe('RARE');
  });
});
