import { afterEach, describe, expect, it } from 'vitest';
import { buildAck } from '../../src/formats/hl7v2/ack.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { createMllpServer } from '../../src/transport/mllp/server.ts';
import type { MllpReply, MllpServer } from '../../src/transport/mllp/server-types.ts';
import { IN_TURN } from './faults.ts';
import type { Fault } from './faults.ts';
import { startNextGenFeed } from './feed.ts';
import type { FeedEvent, NextGenFeedOptions } from './feed.ts';
import { MIXES } from './mix.ts';
import { createOutgoing } from './outgoing.ts';
import type { PracticeMessage } from './practice.ts';

const servers: MllpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close({ graceMs: 0 });
});

function acknowledge(frame: Buffer, code: 'AA' | 'AE'): Buffer {
  const controlId = frame.toString('latin1').split('|')[9] ?? '';
  return Buffer.from(`MSH|^~\\&|A|B|C|D|20260421093000||ACK|1|P|2.3\rMSA|${code}|${controlId}\r`, 'latin1');
}

async function receiver(onFrame: (frame: Buffer, reply: MllpReply) => void): Promise<number> {
  const server = createMllpServer({ port: 0 }, { onFrame, onRejected: (_, reply) => void reply.end() });
  servers.push(server);
  return (await server.listen()).port;
}

describe('startNextGenFeed', () => {
  it('sends the practice’s messages in order and counts the answers', async () => {
    const frames: Buffer[] = [];
    const port = await receiver((frame, reply) => {
      frames.push(frame);
      reply.end(acknowledge(frame, frame.includes('|19851345|') ? 'AE' : 'AA'));
    });
    const events: FeedEvent[] = [];
    const now = () => new Date('2026-04-21T14:30:00Z');
    const options = { seed: 'demo', badEvery: 2, now };
    const feed = startNextGenFeed({
      ...options,
      host: '127.0.0.1',
      port,
      ratePerSecond: 2000,
      messages: 40,
      onEvent: (event) => events.push(event),
    });
    await feed.ended;
    const outgoing = createOutgoing(options);
    expect(frames).toEqual(Array.from({ length: 40 }, () => outgoing().message.bytes));
    expect(feed.counts()).toMatchObject({ sent: 40, resent: 0, bad: 20, byCode: { AA: 37, AE: 3 } });
    expect(events.filter((event) => event.kind === 'acknowledged' && event.code === 'AE')).toMatchObject(
      Array.from({ length: 3 }, () => ({ fault: 'impossible_birth_date' })),
    );
  });

  it('sends a message again, with the same control id, when its acknowledgment did not come', async () => {
    const frames: Buffer[] = [];
    const port = await receiver((frame, reply) => {
      frames.push(frame);
      if (frames.length === 3) reply.connection.destroy();
      else reply.end(acknowledge(frame, 'AA'));
    });
    const feed = startNextGenFeed({ host: '127.0.0.1', port, ratePerSecond: 1000, seed: 1, messages: 5 });
    await feed.ended;
    expect(frames).toHaveLength(6);
    expect(frames[3]).toEqual(frames[2]);
    expect(feed.counts()).toMatchObject({ sent: 5, resent: 1, byCode: { AA: 5 } });
  });

  it('ends when told to, also while it waits for an answer or for a receiver', async () => {
    const port = await receiver(() => undefined);
    const waiting = startNextGenFeed({ host: '127.0.0.1', port, ratePerSecond: 10, seed: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await waiting.stop();
    const abort = new AbortController();
    const nobody = startNextGenFeed({ host: '127.0.0.1', port: 1, ratePerSecond: 10, seed: 1, signal: abort.signal });
    abort.abort();
    await nobody.ended;
    expect(nobody.counts().sent).toBe(0);
  });

  it('takes what is no acknowledgment as unreadable', async () => {
    const port = await receiver((_, reply) => void reply.end(Buffer.from('hello')));
    const feed = startNextGenFeed({ host: '127.0.0.1', port, ratePerSecond: 1000, seed: 1, messages: 2 });
    await feed.ended;
    expect(feed.counts().byCode).toEqual({ unreadable: 2 });
  });

  it('reads real acknowledgments', async () => {
    const port = await receiver((frame, reply) => {
      const request = peekEnvelope(frame);
      reply.end(buildAck({ request, code: 'AA', controlId: '1', now: new Date(0) }));
    });
    const feed = startNextGenFeed({ host: '127.0.0.1', port, ratePerSecond: 1000, seed: 1, messages: 3 });
    await feed.ended;
    expect(feed.counts().byCode).toEqual({ AA: 3 });
  });
});

describe('faults on the wire', () => {
  const collect = async () => {
    const seen = { frames: [] as Buffer[], rejected: [] as string[], garbage: 0, torn: 0 };
    const server = createMllpServer(
      { port: 0 },
      {
        onFrame: (frame, reply) => {
          seen.frames.push(frame);
          reply.end(acknowledge(frame, 'AA'));
        },
        onRejected: ({ kind }, reply) => {
          seen.rejected.push(kind);
          reply.end();
        },
        onEvent: (event) => {
          if (event.kind === 'garbage') seen.garbage += 1;
          if (event.kind === 'connection_closed' && event.unfinishedBytes > 0) seen.torn += 1;
        },
      },
    );
    servers.push(server);
    const { port } = await server.listen();
    const feed = (fault: Fault, more: Partial<NextGenFeedOptions> = {}) =>
      startNextGenFeed({
        host: '127.0.0.1',
        port,
        ratePerSecond: Infinity,
        seed: 'wire',
        messages: 12,
        faults: { [fault]: 0.4 },
        slowMs: 40,
        start: new Date('2026-04-21T14:30:00Z'),
        ...more,
      });
    return { seen, feed };
  };
  const distinct = (frames: readonly Buffer[]) => new Set(frames.map((frame) => frame.toString('latin1'))).size;

  it.each(['half_frame', 'no_end'] as const)('%s: tears a frame, then sends it whole', async (fault) => {
    const { seen, feed } = await collect();
    const running = feed(fault);
    await running.ended;
    const torn = running.counts().byFault[fault] ?? 0;
    expect(torn).toBeGreaterThan(1);
    expect(running.counts().byCode).toEqual({ AA: 12 });
    expect(distinct(seen.frames)).toBe(12);
    await expect.poll(() => seen.torn + seen.rejected.length).toBeGreaterThanOrEqual(torn);
  });

  it('lost_ack: the same message comes two times', async () => {
    const { seen, feed } = await collect();
    const running = feed('lost_ack');
    await running.ended;
    const lost = running.counts().byFault['lost_ack'] ?? 0;
    expect(lost).toBeGreaterThan(1);
    await expect.poll(() => seen.frames.length).toBe(12 + lost);
    expect(distinct(seen.frames)).toBe(12);
  });

  it.each(['slow', 'garbage'] as const)('%s: a message arrives all the same', async (fault) => {
    const { seen, feed } = await collect();
    const running = feed(fault);
    await running.ended;
    expect(running.counts().byFault[fault]).toBeGreaterThan(1);
    expect(distinct(seen.frames)).toBe(12);
    expect(seen.frames).toHaveLength(12);
    expect(seen.garbage > 0).toBe(fault === 'garbage');
  });

  it('burst and silence change the pace and nothing else', async () => {
    const { seen, feed } = await collect();
    const began = performance.now();
    const quiet = feed('silence', { silenceMs: 60, messages: 6 });
    await quiet.ended;
    expect(performance.now() - began).toBeGreaterThan(60 * (quiet.counts().byFault['silence'] ?? 99) - 20);
    const burst = feed('burst', { ratePerSecond: 10, burstMessages: 50 });
    await burst.ended;
    expect(seen.frames).toHaveLength(18);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('several connections: each patient’s messages stay in their order', async () => {
    const { seen, feed } = await collect();
    const running = feed('burst', { connections: 4, messages: 300, patients: 30, mix: MIXES.practice });
    await running.ended;
    expect(seen.frames).toHaveLength(300);
    const last = new Map<string, number>();
    for (const frame of seen.frames) {
      const message = parseMessage(frame);
      const mrn = read(message, compilePath('PID-3.1')) ?? '';
      const number = Number(read(message, compilePath('MSH-10')));
      expect(number).toBeGreaterThan(last.get(mrn) ?? 0);
      last.set(mrn, number);
    }
  });
});

describe('bad messages', () => {
  const outgoing = createOutgoing({ seed: 'bad', badEvery: 3, now: () => new Date('2026-04-21T14:30:00Z') });
  const bad = new Map<Fault, { message: PracticeMessage; before: PracticeMessage }>();
  let before: PracticeMessage | undefined;
  while (bad.size < IN_TURN.length) {
    const { message, fault } = outgoing();
    if (fault !== undefined && before !== undefined) bad.set(fault, { message, before });
    if (fault === undefined) before = message;
  }
  const of = (fault: Fault) => bad.get(fault) as { message: PracticeMessage; before: PracticeMessage };
  const value = (fault: Fault, path: string) => read(parseMessage(of(fault).message.bytes), compilePath(path));

  it('come in every kind, each with what is wrong at its place and nothing else', () => {
    expect(() => peekEnvelope(of('unparseable_header').message.bytes)).toThrow(
      expect.objectContaining({ code: 'hl7.no-header' }),
    );
    expect(value('missing_identifier', 'PID-3')).toBeUndefined();
    expect(value('missing_identifier', 'PID-5')).toBeTruthy();
    expect(value('impossible_birth_date', 'PID-7')).toBe('19851345');
    expect(value('unknown_gender', 'PID-8')).toBe('Q');
    expect(value('truncated', 'PID-3.1')).toBe(of('truncated').message.mrn);
    expect(value('truncated', 'PID-5')).toBeUndefined();
    expect(value('truncated', 'PV1-1')).toBeUndefined();
    expect(value('wrong_character', 'MSH-18')).toBe('UNICODE UTF-8');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(of('wrong_character').message.bytes)).toThrow(
      TypeError,
    );
  });

  it('repeat a control id with the same and with another content', () => {
    expect(of('duplicate').message.bytes).toEqual(of('duplicate').before.bytes);
    const reused = of('reused_control_id');
    expect(value('reused_control_id', 'MSH-10')).toBe(reused.before.controlId);
    expect(reused.message.bytes).not.toEqual(reused.before.bytes);
    expect(reused.message.controlId).toBe(reused.before.controlId);
  });
});
