import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMllpClient } from './client.ts';
import type { MllpClientEvent } from './client-types.ts';
import type { MllpReply } from './server-types.ts';
import { startTestServer, until } from './testing.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

const start: typeof startTestServer = async (...args) => {
  const started = await startTestServer(...args);
  cleanUp.push(() => started.server.close({ graceMs: 0 }));
  return started;
};
function client(port: number, options: object = {}, events: MllpClientEvent[] = []) {
  const made = createMllpClient(
    { host: '127.0.0.1', port, backoff: { firstMs: 10, maxMs: 40 }, ...options },
    { random: () => 0.5, onEvent: (event) => events.push(event) },
  );
  cleanUp.push(() => made.close());
  return made;
}
/** A receiver that does with its sockets what the test says. */
async function rawServer(onSocket: (socket: Socket, count: number) => void): Promise<{ port: number; server: Server }> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket, (count += 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port, server };
}
const bytes = (text: string) => Buffer.from(text);

describe('MLLP client', () => {
  it('sends one at a time and gives each its acknowledgment', async () => {
    const { port, server } = await start();
    const sender = client(port);
    let most = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const ack = await sender.send(bytes(`MSH|${index}`), { timeoutMs: 5000 });
        most = Math.max(most, server.stats().inFlightFrames);
        return ack.toString();
      }),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `ack:MSH|${index}`));
    expect(most).toBeLessThanOrEqual(1);
  });

  it('keeps several in flight when told to, matched in order', async () => {
    const replies: MllpReply[] = [];
    const { port } = await start({}, { onFrame: (_, reply) => void replies.push(reply) });
    const sender = client(port, { maxInFlight: 3 });
    const sent = ['a', 'b', 'c', 'd'].map((name) => sender.send(bytes(name), { timeoutMs: 5000 }));
    await until(() => replies.length === 3);
    for (const [index, reply] of replies.entries()) reply.end(bytes(`to ${index}`));
    await until(() => replies.length === 4);
    replies[3]?.end(bytes('to 3'));
    expect((await Promise.all(sent)).map(String)).toEqual(['to 0', 'to 1', 'to 2', 'to 3']);
  });

  it('waits for a receiver that is not there yet', async () => {
    const first = await start();
    const { port } = first;
    await first.server.close({ graceMs: 0 });
    const events: MllpClientEvent[] = [];
    const sender = client(port, {}, events);
    const sent = sender.send(bytes('MSH|1'), { timeoutMs: 10_000 });
    await until(() => events.filter((event) => event.kind === 'connect_failed').length === 4);
    await start({ port });
    expect(String(await sent)).toBe('ack:MSH|1');
    const pauses = events.flatMap((event) => (event.kind === 'connect_failed' ? [event.retryInMs] : []));
    expect(pauses.slice(0, 4)).toEqual([8, 15, 30, 30]);
  });

  it('says that a message was not sent when nobody ever answered the call', async () => {
    const { server, port } = await rawServer(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const error: unknown = await client(port)
      .send(bytes('x'), { timeoutMs: 60 })
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'mllp_timeout', delivery: 'not_sent' });
  });

  it('does not take a late acknowledgment for the next message’s', async () => {
    const { port } = await rawServer((socket, count) => {
      socket.on('data', () => {
        if (count === 1) setTimeout(() => socket.write('\x0blate\x1c\r'), 120);
        else socket.write('\x0bright\x1c\r');
      });
    });
    const sender = client(port);
    const first = sender.send(bytes('1'), { timeoutMs: 60 }).catch((cause: unknown) => cause);
    const second = sender.send(bytes('2'), { timeoutMs: 5000 });
    expect(await first).toMatchObject({ code: 'mllp_timeout', delivery: 'unknown' });
    expect(String(await second)).toBe('right');
  });

  it('tells what was sent and unanswered when the connection went, and sends what was waiting on the next', async () => {
    const { port } = await rawServer((socket, count) => {
      socket.on('data', () => {
        if (count === 1) socket.destroy();
        else socket.write('\x0bok\x1c\r');
      });
    });
    const sender = client(port);
    const first = sender.send(bytes('1'), { timeoutMs: 5000 }).catch((cause: unknown) => cause);
    const second = sender.send(bytes('2'), { timeoutMs: 5000 });
    expect(await first).toMatchObject({ code: 'mllp_connection_lost', delivery: 'unknown' });
    expect(String(await second)).toBe('ok');
  });

  it('connects anew after the receiver closed an idle connection', async () => {
    const { port, events } = await start({ idleTimeoutMs: 80 });
    const sender = client(port);
    expect(String(await sender.send(bytes('1'), { timeoutMs: 5000 }))).toBe('ack:1');
    await until(() => events.some((event) => event.kind === 'connection_closed'));
    await until(() => !sender.connected);
    expect(String(await sender.send(bytes('2'), { timeoutMs: 5000 }))).toBe('ack:2');
  });

  it('refuses a message that would be read as two', async () => {
    const { port, frames } = await start();
    const injected = bytes('MSH|1\rPID|1||A\x1c\r\x0bMSH|evil');
    await expect(client(port).send(injected, { timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'mllp_unsendable',
      delivery: 'not_sent',
    });
    expect(frames).toEqual([]);
  });

  it('gives up when its caller does', async () => {
    const { port } = await start({}, { onFrame: () => undefined });
    const sender = client(port);
    const abort = new AbortController();
    const sent = sender.send(bytes('1'), { timeoutMs: 5000, signal: abort.signal });
    const waiting = sender.send(bytes('2'), { timeoutMs: 5000, signal: abort.signal });
    await until(() => sender.connected);
    abort.abort();
    await expect(sent).rejects.toMatchObject({ code: 'mllp_aborted' });
    await expect(waiting).rejects.toMatchObject({ code: 'mllp_aborted', delivery: 'not_sent' });
    await expect(sender.send(bytes('3'), { timeoutMs: 10, signal: abort.signal })).rejects.toMatchObject({
      code: 'mllp_aborted',
    });
  });

  it('rejects what is open when it is closed', async () => {
    const { port } = await start({}, { onFrame: () => undefined });
    const sender = client(port);
    const sent = sender.send(bytes('1'), { timeoutMs: 5000 }).catch((cause: unknown) => cause);
    await until(() => sender.connected);
    await sender.close();
    expect(await sent).toMatchObject({ code: 'mllp_closed', delivery: 'unknown' });
    await expect(sender.send(bytes('2'), { timeoutMs: 10 })).rejects.toMatchObject({ code: 'mllp_closed' });
  });

  it('reports what answers nothing', async () => {
    const { port } = await rawServer((socket) => {
      socket.on('data', () => socket.write('??\x0bright\x1c\r\x0bstray\x1c\r'));
    });
    const events: MllpClientEvent[] = [];
    const sender = client(port, {}, events);
    expect(String(await sender.send(bytes('1'), { timeoutMs: 5000 }))).toBe('right');
    await until(() => events.filter((event) => event.kind === 'stray').length === 2);
  });
});
