import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboard as contract } from '../contract/dashboard.ts';
import { adt, createWorld, type World } from '../records/testing.ts';
import { createDashboard } from './dashboard.ts';

const NOW = Date.UTC(2026, 10, 10, 12, 30, 30);
const MINUTE = 60_000;
let world: World;
let read: ReturnType<typeof createDashboard>;
let good: Awaited<ReturnType<World['system']>>;
let bad: Awaited<ReturnType<World['system']>>;

beforeAll(async () => {
  world = await createWorld({ nowMs: NOW - 40 * MINUTE });
  const live = { received: 0, delivered: 0, filtered: 0, failed: 0, waiting: 0, ratePerSecond: 3.5, accepting: true };
  read = createDashboard({
    db: world.db,
    live: () => ({ ...live, ackP50: 1.5, ackP99: 8, processP50: null, processP99: null }),
    productLabel: (key) => (key === 'test-pms' ? 'Test PMS' : undefined),
    now: () => NOW,
  });
  good = await world.system(await world.environment('dev'), 'good');
  bad = await world.system(await world.environment('prod', 'production'), 'bad');
  const bytes = adt({ control: 'A', family: 'Doe', given: 'John', mrn: '1' });
  const send = async (system: typeof good) => world.receive(system, bytes);
  for (let n = 0; n < 3; n++) await world.deliver(good, await send(good), bytes);
  world.at(NOW - 2 * MINUTE);
  await send(good);
  for (let n = 0; n < 2; n++) {
    await world.fail(bad, await send(bad), { cause: 'mapping', code: 'mapping.code-refused', place: 'PID-8' });
  }
});
afterAll(() => world.close());

it('counts a span exactly, with a point for every bucket', async () => {
  const shown = contract.parse(await read({ range: '1h' }));
  expect(shown.figures).toMatchObject({
    received: 6,
    delivered: 3,
    failed: 2,
    open_errors: 2,
    waiting: 1,
    rate_per_second: 3.5,
    ack_p99_ms: 8,
    process_p50_ms: null,
  });
  expect(Math.round(shown.figures.oldest_waiting_seconds)).toBe(120);
  expect(shown.series).toHaveLength(60);
  expect(shown.series.at(-1)?.at).toBe('2026-11-10T12:30:00.000Z');
  expect(shown.series.reduce((sum, point) => sum + point.received, 0)).toBe(6);
  expect(shown.series.find((point) => point.at === '2026-11-10T12:28:00.000Z')).toMatchObject({
    received: 3,
    failed: 2,
  });
});

it('leaves out what is older than the span', async () => {
  const shown = await read({ range: '15m' });
  expect(shown.figures).toMatchObject({ received: 3, delivered: 0, failed: 2 });
});

it('shows one environment alone', async () => {
  const shown = await read({ range: '1h', environment: String(bad.environmentId) });
  expect(shown.figures).toMatchObject({ received: 2, delivered: 0, failed: 2, waiting: 0, oldest_waiting_seconds: 0 });
  expect(shown.systems.map((system) => system.name)).toEqual(['bad']);
});

it('tells how each system stands, with the reason', async () => {
  const { systems } = await read({ range: '1h' });
  const line = (name: string) => systems.find((system) => system.name === name);
  expect(line('bad')).toMatchObject({
    environment_key: 'prod',
    product_label: 'Test PMS',
    health: { state: 'failing', reason: '2 messages failed in the last 15 minutes, of 2 received.' },
    open_errors: 2,
    received: 2,
    failed: 2,
  });
  expect(line('good')).toMatchObject({
    health: { state: 'attention', reason: 'Messages wait for up to 2 minutes.' },
    waiting: 1,
    received: 4,
  });
  expect(line('good')?.last_message_at).toBe(new Date(NOW - 2 * MINUTE + 10).toISOString());
  expect(line('good')?.sparkline.reduce((sum, count) => sum + count, 0)).toBe(4);
});

describe('with thousands waiting', () => {
  it('keeps the total exact and the shares of the systems close', async () => {
    const from = world.ids.next();
    await world.db.query(
      `with m as (
         insert into messages select $1::bigint + n, case when n % 4 = 0 then $2::bigint else $3::bigint end, 1, 0, 0, '\\x00', 'ADT^A08', 'x', '', 1, 'AA', '\\x00'
         from generate_series(1, 20000) n returning id)
       insert into queue select id, id, 0, 0, 0, 0, null, 1 from m`,
      [from, bad.id, good.id],
    );
    const { figures, systems } = await read({ range: '1h' });
    expect(figures.waiting).toBe(20_001);
    const share = (systems.find((system) => system.name === 'bad')?.waiting ?? 0) / 20_000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });
});
