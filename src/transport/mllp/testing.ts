import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameDecoder } from './frame-decoder.ts';
import { createMllpServer } from './server.ts';
import type {
  MllpRejection,
  MllpReply,
  MllpServer,
  MllpServerDeps,
  MllpServerEvent,
  MllpServerOptions,
} from './server-types.ts';

/** Waits until something is so; the test's own time limit is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export interface TestServer {
  readonly server: MllpServer;
  readonly port: number;
  readonly frames: string[];
  readonly rejections: MllpRejection[];
  readonly events: MllpServerEvent[];
}

/** A server that answers `ack:` and the first 12 characters of each frame at once, or as `deps` say. */
export async function startTestServer(
  options: Partial<MllpServerOptions> = {},
  deps: Partial<MllpServerDeps> = {},
): Promise<TestServer> {
  const frames: string[] = [];
  const rejections: MllpRejection[] = [];
  const events: MllpServerEvent[] = [];
  const server = createMllpServer(
    { port: 0, ...options },
    {
      onFrame(frame, reply) {
        frames.push(frame.toString('latin1'));
        return deps.onFrame === undefined ? void reply.end(ackOf(frame)) : deps.onFrame(frame, reply);
      },
      onRejected(rejection, reply: MllpReply) {
        rejections.push(rejection);
        return deps.onRejected === undefined
          ? void reply.end(Buffer.from(`nak:${rejection.kind}`))
          : deps.onRejected(rejection, reply);
      },
      onEvent: (event) => events.push(event),
    },
  );
  const { port } = await server.listen();
  return { server, port, frames, rejections, events };
}

export function ackOf(frame: Buffer): Buffer {
  return Buffer.from(`ack:${frame.toString('latin1', 0, 12)}`, 'latin1');
}

export interface TestPeer {
  readonly socket: Socket;
  readonly answers: string[];
  readonly state: { closed: boolean };
  /** Resolves when the system has taken the bytes. */
  write(bytes: Buffer | string): Promise<void>;
}

/** A raw peer, so that tests decide about every byte. */
export function openPeer(port: number, host = '127.0.0.1'): Promise<TestPeer> {
  const answers: string[] = [];
  const state = { closed: false };
  const decoder = new FrameDecoder({ maxFrameBytes: 8 * 1024 * 1024 });
  const socket = connect({ host, port, noDelay: true });
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk);
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      answers.push(event.kind === 'frame' ? event.bytes.toString('latin1') : event.kind);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => (state.closed = true));
  const write = (bytes: Buffer | string) =>
    new Promise<void>((resolve) => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => resolve());
    });
  return new Promise((resolve) => {
    const done = () => resolve({ socket, answers, state, write });
    socket.once('connect', done);
    socket.once('error', done);
  });
}
