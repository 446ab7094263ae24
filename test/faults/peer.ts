import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { frame, readAck } from './sender.ts';
import { until } from './until.ts';

const FS = 0x1c;

/** A connection in the hands of a test, for everything that a well-behaved sender does not do. */
export class Peer {
  /** What it was answered, whole acknowledgments. */
  readonly answers: string[] = [];
  closed = false;
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    socket.on('error', () => undefined);
    socket.on('end', () => (this.closed = true));
    socket.on('drain', () => this.#goOn());
    socket.on('close', () => {
      this.closed = true;
      this.#goOn();
    });
  }

  static connect(port: number): Promise<Peer> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
      const peer = new Peer(socket);
      socket.once('connect', () => resolve(peer));
      socket.once('error', reject);
    });
  }

  /** Writes bytes as they are; resolves when the other side's window has room for more. */
  write(bytes: Buffer): Promise<void> {
    if (this.socket.write(bytes) || this.closed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a message and waits for the answer that names its control id. */
  async ask(message: Buffer, controlId: string): Promise<string> {
    await this.write(frame(message));
    const mine = (): string | undefined => this.answers.find((ack) => readAck(ack).controlId === controlId);
    await until(`an answer to ${controlId}`, () => mine() !== undefined, 60_000);
    return readAck(mine() ?? '').code;
  }

  #goOn(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #hear(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (let end = this.#received.indexOf(FS); end !== -1; end = this.#received.indexOf(FS)) {
      this.answers.push(this.#received.toString('latin1', 1, end));
      this.#received = this.#received.subarray(end + 2);
    }
  }
}
