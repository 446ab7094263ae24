import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMllpClient } from './client.ts';
import type { MllpClient, MllpClientEvent, MllpClientOptions } from './client-types.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { frameMessages } from './framing.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

/** A receiver that is told what came on its n-th connection, and answers as the test says. */
async function receiver(
  onMessage: (message: string, connection: number, answer: (text: string) => void, socket: Socket) => void,
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const connection = (connections += 1);
    const decoder = new FrameDecoder({ maxFrameBytes: 65_536 });
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
        if (event.kind !== 'frame') continue;
        const message = event.bytes.toString();
        heard.push(`${connection}:${message}`);
        onMessage(message, connection, (text) => void socket.write(frameMessages([Buffer.from(text)])), socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}
function client(
  port: number,
  options: Partial<MllpClientOptions> = {},
): { sender: MllpClient; events: MllpClientEvent[] } {
  const events: MllpClientEvent[] = [];
  const sender = createMllpClient(
    { host: '127.0.0.1', port, backoff: { firstMs: 5, maxMs: 20 }, ...options },
    { onEvent: (event) => events.push(event) },
  );
  cleanUp.push(() => sender.close());
  return { sender, events };
}
const bytes = (text: string) => Buffer.from(text);

describe('MLLP client: sending again', () => {
  it('sends the same bytes again when the connection is lost, in their order, as often as it may', async () => {
    const { port, heard } = await receiver((message, connection, answer, socket) => {
      if (connection < 3) {
        if (message === 'c') socket.destroy();
      } else answer(`ok ${message}`);
    });
    const { sender, events } = client(port, { maxInFlight: 3 });
    const attempts: string[] = [];
    const sent = ['a', 'b', 'c'].map((name) =>
      sender.send(bytes(name), {
        timeoutMs: 10_000,
        resends: 2,
        onSent: (attempt) => attempts.push(`${name}${attempt}`),
      }),
    );
    expect((await Promise.all(sent)).map(String)).toEqual(['ok a', 'ok b', 'ok c']);
    expect(heard).toEqual(['1:a', '1:b', '1:c', '2:a', '2:b', '2:c', '3:a', '3:b', '3:c']);
    expect(attempts).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
    expect(events.filter(({ kind }) => kind === 'resending')).toEqual([
      { kind: 'resending', messages: 3 },
      { kind: 'resending', messages: 3 },
    ]);
  });

  it('sends again when the acknowledgment is late, and never takes the late one for another’s', async () => {
    const { port, heard } = await receiver((message, connection, answer) => {
      if (connection === 1) setTimeout(() => answer('late'), 300);
      else answer(`ok ${message}`);
    });
    const { sender } = client(port);
    const first = sender.send(bytes('a'), { timeoutMs: 10_000, ackTimeoutMs: 80, resends: 1 });
    const second = sender.send(bytes('b'), { timeoutMs: 10_000 });
    expect([String(await first), String(await second)]).toEqual(['ok a', 'ok b']);
    expect(heard).toEqual(['1:a', '2:a', '2:b']);
  });

  it('tells the caller when it may not send again any more', async () => {
    const { port, heard } = await receiver(() => undefined);
    const { sender } = client(port);
    await expect(sender.send(bytes('a'), { timeoutMs: 10_000, ackTimeoutMs: 50, resends: 2 })).rejects.toMatchObject({
      code: 'mllp_timeout',
      delivery: 'unknown',
    });
    expect(heard).toEqual(['1:a', '2:a', '3:a']);
  });

  it('gives an acknowledgment to the message that it answers, and reports one that answers none', async () => {
    const { port } = await receiver((message, _connection, answer) => {
      if (message !== 'c') return;
      for (const ack of ['ack x', 'ack b', 'ack c', 'ack a', 'ack a']) answer(ack);
    });
    const { sender, events } = client(port, { maxInFlight: 3 });
    const sent = ['a', 'b', 'c'].map((name) =>
      sender.send(bytes(name), { timeoutMs: 5000, answers: (ack) => String(ack) === `ack ${name}` }),
    );
    expect((await Promise.all(sent)).map(String)).toEqual(['ack a', 'ack b', 'ack c']);
    expect(events.filter(({ kind }) => kind === 'stray').length).toBeGreaterThanOrEqual(1);
    expect(sender.load).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('finishes what is in flight before it renews its connection', async () => {
    const { port, heard } = await receiver((message, _connection, answer) => {
      setTimeout(() => answer(`ok ${message}`), 60);
    });
    const { sender } = client(port);
    const first = sender.send(bytes('a'), { timeoutMs: 5000 });
    const second = sender.send(bytes('b'), { timeoutMs: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    sender.renew();
    expect([String(await first), String(await second)]).toEqual(['ok a', 'ok b']);
    expect(heard).toEqual(['1:a', '2:b']);
  });
});
