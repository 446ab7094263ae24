import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListenerValues } from '../../src/records/settings/settings.ts';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { openPeer } from '../../src/transport/mllp/testing.ts';
import { adt, type AdtOptions } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { startNode, type Node } from './node.ts';
import { until } from './until.ts';

let bed: Bed;
let node: Node;
const ports = new Map<string, number>();

const LISTENERS: Readonly<Record<string, Partial<ListenerValues>>> = {
  commit: { ackWhen: 'commit' },
  processed: { ackWhen: 'processed' },
  hasty: { ackWhen: 'processed', ackTimeoutSeconds: 1 },
  original: { ackMode: 'original' },
  enhanced: { ackMode: 'enhanced', ackWhen: 'processed' },
  enhancedCommit: { ackMode: 'enhanced', ackWhen: 'commit' },
};

beforeAll(async () => {
  bed = await makeBed({ holdSeconds: 900 });
  for (const [name, values] of Object.entries(LISTENERS)) ports.set(name, (await bed.addListener(values)).port);
  node = await startNode(bed);
});
afterAll(async () => {
  await node.stop();
  await bed.close();
});

/**
 * The acknowledgment codes that a message gets, in their order: all that came until a second message, which is answered
 * whatever becomes of the first, has got as many as expected.
 */
async function answers(listener: string, options: AdtOptions, expected: number): Promise<string[]> {
  const peer = await openPeer(ports.get(listener) ?? 0);
  const frame = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0x0b]), bytes, Buffer.from([0x1c, 0x0d])]);
  await peer.write(frame(adt(options)));
  const codes = (): string[] =>
    peer.answers
      .map((answer) => parseAck(Buffer.from(answer, 'latin1')))
      .filter(({ controlId }) => controlId === options.controlId)
      .map(({ code }) => code);
  await until(() => codes().length >= expected);
  const ended = await until(async () => {
    const rows = await bed.rows(
      'select 1 from transactions t join messages m on m.id = t.message_id where m.control_id = $1',
      [options.controlId],
    );
    return rows.length > 0;
  });
  expect(ended).toBe(true);
  // Whatever else it would get is on its way before the answer to this one.
  await peer.write(frame(adt({ controlId: `${options.controlId}-end`, mrn: '999', accept: 'AL', application: 'NE' })));
  await until(() => peer.answers.some((answer) => answer.includes(`${options.controlId}-end`)));
  peer.socket.destroy();
  // Each has a control id of its own, which 2.3 can hold.
  const own = peer.answers.map((answer) => answer.split('|')[9] ?? '');
  expect(new Set(own).size).toBe(own.length);
  expect(own.filter((id) => id === '' || id.length > 20)).toEqual([]);
  return codes();
}

const good = (controlId: string): AdtOptions => ({ controlId, mrn: '1' });
const bad = (controlId: string): AdtOptions => ({ controlId, identifiers: '' });

describe('original mode', () => {
  it('on commit says AA, whatever becomes of the message', async () => {
    expect(await answers('commit', good('c1'), 1)).toEqual(['AA']);
    expect(await answers('commit', bad('c2'), 1)).toEqual(['AA']);
  });

  it('after processing says AA or AE, once the outcome is known', async () => {
    expect(await answers('processed', good('p1'), 1)).toEqual(['AA']);
    const peer = await openPeer(ports.get('processed') ?? 0);
    await peer.write(Buffer.concat([Buffer.from([0x0b]), adt(bad('p2')), Buffer.from([0x1c, 0x0d])]));
    await until(() => peer.answers.length === 1);
    const ack = parseAck(Buffer.from(peer.answers[0] ?? '', 'latin1'));
    expect(ack).toMatchObject({ code: 'AE', controlId: 'p2' });
    expect(ack.errors[0]).toMatchObject({ conditionCode: '101', location: { segment: 'PID', field: 3 } });
    expect(ack.errors[0]?.text).not.toContain('ALDER');
    peer.socket.destroy();
    // The patient is there by the time the acknowledgment is.
    const [state] = await bed.rows(
      `select t.state from transactions t join messages m on m.id = t.message_id where m.control_id = 'p1'`,
    );
    expect(state).toEqual({ state: 1 });
  });

  it('is kept to where the listener says so, also when the sender asks for enhanced mode', async () => {
    expect(await answers('original', { ...good('o1'), accept: 'AL', application: 'AL' }, 1)).toEqual(['AA']);
  });
});

describe('enhanced mode (section 2.9.2)', () => {
  const cases: readonly [accept: string, application: string, good: string[], bad: string[]][] = [
    ['AL', 'NE', ['CA'], ['CA']],
    ['AL', 'AL', ['CA', 'AA'], ['CA', 'AE']],
    ['AL', 'ER', ['CA'], ['CA', 'AE']],
    ['AL', 'SU', ['CA', 'AA'], ['CA']],
    ['NE', 'AL', ['AA'], ['AE']],
    ['ER', 'AL', ['AA'], ['AE']],
    ['SU', 'ER', ['CA'], ['CA', 'AE']],
    ['NE', 'NE', [], []],
    ['', 'AL', ['AA'], ['AE']],
  ];
  for (const [accept, application, whenGood, whenBad] of cases) {
    it(`answers MSH-15 "${accept}" and MSH-16 "${application}" as asked`, async () => {
      const name = `${accept}-${application}`;
      expect(await answers('commit', { ...good(`g-${name}`), accept, application }, whenGood.length)).toEqual(whenGood);
      expect(await answers('commit', { ...bad(`b-${name}`), accept, application }, whenBad.length)).toEqual(whenBad);
    });
  }

  it('is what a listener can always speak', async () => {
    expect(await answers('enhanced', good('e1'), 2)).toEqual(['CA', 'AA']);
    expect(await answers('enhancedCommit', good('e2'), 1)).toEqual(['CA']);
  });
});

describe('an outcome that does not come in time', () => {
  it('is told as an error that says the message is safe', async () => {
    // The write stands behind a lock until the time is over.
    const client = await bed.test.pool.connect();
    await client.query('begin');
    await client.query('lock table patients in access exclusive mode');
    const peer = await openPeer(ports.get('hasty') ?? 0);
    await peer.write(
      Buffer.concat([Buffer.from([0x0b]), adt({ controlId: 'slow', mrn: '77' }), Buffer.from([0x1c, 0x0d])]),
    );
    await until(() => peer.answers.length === 1);
    await client.query('rollback');
    client.release();
    const ack = parseAck(Buffer.from(peer.answers[0] ?? '', 'latin1'));
    expect(ack).toMatchObject({ code: 'AE', controlId: 'slow' });
    expect(ack.errors[0]?.text).toContain('stored safely');
    await until(async () => (await bed.patients()).has('77'));
    expect(peer.answers).toHaveLength(1);
    peer.socket.destroy();
  });

  it('because the message waits behind a failed one is told at once', async () => {
    const peer = await openPeer(ports.get('processed') ?? 0);
    const frame = (options: AdtOptions): Buffer =>
      Buffer.concat([Buffer.from([0x0b]), adt(options), Buffer.from([0x1c, 0x0d])]);
    await peer.write(frame({ controlId: 'h1', mrn: '21' }));
    await peer.write(frame({ controlId: 'h2', mrn: '22' }));
    await peer.write(frame({ controlId: 'h3', identifiers: '21^^^PRACTICE^MR~22^^^PRACTICE^MR' }));
    await peer.write(frame({ controlId: 'h4', mrn: '21', family: 'YEW' }));
    await until(() => peer.answers.length === 4);
    const acks = peer.answers.map((answer) => parseAck(Buffer.from(answer, 'latin1')));
    expect(acks.map(({ controlId, code }) => [controlId, code])).toEqual([
      ['h1', 'AA'],
      ['h2', 'AA'],
      ['h3', 'AE'],
      ['h4', 'AE'],
    ]);
    expect(acks[2]?.errors[0]?.conditionCode).toBe('204');
    expect(acks[3]?.errors[0]?.text).toContain('waits for an earlier one');
    peer.socket.destroy();
  });
});

it('a peer that leaves before its outcome is known is written down', async () => {
  const client = await bed.test.pool.connect();
  await client.query('begin');
  await client.query('lock table patients in access exclusive mode');
  const peer = await openPeer(ports.get('processed') ?? 0);
  await peer.write(
    Buffer.concat([Buffer.from([0x0b]), adt({ controlId: 'left', mrn: '78' }), Buffer.from([0x1c, 0x0d])]),
  );
  await until(async () => (await bed.rows(`select 1 from messages where control_id = 'left'`)).length === 1);
  peer.socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.query('rollback');
  client.release();
  await until(async () => {
    const rows = await bed.rows(
      `select 1 from unsent_acknowledgments u join messages m on m.id = u.message_id where m.control_id = 'left'`,
    );
    return rows.length === 1;
  });
});
