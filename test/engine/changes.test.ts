import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MAPPINGS } from '../../src/connectors/registry.ts';
import { mappingChecksum } from '../../src/records/settings/default-settings.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { send, startNode, type Node } from './node.ts';
import { until } from './until.ts';
import { END_CHANNEL, mortalWorkerFile } from './worker-file.ts';

let bed: Bed;
let node: Node | undefined;
beforeEach(async () => {
  bed = await makeBed({ holdSeconds: 0 });
});
afterEach(async () => {
  await node?.stop();
  node = undefined;
  await bed.close();
});

const stateOf = (controlId: string): Promise<Record<string, unknown>> =>
  until(async () => {
    const [row] = await bed.rows(
      'select t.state, t.code from transactions t join messages m on m.id = t.message_id where m.control_id = $1',
      [controlId],
    );
    return row;
  });

/** Stores a version of a mapping of the practice's own. */
async function addMapping(version: number, body: unknown): Promise<void> {
  await settingsStore.addMapping(
    bed.db,
    bed.ids.next(),
    { key: 'own', category: 'patient', version, origin: 'own', body },
    mappingChecksum(body),
  );
}

/** The default mapping without what reads the last name. */
function mappingWithoutLastName(): unknown {
  const text = JSON.stringify(DEFAULT_MAPPINGS[0]?.body);
  const body = JSON.parse(text) as { key: string; version: number; rules: { target: string }[] };
  return { ...body, key: 'own', rules: body.rules.filter(({ target }) => target !== 'last_name') };
}

describe('a changed listener', () => {
  it('is opened at its new port and closed at the old one', async () => {
    const { id, port } = await bed.addListener();
    const other = await bed.addListener({ enabled: false });
    node = await startNode(bed);
    await send(port, [adt({ controlId: 'a' })]);
    await settingsStore.removeListener(bed.db, other.id);
    await bed.changeListener(id, { port: other.port });
    await node.engine.settingsChanged();
    await until(() => send(other.port, [adt({ controlId: 'b' })], { timeoutMs: 300 }).catch(() => false));
    await expect(send(port, [adt({ controlId: 'c' })], { timeoutMs: 300 })).rejects.toThrow();
    expect(await bed.rows('select status from listener_status')).toEqual([{ status: 'listening' }]);
  });

  it('whose port another program has says so, and is opened when the port is free', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port)),
    );
    await bed.addListener({ port });
    node = await startNode(bed);
    expect(node.engine.listenerStatuses()[0]).toMatchObject({
      status: 'failed',
      reason: `Port ${port} is used by another program.`,
    });
    const told = (): number => node?.log.filter(({ message }) => message.includes('could not be opened')).length ?? 0;
    expect(told()).toBe(1);
    await new Promise((resolve) => blocker.close(resolve));
    await until(() => node?.engine.listenerStatuses()[0]?.status === 'listening');
    expect(told()).toBe(1);
    await send(port, [adt({ controlId: 'a' })]);
  });
});

describe('a changed mapping', () => {
  it('is in force for what comes after it', async () => {
    const { port } = await bed.addListener();
    node = await startNode(bed);
    await send(port, [adt({ controlId: 'a', mrn: '1', family: 'ASH' })]);
    await stateOf('a');
    await addMapping(1, mappingWithoutLastName());
    await bed.saveSystem({ holdSeconds: 0, mappingKey: 'own' });
    await node.engine.settingsChanged();
    const [mapping] = await bed.rows<{ id: string }>(`select id from mappings where key = 'own'`);
    for (let n = 0; ; n++) {
      await send(port, [adt({ controlId: `b${n}`, mrn: '2', family: 'BEECH' })]);
      await stateOf(`b${n}`);
      const [used] = await bed.rows('select 1 from transactions where mapping_id = $1', [mapping?.id]);
      if (used !== undefined) break;
      await bed.rows('delete from patient_identifiers where patient_id in (select max(id) from patients)');
    }
    await send(port, [adt({ controlId: 'c', mrn: '3', family: 'CEDAR' })]);
    await stateOf('c');
    const patients = await bed.patients();
    expect(patients.get('1')?.record.fields.last_name).toBe('ASH');
    expect(patients.get('3')?.record.fields.last_name).toBeUndefined();
    expect(patients.get('3')?.record.fields.first_name).toBe('ANNA');
  });

  it('that cannot be used fails the messages of its system, at the start too, and is mended by the next', async () => {
    await addMapping(1, { key: 'own', version: 1, nonsense: true });
    await bed.saveSystem({ holdSeconds: 0, mappingKey: 'own' });
    const { port } = await bed.addListener();
    node = await startNode(bed);
    await send(port, [adt({ controlId: 'a', mrn: '1' })]);
    expect(await stateOf('a')).toEqual({ state: 3, code: 'mapping.unusable' });
    expect(
      node.log.filter(({ level, fields }) => level === 'error' && fields['mapping'] === 'own version 1').length,
    ).toBe(1);
    await addMapping(2, mappingWithoutLastName());
    await node.engine.settingsChanged();
    for (let n = 0; ; n++) {
      await send(port, [adt({ controlId: `b${n}`, mrn: '1' })]);
      if ((await stateOf(`b${n}`))['state'] === 1) break;
    }
    const [failed] = await bed.rows<{ message_id: string }>(
      `select message_id from errors order by message_id limit 1`,
    );
    await node.engine.replay({
      messageIds: [BigInt(failed?.message_id ?? 0)],
      kind: 'replay',
      requestedBy: 'somebody',
      reason: 'the mapping is mended',
    });
    await until(async () => {
      const [row] = await bed.rows('select state from errors where message_id = $1', [failed?.message_id]);
      return row?.['state'] === 'resolved';
    });
  });
});

describe('a new system', () => {
  it('takes its first message although the worker has not heard of it', async () => {
    const { port } = await bed.addListener();
    node = await startNode(bed);
    // A message of a system that came a moment ago: moved to it before the worker looks.
    const newer = bed.ids.next();
    await bed.rows(
      `insert into systems (id, key, name, environment_id, product, product_version, methods, time_zone, country, settings)
       select $1, 'newer', 'Newer', environment_id, product, product_version, methods, time_zone, country, settings from systems`,
      [String(newer)],
    );
    await bed.rows(
      `create function move() returns trigger language plpgsql as $$ begin new.system_id := ${newer}; return new; end $$`,
    );
    await bed.rows('create trigger move before insert on messages for each row execute function move()');
    await send(port, [adt({ controlId: 'a', mrn: '1' })]);
    expect(await stateOf('a')).toEqual({ state: 1, code: null });
  });
});

describe('a worker thread that dies', () => {
  it('is started anew and goes on where it was', async () => {
    const { port } = await bed.addListener();
    node = await startNode(bed, { workerFile: await mortalWorkerFile() });
    const end = new BroadcastChannel(END_CHANNEL);
    const phones = Array.from({ length: 200 }, (_, n) =>
      adt({ controlId: `m${n}`, mrn: '1', phone: `21755${50_000 + n}` }),
    );
    for (let part = 0; part < 4; part++) {
      await send(port, phones.slice(part * 50, part * 50 + 50), { pipelined: true });
      const restarts = (): number => node?.log.filter(({ message }) => message.includes('started anew')).length ?? 0;
      const before = restarts();
      end.postMessage('now');
      await until(() => restarts() > before);
    }
    end.close();
    await until(async () => (await bed.rows('select 1 from queue')).length === 0);
    const ids = await bed.rows<{ message_id: string }>('select message_id from patient_history order by version');
    expect(ids).toHaveLength(200);
    expect(ids.map((row) => row.message_id)).toEqual(ids.map((row) => row.message_id).toSorted());
    expect(await bed.rows('select sum(delivered)::int as delivered from traffic')).toEqual([{ delivered: 200 }]);
  });
});

describe('a clock that was set back between two starts', () => {
  it('does not put new messages before those that wait', async () => {
    const { port } = await bed.addListener();
    // It waits since a time that has not come yet.
    const waiting = (BigInt(Date.now() - Date.UTC(2024, 0, 1) + 60_000) << 22n) | 1n;
    node = await startNode(bed);
    await send(port, [adt({ controlId: 'first', mrn: '1', family: 'ASH' })]);
    await stateOf('first');
    await node.stop();
    await bed.rows('update messages set id = $1', [String(waiting)]);
    await bed.rows(`insert into deferred (message_id, transaction_id, lane, shard, kind, attempts, size, waits_for, due_at)
      select id, id, lane, lane & 63, 0, 1, size, 'retry', now() + interval '1 hour' from messages`);
    node = await startNode(bed);
    await send(port, [adt({ controlId: 'second', mrn: '1', family: 'BEECH' })]);
    const rows = await bed.rows<{ control_id: string }>('select control_id from messages order by id');
    expect(rows.map((row) => row.control_id)).toEqual(['first', 'second']);
  });
});
