import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeSession } from '../../src/engine/nodes/node-session.ts';
import { auditKeys } from '../../src/security/audit-entry.ts';
import { rotateDataKey } from '../../src/security/rotate.ts';
import { verifyAudit } from '../../src/security/verify-audit.ts';
import { connectPg } from '../../src/store/pg-database.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { send, startNode, type Node, type NodePlan } from './node.ts';
import { until } from './until.ts';

let bed: Bed;
let nodes: Node[];
beforeEach(async () => {
  bed = await makeBed({ holdSeconds: 0 });
  nodes = [];
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await bed.close();
});

async function start(plan: NodePlan = {}): Promise<Node> {
  const node = await startNode(bed, plan);
  nodes.push(node);
  return node;
}
async function stop(node: Node): Promise<void> {
  nodes = nodes.filter((each) => each !== node);
  await node.stop();
}
const shardsOf = async (node: Node): Promise<number> =>
  (await bed.rows('select 1 from shards where node = $1', [node.session.identity.node])).length;
const drained = (): Promise<boolean> =>
  until(async () => (await bed.rows('select 1 from queue union all select 1 from deferred')).length === 0);

/** Changes of a few patients, each with another phone number. */
function changes(count: number, prefix: string, patients = 5): Buffer[] {
  return Array.from({ length: count }, (_, n) =>
    adt({ controlId: `${prefix}${n}`, mrn: String((n % patients) + 1), phone: `21755${String(50_000 + n)}` }),
  );
}

/** Every message was processed exactly once, each patient's in their order, and the audit is whole. */
async function expectAllAppliedOnce(count: number): Promise<void> {
  const [row] =
    await bed.rows(`select (select count(*) from messages)::int as messages, (select count(*) from transactions where state = 1)::int as delivered,
    (select sum(delivered) from traffic)::int as counted, (select count(*) from errors)::int as errors`);
  expect(row).toEqual({ messages: count, delivered: count, counted: count, errors: 0 });
  const wrong = await bed.rows(
    `select 1 from (select message_id, lag(message_id) over (partition by patient_id order by version) as before from patient_history) h
     where before > message_id`,
  );
  expect(wrong).toEqual([]);
  expect(await verifyAudit(bed.db, auditKeys(bed.keys.keyring))).toMatchObject({ intact: true });
}

describe('two nodes on one database', () => {
  it('share the lanes evenly, and a stopped one gives its own back', async () => {
    const one = await start({ name: 'one' });
    expect(await shardsOf(one)).toBe(64);
    const two = await start({ name: 'two' });
    await until(async () => (await shardsOf(one)) === 32 && (await shardsOf(two)) === 32);
    await stop(two);
    await until(async () => (await shardsOf(one)) === 64);
  });

  it('process what either of them received, in order, once', async () => {
    const first = await bed.addListener({ node: 'one' });
    const second = await bed.addListener({ node: 'two' });
    const one = await start({ name: 'one' });
    const two = await start({ name: 'two' });
    const sending = Promise.all([
      send(first.port, changes(150, 'a'), { pipelined: true }),
      send(
        second.port,
        changes(150, 'b').map((message) => Buffer.from(message.toString().replaceAll('^^^PRACTICE', '^^^ELSEWHERE'))),
        {
          pipelined: true,
        },
      ),
    ]);
    await until(async () => (await shardsOf(one)) === 32 && (await shardsOf(two)) === 32);
    await sending;
    await drained();
    await expectAllAppliedOnce(300);
    const by = await bed.rows<{ node: number }>('select distinct node from transactions');
    expect(by.length).toBeGreaterThan(0);
  });

  it('acknowledge after processing also what the other one processes', async () => {
    const { port } = await bed.addListener({ node: 'one', ackWhen: 'processed' });
    const one = await start({ name: 'one' });
    const two = await start({ name: 'two' });
    await until(async () => (await shardsOf(one)) === 32 && (await shardsOf(two)) === 32);
    const acks = await send(port, changes(60, 'p', 60), { pipelined: true });
    expect(acks.map(({ code }) => code)).toEqual(new Array(60).fill('AA'));
    const by = await bed.rows('select distinct node from transactions');
    expect(by).toHaveLength(2);
  });

  it('hear of discards and replays from each other', async () => {
    await bed.saveSystem({ holdSeconds: 900 });
    const { port } = await bed.addListener({ node: 'one' });
    const one = await start({ name: 'one' });
    await send(port, [adt({ controlId: 'x', mrn: '1' }), adt({ controlId: 'y', mrn: '2' })]);
    const ambiguous = adt({ controlId: 'z', identifiers: '1^^^PRACTICE^MR~2^^^PRACTICE^MR' });
    await send(port, [ambiguous, adt({ controlId: 'later', mrn: '1', family: 'MAPLE' })]);
    await until(async () => (await bed.rows('select 1 from deferred')).length === 1);
    const two = await start({ name: 'two' });
    await until(async () => (await shardsOf(two)) === 32);
    const [failed] = await bed.rows<{ message_id: string }>(`select message_id from errors`);
    await two.engine.discard({ messageIds: [BigInt(failed?.message_id ?? 0)], by: 'somebody', reason: 'a test' });
    await until(async () => (await bed.patients()).get('1')?.record.fields.last_name === 'MAPLE');
    void one;
  });
});

describe('a command beside a running node', () => {
  it('takes no lanes away', async () => {
    const one = await start();
    const command = new NodeSession({
      connect: () => connectPg(bed.test.connection, 'command'),
      name: 'command',
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      onNotification: () => undefined,
      onRestored: () => undefined,
    });
    await command.start();
    // The node balances once a second.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await shardsOf(one)).toBe(64);
    await command.stop();
  });
});

describe('connections that are cut', () => {
  it('of every kind, again and again, cost no message and no order', async () => {
    const { port } = await bed.addListener();
    await start();
    let cutting = true;
    const kinds = [
      'practice-studio intake',
      'practice-studio worker',
      'practice-studio node',
      'practice-studio',
      'practice-studio worker settings',
    ];
    const cut = (async () => {
      for (let n = 0; cutting; n++) {
        await bed.rows(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()`,
          [kinds[n % kinds.length]],
        );
        await new Promise((resolve) => setTimeout(resolve, 40 + 60 * Math.random()));
      }
    })();
    const acks: string[] = [];
    for (let part = 0; part < 10; part++) {
      const sent = await send(port, changes(60, `${part}-`), { pipelined: true });
      acks.push(...sent.map(({ code }) => code));
    }
    cutting = false;
    await cut;
    expect(acks).toEqual(new Array(600).fill('AA'));
    await drained();
    await expectAllAppliedOnce(600);
  });

  it('of the node alone: it takes its lanes again and hears of settings', async () => {
    const { id, port } = await bed.addListener();
    const node = await start();
    await bed.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'practice-studio node' and datname = current_database()`,
    );
    await until(() => !node.session.alive);
    await bed.changeListener(id, { enabled: false });
    await until(() => node.session.alive);
    await until(() => node.engine.listenerStatuses()[0]?.status === 'stopped');
    await expect(send(port, [adt({ controlId: 'closed' })], { timeoutMs: 300 })).rejects.toThrow();
    await bed.changeListener(id, { enabled: true });
    await node.engine.settingsChanged();
    await until(() => node.engine.listenerStatuses()[0]?.status === 'listening');
    await send(port, [adt({ controlId: 'open', mrn: '1' })]);
    await drained();
    expect(await shardsOf(node)).toBe(64);
  });
});

describe('a stop', () => {
  it('ends what is in hand and gives the lanes back', async () => {
    const { port } = await bed.addListener();
    const node = await start();
    const sending = send(port, changes(300, 's'), { pipelined: true, timeoutMs: 3000 }).catch(() => []);
    await until(async () => (await bed.rows('select 1 from messages limit 1')).length === 1);
    await stop(node);
    await sending;
    const acknowledged = await bed.rows('select 1 from messages');
    expect(await bed.rows('select 1 from shards where node is not null')).toEqual([]);
    // What was stored and not yet processed goes on with the next start.
    await start();
    await drained();
    await expectAllAppliedOnce(acknowledged.length);
  });

  it('ends also while the database is away', async () => {
    const { port } = await bed.addListener();
    const node = await start();
    await send(port, [adt({ controlId: 'first', mrn: '1' })]);
    await letIn(false);
    const sending = send(port, [adt({ controlId: 'second', mrn: '1' })], { timeoutMs: 3000 }).catch(() => []);
    await until(() => node.engine.live().accepting === false);
    await stopQuietly(node, 1500);
    expect(await sending).toEqual([]);
    await letIn(true);
    // The one that was not acknowledged is sent again by its sender; nothing of it was kept half.
    await start();
    await send(port, [adt({ controlId: 'second', mrn: '1' })]);
    await drained();
    await expectAllAppliedOnce(2);
  });
});

/** Cuts the program off from its database and lets nobody in any more, or everybody again. */
async function letIn(allowed: boolean): Promise<void> {
  const client = await connectPg({ ...bed.test.connection, database: 'postgres' }, 'test');
  await client.query(`alter database ${bed.test.connection.database} with allow_connections ${allowed}`);
  if (!allowed) {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'practice-studio%' and datname = $1`,
      [bed.test.connection.database],
    );
  }
  await client.end();
}

async function stopQuietly(node: Node, graceMs: number): Promise<void> {
  nodes = nodes.filter((each) => each !== node);
  await node.stop(graceMs);
}

describe('data keys that are replaced while messages flow', () => {
  it('cost no message', async () => {
    const { port } = await bed.addListener();
    await start({ keyWatchMs: 100 });
    const first = send(port, changes(100, 'before'), { pipelined: true });
    for (const purpose of ['content', 'record'] as const) {
      await rotateDataKey({ db: bed.db, wrapper: bed.keys.masterKey.wrapper, settleMs: 500 }, purpose);
    }
    await first;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await send(port, changes(100, 'after'), { pipelined: true });
    await drained();
    await expectAllAppliedOnce(200);
    // New contents are under the new key: bytes 2 and 3 of a sealed value tell its number.
    const keys = await bed.rows(`select distinct get_byte(content, 2) as key from messages`);
    expect(keys).toHaveLength(2);
  });

  it('are fetched when a message under an unknown key comes', async () => {
    const { port } = await bed.addListener();
    const node = await start({ keyWatchMs: 1_000_000 });
    await rotateDataKey({ db: bed.db, wrapper: bed.keys.masterKey.wrapper, settleMs: 0 }, 'content');
    // Another node seals with the new key already.
    const other = await bed.addListener({ node: 'other' });
    const second = await start({ name: 'other', keyWatchMs: 1_000_000 });
    await until(async () => (await shardsOf(node)) === 32 && (await shardsOf(second)) === 32);
    await send(other.port, changes(40, 'new', 40), { pipelined: true });
    await send(port, changes(40, 'old', 40), { pipelined: true });
    await drained();
    await expectAllAppliedOnce(80);
  });
});
