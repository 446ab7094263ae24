import { afterEach, describe, expect, it } from 'vitest';
import { buildAck } from '../../src/formats/hl7v2/ack.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { createMllpServer } from '../../src/transport/mllp/server.ts';
import type { MllpReply, MllpServer } from '../../src/transport/mllp/server-types.ts';
import { FAULT_NAMES } from './faults.ts';
import type { Fault } from './faults.ts';
import { createOutgoing, startNextGenFeed } from './feed.ts';
import type { FeedEvent } from './feed.ts';
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
    expect(feed.counts()).toEqual({ sent: 40, resent: 0, bad: 20, byCode: { AA: 37, AE: 3 } });
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

describe('bad messages', () => {
  const outgoing = createOutgoing({ seed: 'bad', badEvery: 3, now: () => new Date('2026-04-21T14:30:00Z') });
  const bad = new Map<Fault, { message: PracticeMessage; before: PracticeMessage }>();
  let before: PracticeMessage | undefined;
  while (bad.size < FAULT_NAMES.length) {
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
