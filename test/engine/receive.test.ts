import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TRANSACTION_FLAGS } from '../../src/domain/stored-trace.ts';
import { openPeer, until as untilSync } from '../../src/transport/mllp/testing.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { send, startNode, type Node } from './node.ts';
import { until } from './until.ts';

let bed: Bed;
let node: Node;
let port: number;

beforeAll(async () => {
  bed = await makeBed({ holdSeconds: 0 });
  ({ port } = await bed.addListener());
  node = await startNode(bed);
});
afterAll(async () => {
  await node.stop();
  await bed.close();
});

interface Ended {
  readonly state: number;
  readonly code: string | null;
  readonly place: string | null;
  readonly flags: number;
  readonly duplicate_of: string | null;
}

/** How every processing of the messages with a control id ended, oldest first, once there are as many as expected. */
const ended = (controlId: string, count = 1): Promise<Ended[]> =>
  until(async () => {
    const rows = await bed.rows<Ended>(
      `select t.state, t.code, t.place, t.flags, t.duplicate_of from messages m join transactions t on t.message_id = m.id
       where m.control_id = $1 order by m.id, t.id`,
      [controlId],
    );
    return rows.length >= count && rows;
  });

describe('a message', () => {
  it('is acknowledged once it is stored, and becomes a patient', async () => {
    const [ack] = await send(port, [adt({ controlId: 'first', mrn: '1', family: 'BIRCH' })]);
    expect(ack).toMatchObject({ code: 'AA', controlId: 'first', errors: [] });
    expect(await bed.rows(`select 1 from messages where control_id = 'first'`)).toHaveLength(1);
    expect(await ended('first')).toMatchObject([{ state: 1, code: null }]);
    expect((await bed.patients()).get('1')?.record.fields['last_name']).toBe('BIRCH');
    expect(await bed.rows('select 1 from queue')).toEqual([]);
  });

  it('of a type that goes nowhere is taken and shown as filtered', async () => {
    const [ack] = await send(port, [adt({ controlId: 'swap', event: 'A17' })]);
    expect(ack?.code).toBe('AA');
    expect(await ended('swap')).toMatchObject([{ state: 2, code: null }]);
  });

  it('without an identifier of the patient is taken and lies in the error queue', async () => {
    const [ack] = await send(port, [adt({ controlId: 'nobody', identifiers: '' })]);
    expect(ack?.code).toBe('AA');
    expect(await ended('nobody')).toMatchObject([{ state: 3, place: expect.stringMatching(/^PID-3/) as string }]);
    const [error] = await bed.rows(`select e.state, e.place from errors e join messages m on m.id = e.message_id
      where m.control_id = 'nobody'`);
    expect(error).toEqual({ state: 'open', place: expect.stringMatching(/^PID-3/) as string });
  });

  it('whose identifiers belong to two patients is not applied to either', async () => {
    await send(port, [
      adt({ controlId: 'two-a', mrn: '2001', family: 'CEDAR' }),
      adt({ controlId: 'two-b', mrn: '2002', family: 'DOGWOOD' }),
    ]);
    await ended('two-b');
    const before = await bed.patients();
    await send(port, [
      adt({
        controlId: 'two-c',
        identifiers: '2001^^^PRACTICE^MR~2002^^^PRACTICE^MR',
        family: 'ELM',
        phone: '2175550999',
      }),
    ]);
    expect(await ended('two-c')).toMatchObject([{ state: 3, code: 'match.ambiguous', place: 'PID-3' }]);
    expect(await bed.patients()).toEqual(before);
  });
});

describe('a message that was cut short on its way', () => {
  it('is kept and explained, and overwrites nothing', async () => {
    const full = adt({ controlId: 'cut-a', mrn: '3001', family: 'HAZEL', more: ['PV1|1|O'] });
    await send(port, [full]);
    await ended('cut-a');
    const before = (await bed.patients()).get('3001');
    const cut = adt({ controlId: 'cut-b', mrn: '3001', family: 'HAZEL', more: ['PV1|1|O'] });
    await send(port, [cut.subarray(0, cut.indexOf('SPRINGFIELD') + 1)]);
    expect(await ended('cut-b')).toMatchObject([{ state: 3, code: 'hl7.truncated', place: 'PID' }]);
    expect((await bed.patients()).get('3001')).toEqual(before);
  });

  it('is none that merely leaves its last line end away', async () => {
    const whole = adt({ controlId: 'bare', mrn: '3002', family: 'IVY', more: ['PV1|1|O'] });
    await send(port, [whole.subarray(0, -1)]);
    expect(await ended('bare')).toMatchObject([{ state: 1, code: null }]);
  });

  it('or tells a part of the birth date, leaves the date as it is known, and says so', async () => {
    await send(port, [
      adt({ controlId: 'born-a', mrn: '3003' }),
      adt({ controlId: 'born-b', mrn: '3003', birth: '1980' }),
    ]);
    const [row] = await ended('born-b');
    expect(row?.state).toBe(1);
    expect((row?.flags ?? 0) & TRANSACTION_FLAGS.warnings).not.toBe(0);
    expect((await bed.patients()).get('3003')?.record.fields.date_of_birth).toBe('1980-02-14');
  });
});

describe('what is no proper message', () => {
  it('is answered negatively, stored, and put into the error queue', async () => {
    const [ack] = await send(port, [Buffer.from('PID|1||77^^^PRACTICE^MR\r')]);
    expect(ack?.code).toBe('AR');
    expect(ack?.errors[0]).toMatchObject({ conditionCode: '100', location: { segment: 'MSH' } });
    const [stored] = await until(async () => {
      const rows =
        await bed.rows(`select m.ack_code, e.code, e.state from messages m join errors e on e.message_id = m.id
        where m.type = 'unreadable'`);
      return rows.length > 0 && rows;
    });
    expect(stored).toEqual({ ack_code: 'AR', code: 'hl7.no-header', state: 'open' });
  });

  it('is refused where the fields of its header are shifted', async () => {
    const text = adt({ controlId: 'shifted', mrn: '3004' }).toString('latin1');
    const [repeated] = await send(port, [Buffer.from(text.replace('^~\\&', '||||'), 'latin1')]);
    expect(repeated?.code).toBe('AR');
    const [other] = await send(port, [Buffer.from(text.replace('ADT^A08', 'PRACTICESTUDIO'), 'latin1')]);
    expect(other).toMatchObject({ code: 'AR', controlId: 'shifted' });
    expect(await ended('shifted')).toMatchObject([{ state: 3, code: 'intake.type-malformed', place: 'MSH-9' }]);
    expect(await bed.rows(`select type from messages where control_id = 'shifted'`)).toEqual([{ type: 'unreadable' }]);
  });

  it('has too many identifiers', async () => {
    const identifiers = Array.from({ length: 20_000 }, (_, i) => `${i}^^^PRACTICE^MR`).join('~');
    await send(port, [adt({ controlId: 'many', identifiers })]);
    expect(await ended('many')).toMatchObject([{ state: 3, code: 'mapping.too-many-items', place: 'PID-3[201]' }]);
  });

  it('is told its place when the header lacks a field', async () => {
    const frame = Buffer.from(adt({ controlId: '' }));
    const [ack] = await send(port, [frame]);
    expect(ack?.code).toBe('AE');
    expect(ack?.errors[0]).toMatchObject({ conditionCode: '101', location: { segment: 'MSH', field: 10 } });
    await until(
      async () => (await bed.rows(`select 1 from errors where code = 'intake.control-id-missing'`)).length === 1,
    );
  });

  it('is told that its delimiters are the fault when they are', async () => {
    const [ack] = await send(port, [Buffer.from('MSH|^^\\&|NEXTGEN|PRACTICE|PSI|HUB|2026||ADT^A08|bad|P|2.5.1\r')]);
    expect(ack?.code).toBe('AR');
    expect(ack?.errors[0]?.conditionCode).toBe('102');
  });

  it('is refused when it is too large, and its beginning is kept', async () => {
    const big = Buffer.concat([adt({ controlId: 'big' }), Buffer.alloc(1024 * 1024, 0x41)]);
    const [ack] = await send(port, [big, adt({ controlId: 'after-big', mrn: '3' })]);
    expect(ack).toMatchObject({ code: 'AR', controlId: 'big' });
    expect(ack?.errors[0]?.conditionCode).toBe('104');
    expect(await ended('big')).toMatchObject([{ state: 3, code: 'intake.frame-too-large' }]);
    expect(await ended('after-big')).toMatchObject([{ state: 1 }]);
  });
});

describe('duplicates', () => {
  it('with the same content are acknowledged again and processed once', async () => {
    const message = adt({ controlId: 'twice', mrn: '4', family: 'FIR' });
    const acks = await send(port, [message, message, message]);
    expect(acks.map(({ code }) => code)).toEqual(['AA', 'AA', 'AA']);
    const rows = await ended('twice', 3);
    expect(rows.map(({ state }) => state)).toEqual([1, 2, 2]);
    expect(rows[1]?.flags).toBe(TRANSACTION_FLAGS.duplicate);
    expect(rows[1]?.duplicate_of).not.toBeNull();
    expect((await bed.patients()).get('4')?.version).toBe(1);
  });

  it('with other content are processed and flagged', async () => {
    await send(port, [
      adt({ controlId: 'reused', mrn: '5', family: 'GUM' }),
      adt({ controlId: 'reused', mrn: '5', family: 'HAZEL' }),
    ]);
    const rows = await ended('reused', 2);
    expect(rows.map(({ state, flags }) => [state, flags])).toEqual([
      [1, 0],
      [1, TRANSACTION_FLAGS.sameControlId],
    ]);
    expect((await bed.patients()).get('5')?.record.fields['last_name']).toBe('HAZEL');
  });

  it('are found also when another message with that control id came between', async () => {
    const first = adt({ controlId: 'between', mrn: '6', family: 'IRONWOOD' });
    await send(port, [first, adt({ controlId: 'between', mrn: '6', family: 'JUNIPER' }), first]);
    const rows = await ended('between', 3);
    expect(rows.map(({ state }) => state)).toEqual([1, 1, 2]);
    expect((await bed.patients()).get('6')?.record.fields['last_name']).toBe('JUNIPER');
  });

  it('of a message that failed are processed', async () => {
    const message = adt({ controlId: 'failed-first', identifiers: '' });
    await send(port, [message, message]);
    const rows = await ended('failed-first', 2);
    expect(rows.map(({ state, flags }) => [state, flags])).toEqual([
      [3, 0],
      [3, 0],
    ]);
  });

  it('are no such when their control id was used longer ago than the system remembers', async () => {
    await bed.saveSystem({ holdSeconds: 0, duplicateHours: 1 });
    await node.engine.settingsChanged();
    const message = adt({ controlId: 'long-ago', mrn: '7' });
    await send(port, [message]);
    await ended('long-ago');
    // Two hours in ids: the first message came that much earlier.
    const earlier = BigInt(2 * 3_600_000) << 22n;
    for (const statement of [
      `update transactions set id = id - $1, message_id = message_id - $1 where message_id in (select id from messages where control_id = 'long-ago')`,
      `update messages set id = id - $1 where control_id = 'long-ago'`,
    ])
      await bed.rows(statement, [String(earlier)]);
    await send(port, [message]);
    const rows = await ended('long-ago', 2);
    expect(rows.map(({ state }) => state)).toEqual([1, 1]);
  });
});

describe('the counters', () => {
  it('are exact', async () => {
    const messages = await bed.rows<{ count: number }>('select count(*)::int as count from messages');
    await until(async () => (await bed.rows('select 1 from queue')).length === 0);
    const [traffic] = await bed.rows(`select sum(received)::int as received, sum(delivered)::int as delivered,
      sum(filtered)::int as filtered, sum(failed)::int as failed from traffic`);
    const [by] = await bed.rows(`select count(*) filter (where state = 1)::int as delivered,
      count(*) filter (where state = 2)::int as filtered, count(*) filter (where state = 3)::int as failed from transactions`);
    expect(traffic).toEqual({ received: messages[0]?.count, ...by });
    const { received, delivered, filtered, failed } = node.engine.live();
    expect({ received, delivered, filtered, failed }).toEqual(traffic);
  });
});

describe('a peer that leaves before its acknowledgment', () => {
  let socketClosed = false;
  beforeEach(() => (socketClosed = false));

  it('has its message stored all the same', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('close', () => (socketClosed = true));
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) =>
      socket.write(
        Buffer.concat([Buffer.from([0x0b]), adt({ controlId: 'gone', mrn: '8' }), Buffer.from([0x1c, 0x0d])]),
        resolve,
      ),
    );
    socket.destroy();
    await untilSync(() => socketClosed);
    const peer = await openPeer(port);
    peer.socket.destroy();
    expect(await ended('gone')).toMatchObject([{ state: 1 }]);
  });
});
