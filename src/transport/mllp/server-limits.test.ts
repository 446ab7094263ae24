import { afterEach, describe, expect, it } from 'vitest';
import { MllpError } from './mllp-error.ts';
import { createMllpServer } from './server.ts';
import type { MllpReply, MllpServerEvent } from './server-types.ts';
import { openPeer, startTestServer, until } from './testing.ts';
import type { TestServer } from './testing.ts';

const framed = (text: string) => `\x0b${text}\x1c\r`;

const running: TestServer[] = [];
const start: typeof startTestServer = async (...args) => {
  const started = await startTestServer(...args);
  running.push(started);
  return started;
};
afterEach(async () => {
  for (const one of running.splice(0)) await one.server.close({ graceMs: 0 });
});

const closeReasons = (events: readonly MllpServerEvent[]) =>
  events.flatMap((event) => (event.kind === 'connection_closed' ? [event.reason] : []));
const refusals = (events: readonly MllpServerEvent[]) =>
  events.flatMap((event) => (event.kind === 'connection_refused' ? [event.reason] : []));

describe('MLLP server: many and bad peers', () => {
  it('survives 1,000 connections that are opened and dropped', async () => {
    const { port, server, events } = await start();
    for (let batch = 0; batch < 10; batch += 1) {
      const peers = await Promise.all(Array.from({ length: 100 }, () => openPeer(port)));
      for (const [index, peer] of peers.entries()) {
        if (index % 3 === 0) peer.socket.write('\x0bMSH|half');
        if (index % 2 === 0) peer.socket.resetAndDestroy();
        else peer.socket.destroy();
      }
    }
    await until(() => closeReasons(events).length === 1000 && server.stats().connections === 0);
    expect(server.stats()).toMatchObject({ inFlightFrames: 0, inFlightBytes: 0, unfinishedBytes: 0 });
    const good = await openPeer(port);
    await good.write(framed('MSH|1'));
    await until(() => good.answers.length === 1);
  });

  it('answers beside 200 idle connections, and closes the idle ones in the end', async () => {
    const { port, server, events } = await start({ idleTimeoutMs: 400 });
    const idle = await Promise.all(Array.from({ length: 200 }, () => openPeer(port)));
    const busy = await openPeer(port);
    await busy.write(framed('MSH|1'));
    await until(() => busy.answers.length === 1);
    await until(() => idle.every((peer) => peer.state.closed));
    await until(() => server.stats().connections <= 1);
    expect(
      closeReasons(events)
        .slice(0, 200)
        .every((reason) => reason === 'idle'),
    ).toBe(true);
  });

  it('does not take waiting for its own acknowledgment for idleness', async () => {
    const replies: MllpReply[] = [];
    const { port } = await start({ idleTimeoutMs: 80 }, { onFrame: (_, reply) => void replies.push(reply) });
    const peer = await openPeer(port);
    await peer.write(framed('MSH|1'));
    const other = await openPeer(port);
    await until(() => other.state.closed); // more than the idle time has gone by
    expect(peer.state.closed).toBe(false);
    replies[0]?.end(Buffer.from('1'));
    await until(() => peer.answers.length === 1);
    await until(() => peer.state.closed);
  });

  it('cuts a peer that sends nothing but garbage, and one whose frame never ends', async () => {
    const { port, events } = await start({ idleTimeoutMs: 200, frameTimeoutMs: 600 });
    const garbage = await openPeer(port);
    const trickle = await openPeer(port);
    await trickle.write('\x0bMSH|');
    const drip = setInterval(() => {
      garbage.socket.write('x');
      trickle.socket.write('x');
    }, 20);
    await until(() => garbage.state.closed && trickle.state.closed);
    clearInterval(drip);
    expect(closeReasons(events).sort()).toEqual(['frame_too_slow', 'idle']);
    expect(events.some((event) => event.kind === 'connection_closed' && event.unfinishedBytes > 4)).toBe(true);
  });

  it('cuts a peer that does not read its acknowledgments, and holds little for it until then', async () => {
    const ack = Buffer.alloc(512 * 1024, 'a');
    let handed = 0;
    const { port, events, server } = await start(
      { writeTimeoutMs: 200, maxInFlightPerConnection: 4 },
      {
        onFrame: (_, reply) => {
          handed += 1;
          reply.end(ack);
        },
      },
    );
    const peer = await openPeer(port);
    peer.socket.pause();
    peer.socket.write(framed('MSH|1').repeat(2000));
    await until(() => closeReasons(events).length === 1);
    expect(closeReasons(events)).toEqual(['slow_reader']);
    expect(handed).toBeLessThan(200);
    expect(server.stats()).toMatchObject({ connections: 0, inFlightFrames: 0 });
  });

  it('serves the others while one peer is slow', async () => {
    const { port } = await start({}, { onFrame: (_, reply) => void reply.end(Buffer.alloc(256 * 1024, 'a')) });
    const slow = await openPeer(port);
    slow.socket.pause();
    slow.socket.write(framed('MSH|1').repeat(500));
    const good = await openPeer(port);
    await good.write(framed('MSH|1'));
    await until(() => good.answers.length === 1);
    // And nothing of the slow one's is lost once it reads.
    slow.socket.resume();
    await until(() => slow.answers.length >= 500);
    expect(slow.answers).toHaveLength(500);
    slow.socket.destroy();
  });
});

describe('MLLP server: who may connect', () => {
  it('limits connections of one peer and in all, and takes new ones when old ones have gone', async () => {
    const { port, events } = await start({ maxConnectionsPerPeer: 2 });
    const peers = await Promise.all([openPeer(port), openPeer(port)]);
    const third = await openPeer(port);
    await until(() => third.state.closed);
    expect(refusals(events)).toEqual(['too_many_of_peer']);
    peers[0]?.socket.destroy();
    await until(() => closeReasons(events).length === 1);
    const fourth = await openPeer(port);
    await fourth.write(framed('MSH|1'));
    await until(() => fourth.answers.length === 1);

    const small = await start({ maxConnections: 1 });
    await openPeer(small.port);
    const refused = await openPeer(small.port);
    await until(() => refused.state.closed);
    expect(refusals(small.events)).toEqual(['too_many_connections']);
  });

  it('lets in whom the allow list names, by address and by range', async () => {
    const closedTo = await start({ allowedPeers: ['10.0.0.0/8', 'fd00::/8'] });
    const refused = await openPeer(closedTo.port);
    await until(() => refused.state.closed);
    expect(refusals(closedTo.events)).toEqual(['not_allowed']);

    for (const allowedPeers of [['127.0.0.1'], ['10.0.0.0/8', '127.0.0.0/8']]) {
      const { port } = await start({ allowedPeers });
      const peer = await openPeer(port);
      await peer.write(framed('MSH|1'));
      await until(() => peer.answers.length === 1);
    }
  });

  it('says which setting is wrong', () => {
    const make = (options: object) => () =>
      createMllpServer({ port: 0, ...options }, { onFrame: () => undefined, onRejected: () => undefined });
    for (const range of ['10.0.0.0/33', 'localhost', '10.0.0.1/', 'fd00::/129', '']) {
      expect(make({ allowedPeers: [range] })).toThrow(expect.objectContaining({ code: 'mllp_bad_peer_range' }));
    }
    expect(make({ maxFrameBytes: 0 })).toThrow(/maxFrameBytes must be a whole number/);
    expect(make({ port: 70_000 })).toThrow(expect.objectContaining({ code: 'mllp_bad_option' }));
  });

  it('says when the port is taken', async () => {
    const { port } = await start();
    const error: unknown = await startTestServer({ port }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(MllpError);
    expect(error).toMatchObject({ code: 'mllp_port_in_use' });
  });
});

describe('MLLP server: closing', () => {
  it('lets frames in flight be answered, takes no others, and then closes', async () => {
    const replies: MllpReply[] = [];
    const { port, server, frames } = await start({}, { onFrame: (_, reply) => void replies.push(reply) });
    const peer = await openPeer(port);
    const idle = await openPeer(port);
    await peer.write(framed('MSH|1') + framed('MSH|2'));
    await until(() => replies.length === 2);
    const closing = server.close({ graceMs: 60_000 });
    await until(() => idle.state.closed);
    await peer.write(framed('MSH|3'));
    const late = await openPeer(port);
    await until(() => late.state.closed);
    replies[0]?.end(Buffer.from('1'));
    replies[1]?.end(Buffer.from('2'));
    await closing;
    await until(() => peer.state.closed);
    expect(peer.answers).toEqual(['1', '2']);
    expect(frames).toEqual(['MSH|1', 'MSH|2']);
    expect(server.stats().connections).toBe(0);
  });

  it('cuts what is left after the grace', async () => {
    const { port, server, events } = await start({}, { onFrame: () => undefined });
    const peer = await openPeer(port);
    await peer.write(framed('MSH|1'));
    await until(() => server.stats().inFlightFrames === 1);
    await server.close({ graceMs: 30 });
    await until(() => peer.state.closed);
    expect(peer.answers).toEqual([]);
    expect(events.find((event) => event.kind === 'connection_closed')).toMatchObject({
      reason: 'server_closed',
      unanswered: 1,
    });
  });

  it('can be closed twice, and before it listened', async () => {
    const { server } = await start();
    await Promise.all([server.close({ graceMs: 10 }), server.close({ graceMs: 10 })]);
    const never = createMllpServer({ port: 0 }, { onFrame: () => undefined, onRejected: () => undefined });
    await never.close({ graceMs: 10 });
    expect([server.stats().connections, never.stats().connections]).toEqual([0, 0]);
  });
});
