import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adt, createWorld, type World } from '../testing.ts';
import { readMessageDetail, type MessageDetailDeps } from './message-detail.ts';
import { createStoredMappings } from './stored-mappings.ts';
import type { MappingView } from './mapping-view.ts';
import type { TreeNodeView } from './message-tree.ts';
import { changeViews } from './change-view.ts';

let world: World;
let deps: MessageDetailDeps;
let system: Awaited<ReturnType<World['system']>>;

beforeAll(async () => {
  world = await createWorld();
  deps = { db: world.db, sealer: world.sealer, mappings: createStoredMappings() };
  system = await world.system(await world.environment('dev'), 'clinic');
});
afterAll(() => world.close());

async function detail(id: bigint, seesPatients = true) {
  const found = await readMessageDetail(deps, String(id), { seesPatients });
  if (found === undefined) throw new Error('The message was not found.');
  return found;
}

describe('a delivered message', () => {
  const bytes = adt({ control: 'A', family: 'Doe', given: 'John', mrn: '1001' });
  let id: bigint;
  let patient: bigint;
  beforeAll(async () => {
    id = await world.receive(system, bytes);
    ({ patient } = await world.deliver(system, id, bytes));
  });

  it('is shown byte for byte, with a tree whose offsets point into it', async () => {
    const found = await detail(id);
    expect(Buffer.from(found.raw_base64, 'base64')).toEqual(bytes);
    expect(found).toMatchObject({ hl7_version: '2.5.1', charset: 'utf-8', tree_problem: null, peer: '10.1.2.3:5000' });
    const pid = found.tree.find((node) => node.path === 'PID');
    const family = pid?.children?.find((node) => node.path === 'PID-5')?.children?.[0];
    expect(family).toMatchObject({ value: 'Doe' });
    expect(bytes.subarray(family?.start, family?.end).toString()).toBe('Doe');
  });

  it('tells its steps on a line of time, and how each rule got its value', async () => {
    const { transactions } = await detail(id);
    expect(transactions).toHaveLength(1);
    const [transaction] = transactions;
    expect(transaction).toMatchObject({
      kind: 'first',
      state: 'delivered',
      node: 'node-a',
      mapping: { key: 'test-patient', version: 3 },
      patient_id: String(patient),
    });
    const steps = transaction?.steps ?? [];
    expect(steps.map((step) => step.name)).toEqual(['unseal', 'parse', 'map', 'match', 'record']);
    for (const [i, step] of steps.slice(1).entries()) {
      const before = steps[i];
      expect(step.at_ms).toBeCloseTo((before?.at_ms ?? 0) + (before?.took_ms ?? 0));
    }
    const view = steps[2]?.output as MappingView;
    expect(view.as_processed).toBe(true);
    const born = view.rules.find((rule) => rule.target === 'date_of_birth');
    expect(born).toMatchObject({
      label: 'Date of birth',
      place: 'PID-7',
      raw: '19700102',
      steps: [{ fn: 'date', value: '1970-01-02' }],
      result: '1970-01-02',
    });
    expect(view.items).toMatchObject([{ target: 'identifiers', place: 'PID-3', outcome: 'item' }]);
  });

  it('lists what an update changed, old and new', async () => {
    const update = adt({ control: 'B', family: 'Doe', given: 'John', mrn: '1001', event: 'A08', city: 'Chicago' });
    const second = await world.receive(system, update);
    await world.deliver(system, second, update);
    const { transactions, later_applied } = await detail(second);
    // The update came after the registration, which a replay would bring back.
    expect([(await detail(id)).later_applied, later_applied]).toEqual([1, 0]);
    expect(transactions[0]?.changes).toEqual([
      {
        path: 'address.city',
        label: 'Address: city',
        old: 'Springfield',
        new: 'Chicago',
        lines: [{ label: 'Address: city', old: 'Springfield', new: 'Chicago' }],
        more_lines: 0,
      },
    ]);
  });

  it('names the patient only to those who may see patients', async () => {
    expect((await detail(id)).patient_name).toBe('Doe, John');
    expect((await detail(id, false)).patient_name).toBeNull();
  });
});

describe('a message that repeats a field by the thousand', () => {
  it('is answered in bounds, and says how much more there is', async () => {
    const numbers = Array.from({ length: 3_000 }, (_, i) => `M${i}^^^NG^MR`).join('~');
    const usual = adt({ control: 'MANY', family: 'Many', given: 'A', mrn: 'M0' }).toString();
    const bytes = Buffer.from(usual.replace('M0^^^NG^MR', numbers));
    const id = await world.receive(system, bytes);
    await world.deliver(system, id, bytes);
    const found = await detail(id);
    const count = (nodes: readonly TreeNodeView[]): number =>
      nodes.reduce((sum, node) => sum + 1 + count(node.children ?? []), 0);
    expect(count(found.tree)).toBeLessThanOrEqual(10_001);
    expect(found.tree_problem).toMatch('10,000');
    const view = found.transactions[0]?.steps.find((step) => step.name === 'map')?.output as MappingView;
    expect(view.items.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(found).length).toBeLessThan(3_000_000);
  });

  it('shows the beginning of what it changed', () => {
    const identifiers = Array.from({ length: 3_000 }, (_, i) => ({ type: 'MR', authority: 'NG', value: `M${i}` }));
    const [change] = changeViews([{ path: 'identifiers', old: null, new: identifiers }]);
    expect(change).toMatchObject({ more_lines: 2_800 });
    expect(change?.lines).toHaveLength(200);
    expect(change?.new).toHaveLength(200);
  });
});

describe('a message that was repaired', () => {
  it('keeps the original beside the repair, each processing with its own content', async () => {
    const broken = adt({ control: 'C', family: '', given: 'Eve', mrn: '3003' });
    const repaired = adt({ control: 'C', family: 'Moss', given: 'Eve', mrn: '3003' });
    const id = await world.receive(system, broken);
    await world.fail(system, id, { cause: 'validation', code: 'mapping.required-missing', place: 'PID-5.1' });
    await world.engine.replay({
      messageIds: [id],
      kind: 'repair',
      requestedBy: 'Ann',
      reason: 'family name asked for by phone',
      content: repaired,
    });
    const waiting = await detail(id);
    expect(waiting.transactions.map((one) => one.state)).toEqual(['failed', 'queued']);

    await world.deliver(system, id, repaired);
    const found = await detail(id);
    expect(found).toMatchObject({ state: 'delivered', failure: null, flags: ['repaired'] });
    expect(Buffer.from(found.raw_base64, 'base64')).toEqual(broken);
    expect(Buffer.from(found.repaired_base64 ?? '', 'base64')).toEqual(repaired);
    const [first, second] = found.transactions;
    expect(first).toMatchObject({ state: 'failed', failure: { code: 'mapping.required-missing', place: 'PID-5.1' } });
    expect(second).toMatchObject({ kind: 'repair', requested_by: 'Ann', note: 'family name asked for by phone' });
    const view = second?.steps.find((step) => step.name === 'map')?.output as MappingView;
    expect(view.rules[0]).toMatchObject({ target: 'last_name', result: 'Moss' });
  });
});

describe('a message that is no HL7', () => {
  it('is shown with the reason why there is no tree', async () => {
    const id = await world.receive(system, Buffer.from('GET / HTTP/1.1'));
    await world.fail(system, id, { cause: 'message_format', code: 'hl7.no-header', place: 'byte 0' });
    const found = await detail(id);
    expect(found.tree).toEqual([]);
    expect(found.tree_problem).toMatch(/MSH/);
    expect(found.failure?.sentence).toMatch(/message header/);
  });
});

describe('the acknowledgment', () => {
  const bytes = adt({ control: 'K', family: 'Ack', given: 'A', mrn: '4' });
  it('was sent at the commit', async () => {
    const id = await world.receive(system, bytes);
    expect((await detail(id)).acknowledgment).toMatchObject({ code: 'AA', when: 'commit', sent: 'sent' });
  });

  it('could not be handed over', async () => {
    const id = await world.receive(system, bytes);
    await world.db.query(`insert into unsent_acknowledgments (message_id, reason) values ($1, 'peer gone')`, [id]);
    expect((await detail(id)).acknowledgment).toMatchObject({
      sent: 'not-sent',
      text: expect.stringMatching('peer gone'),
    });
  });

  it('waits for the outcome, then tells it', async () => {
    const id = await world.receive(system, bytes, { ackCode: '', replyNode: 1 });
    expect((await detail(id)).acknowledgment).toMatchObject({ code: '', when: 'processed', sent: 'pending' });
    await world.db.query(`update listeners set ack_when = 'processed' where id = $1`, [system.listener]);
    await world.fail(system, id, { cause: 'mapping', code: 'mapping.code-refused', place: 'PID-8' });
    expect((await detail(id)).acknowledgment).toMatchObject({ code: 'AE', when: 'processed', sent: 'sent' });
  });
});

it('knows nothing of an id that was never given', async () => {
  expect(await readMessageDetail(deps, '12345', { seesPatients: true })).toBeUndefined();
});
