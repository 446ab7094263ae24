import { afterEach, describe, expect, it } from 'vitest';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { makeAuthority } from '../../test/support/certificates.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { MllpClient } from '../../src/transport/mllp/client-types.ts';
import { acknowledgeByChance } from './acknowledge-by-chance.ts';
import { startNextGenFeed } from './feed.ts';
import { createOutgoing } from './outgoing.ts';
import { startNextGenReceiver } from './receiver.ts';
import type { NextGenReceiver, ReceiverOptions } from './receiver-types.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receiver(options: ReceiverOptions = {}): Promise<NextGenReceiver> {
  const started = await startNextGenReceiver(options);
  closing.push(() => started.close());
  return started;
}

function sender({ port }: { readonly port: number }): MllpClient {
  const client = createMllpClient({ host: '127.0.0.1', port, backoff: { firstMs: 10, maxMs: 50 } });
  closing.push(() => client.close());
  return client;
}

const ask = (client: MllpClient, message: Buffer, timeoutMs = 5_000) => client.send(message, { timeoutMs });

/** An appointment as we would book it: our number, NextGen's still unknown. */
function booking(controlId: string, { event = 'S12', filler = '', enhanced = false } = {}): Buffer {
  return Buffer.from(
    [
      `MSH|^~\\&|PRACTICESTUDIO|HUB|NEXTGEN|MAPLE|20260421093000||SIU^${event}^SIU_S12|${controlId}|P|2.5.1|||${enhanced ? 'AL|AL' : ''}`,
      `SCH|PS-77^PRACTICESTUDIO|${filler}||||||FU^Follow up^L|20|min|^^20^20260504091500^20260504093500|||||HUB^HUB||||HUB^HUB|||||BOOKED`,
      'PID|1||700123^^^HUB^MR||Doe^John||19790214|M',
      'RGS|1|A',
      'AIS|1|A|FU^Follow up^L|20260504091500|||20|min',
      '',
    ].join('\r'),
  );
}

describe('startNextGenReceiver', () => {
  it('stores what comes and acknowledges it with AA', async () => {
    const nextgen = await receiver();
    const ack = parseAck(await ask(sender(nextgen), booking('A1')));
    expect(ack).toMatchObject({ code: 'AA', controlId: 'A1' });
    const [got] = await nextgen.waitFor(1);
    expect(got).toMatchObject({
      number: 1,
      type: 'SIU^S12',
      controlId: 'A1',
      again: false,
      behaviour: 'accept',
      codes: ['AA'],
    });
    expect(got?.bytes).toEqual(booking('A1'));
  });

  it('answers in two steps when the sender asks for it', async () => {
    const nextgen = await receiver();
    const client = sender(nextgen);
    expect(parseAck(await ask(client, booking('E1', { enhanced: true })))).toMatchObject({
      code: 'CA',
      controlId: 'E1',
    });
    expect(nextgen.received[0]?.codes).toEqual(['CA', 'AA']);
  });

  it('refuses what is bad: AE with the place, AR for what it cannot read', async () => {
    const nextgen = await receiver();
    const client = sender(nextgen);
    const bad = parseAck(
      await ask(
        client,
        Buffer.from(
          booking('B1')
            .toString()
            .replace(/\rSCH[^\r]*/, ''),
        ),
      ),
    );
    expect(bad).toMatchObject({ code: 'AE', controlId: 'B1' });
    expect(bad.errors[0]?.location?.segment).toBe('SCH');
    expect(parseAck(await ask(client, Buffer.from('hello'))).code).toBe('AR');
  });

  it('behaves as it is told: once, from now on, or by message', async () => {
    const nextgen = await receiver();
    const client = sender(nextgen);
    nextgen.behaveNext(
      {
        kind: 'refuse',
        code: 'AE',
        text: 'Slot taken',
        errors: [{ conditionCode: '205', severity: 'E', text: 'Slot taken' }],
      },
      { kind: 'wrong_control_id' },
      { kind: 'unreadable' },
    );
    const refused = parseAck(await ask(client, booking('C1')));
    expect(refused).toMatchObject({ code: 'AE', controlId: 'C1' });
    expect(refused.errors[0]).toMatchObject({ conditionCode: '205', text: 'Slot taken' });
    expect(parseAck(await ask(client, booking('C2')))).toMatchObject({ code: 'AA', controlId: 'NEVER-SENT' });
    expect((await ask(client, booking('C3'))).toString()).toBe('OK\r');
    expect(parseAck(await ask(client, booking('C4'))).code).toBe('AA');
    nextgen.behave(({ type }) => (type === 'SIU^S15' ? { kind: 'refuse', code: 'AR' } : { kind: 'accept' }));
    expect(parseAck(await ask(client, booking('C5', { event: 'S15' }))).code).toBe('AR');
    expect(parseAck(await ask(client, booking('C6'))).code).toBe('AA');
    expect(nextgen.received.map(({ behaviour }) => behaviour)).toEqual([
      'refuse',
      'wrong_control_id',
      'unreadable',
      'accept',
      'refuse',
      'accept',
    ]);
  });

  it('answers late, never, twice, or hangs up', async () => {
    const nextgen = await receiver();
    const client = sender(nextgen);
    nextgen.behaveNext({ kind: 'late', ms: 150 }, { kind: 'never' }, { kind: 'close' }, { kind: 'twice' });
    const began = performance.now();
    expect(parseAck(await ask(client, booking('D1'))).code).toBe('AA');
    expect(performance.now() - began).toBeGreaterThan(140);
    await expect(ask(client, booking('D2'), 100)).rejects.toMatchObject({ code: 'mllp_timeout', delivery: 'unknown' });
    await expect(ask(client, booking('D2'))).rejects.toMatchObject({ code: 'mllp_connection_lost' });
    expect(parseAck(await ask(client, booking('D2'))).controlId).toBe('D2');
    const got = await nextgen.waitFor(4);
    expect(got.map(({ controlId, again }) => `${controlId}${again ? ' again' : ''}`)).toEqual([
      'D1',
      'D2',
      'D2 again',
      'D2 again',
    ]);
  });

  it('sends a booking back as its own, with its own number, and keeps that number', async () => {
    const hub = await receiver();
    const nextgen = await receiver({ echo: { host: '127.0.0.1', port: hub.port, delayMs: 5 } });
    const client = sender(nextgen);
    await ask(client, booking('F1'));
    await nextgen.waitForEchoes(1);
    await ask(client, booking('F2', { event: 'S14' }));
    await ask(client, booking('F2', { event: 'S14' }));
    await ask(client, booking('F3', { event: 'S15' }));
    const echoes = await nextgen.waitForEchoes(3);
    expect(echoes.map(({ of, code }) => [of, code])).toEqual([
      ['F1', 'AA'],
      ['F2', 'AA'],
      ['F3', 'AA'],
    ]);
    const [booked, changed, cancelled] = hub.received.map(({ bytes }) => parseMessage(bytes));
    const text = (message: typeof booked, path: string) => message && read(message, compilePath(path));
    expect([3, 4, 5, 6].map((field) => text(booked, `MSH-${field}`))).toEqual([
      'NEXTGEN',
      'MAPLE',
      'PRACTICESTUDIO',
      'HUB',
    ]);
    expect(text(booked, 'MSH-10')).not.toBe('F1');
    expect([text(booked, 'SCH-1.1'), text(booked, 'SCH-2.2'), text(booked, 'SCH-20.1')]).toEqual([
      'PS-77',
      'NEXTGEN',
      'ROSETTA',
    ]);
    expect(text(booked, 'SCH-2.1')).toMatch(/^88\d{4}$/);
    expect(text(changed, 'SCH-2.1')).toBe(text(booked, 'SCH-2.1'));
    expect([text(changed, 'MSH-9.2'), text(cancelled, 'SCH-25')]).toEqual(['S14', 'CANCELLED']);
  });

  it('sends a registration back with its own number of the patient beside ours', async () => {
    const hub = await receiver();
    const nextgen = await receiver({ echo: { host: '127.0.0.1', port: hub.port, delayMs: 0 } });
    const outgoing = createOutgoing({ seed: 'echo', start: new Date('2026-04-21T14:30:00Z') });
    const { message } = outgoing();
    await ask(sender(nextgen), message.bytes);
    await nextgen.waitForEchoes(1);
    const echo = parseMessage(hub.received[0]?.bytes ?? Buffer.alloc(0));
    const ids = [0, 1].map((repetition) => read(echo, compilePath('PID-3.1'), { repetition, segment: 2 }));
    expect(ids).toEqual([message.mrn, '60001']);
  });

  it('speaks TLS with a sender that trusts it and has a certificate of its own, faults on the wire included', async () => {
    const ca = makeAuthority('Practice CA');
    const identity = ca.issue({ commonName: 'nextgen', names: ['nextgen.test'], use: 'server' });
    const own = ca.issue({ commonName: 'hub', use: 'client' });
    const nextgen = await receiver({
      listen: {
        tls: {
          identities: [identity],
          clientCertificate: 'required',
          clientAuthorities: ca.certificates,
          allowedCertificates: [],
        },
      },
    });
    const feed = startNextGenFeed({
      host: '127.0.0.1',
      port: nextgen.port,
      tls: { authorities: ca.certificates, identity: own, serverName: 'nextgen.test' },
      ratePerSecond: Infinity,
      seed: 'tls',
      messages: 10,
      faults: { lost_ack: 0.3, slow: 0.2 },
      slowMs: 20,
    });
    await feed.ended;
    expect(feed.counts()).toMatchObject({ sent: 10, byCode: { AA: 10 } });
    await nextgen.waitFor(10 + (feed.counts().byFault['lost_ack'] ?? 99));
  });

  it('tells what was missing when somebody waits in vain, and keeps no more than told', async () => {
    const nextgen = await receiver({ keep: 2 });
    await expect(nextgen.waitFor(1, 30)).rejects.toThrow('0 messages came');
    const client = sender(nextgen);
    for (const id of ['G1', 'G2', 'G3']) await ask(client, booking(id));
    expect(nextgen.received.map(({ controlId }) => controlId)).toEqual(['G2', 'G3']);
  });
});

describe('acknowledgeByChance', () => {
  it('answers in the shares asked for, the same for the same seed', () => {
    const row = (seed: string) => {
      const next = acknowledgeByChance(seed, { never: 0.1, ae: 0.2 }, 1000);
      return Array.from({ length: 1000 }, () => next().kind);
    };
    expect(row('a')).toEqual(row('a'));
    const counts = (kind: string) => row('a').filter((one) => one === kind).length;
    expect(Math.abs(counts('never') - 100)).toBeLessThan(40);
    expect(Math.abs(counts('refuse') - 180)).toBeLessThan(50);
    expect(() => acknowledgeByChance(1, { sometimes: 1 }, 0)).toThrow(RangeError);
  });
});
