import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

export interface OutgoingMessage {
  readonly controlId: string;
  readonly bytes: Buffer;
}

export interface SenderOptions {
  readonly port: number;
  /** Messages sent and not yet acknowledged. */
  readonly window: number;
  readonly perSecond: number;
  readonly next: () => OutgoingMessage;
  /** With it over TLS. */
  readonly tls?: ConnectionOptions;
}

const VT = 0x0b;
const FS = 0x1c;

/**
 * A sender of the other side, with no code of the program in it: keeps sending, connects again when it is cut off, and
 * sends again what was not acknowledged with AA, in its order. It remembers every acknowledgment.
 */
export class Sender {
  /** Control ids that were answered AA, in the order of their acknowledgments. */
  readonly acknowledged: string[] = [];
  /** Answers other than AA. */
  readonly others: string[] = [];
  /** Acknowledgments that did not answer the message whose turn it was. */
  readonly confused: string[] = [];
  resent = 0;
  readonly #options: SenderOptions;
  readonly #acknowledgedSet = new Set<string>();
  #socket: Socket | undefined;
  #connected = false;
  #waiting: OutgoingMessage[] = [];
  #inFlight: OutgoingMessage[] = [];
  #received: Buffer = Buffer.alloc(0);
  #allowance = 0;
  #last = performance.now();
  #making = false;
  #retryAt = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#work(), 5);
  }

  /** Makes and sends new messages. */
  go(): void {
    this.#last = performance.now();
    this.#making = true;
  }

  /** Makes no new messages; what was made is still sent until it is acknowledged. */
  hold(): void {
    this.#making = false;
  }

  /** Messages that were made and are not acknowledged. */
  get open(): number {
    return this.#waiting.length + this.#inFlight.length;
  }

  /** Resolves when everything is acknowledged. */
  async drained(patienceMs: number): Promise<void> {
    this.hold();
    const end = performance.now() + patienceMs;
    while (this.open > 0) {
      if (performance.now() > end) {
        throw new Error(`${this.open} messages were not acknowledged in ${patienceMs} ms: ${this.others.at(-1) ?? ''}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends nothing more and hangs up. */
  close(): void {
    clearInterval(this.#timer);
    this.#making = false;
    this.#socket?.destroy();
  }

  #work(): void {
    const now = performance.now();
    if (this.#making) {
      const { perSecond, window, next } = this.#options;
      this.#allowance = Math.min(this.#allowance + ((now - this.#last) / 1000) * perSecond, window);
      while (this.#allowance >= 1 && this.open < window) {
        this.#allowance -= 1;
        this.#waiting.push(next());
      }
    }
    this.#last = now;
    if (this.#waiting.length === 0) return;
    if (this.#socket === undefined) {
      if (now >= this.#retryAt) this.#connect();
      return;
    }
    if (!this.#connected) return;
    const batch = this.#waiting.splice(0, this.#options.window - this.#inFlight.length);
    if (batch.length === 0) return;
    this.#inFlight.push(...batch);
    this.#socket.write(Buffer.concat(batch.map(({ bytes }) => frame(bytes))));
  }

  #connect(): void {
    const { port, tls } = this.#options;
    const to = { host: '127.0.0.1', port, noDelay: true };
    const socket = tls === undefined ? connect(to) : connectTls({ ...to, ...tls });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    socket.on(tls === undefined ? 'connect' : 'secureConnect', () => (this.#connected = true));
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connected = false;
      this.#socket = undefined;
      this.#retryAt = performance.now() + 50;
      this.resent += this.#inFlight.length;
      this.#waiting = this.#inFlight.concat(this.#waiting);
      this.#inFlight = [];
    });
  }

  #hear(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (let end = this.#received.indexOf(FS); end !== -1; end = this.#received.indexOf(FS)) {
      const start = this.#received.indexOf(VT);
      this.#answered(this.#received.toString('latin1', start + 1, end));
      this.#received = this.#received.subarray(end + 2);
    }
  }

  #answered(ack: string): void {
    const { code, controlId } = readAck(ack);
    const message = this.#inFlight.shift();
    if (message?.controlId !== controlId) this.confused.push(controlId);
    if (message === undefined) return;
    if (code === 'AA') {
      if (!this.#acknowledgedSet.has(controlId)) this.acknowledged.push(controlId);
      this.#acknowledgedSet.add(controlId);
      return;
    }
    // Not taken, or not processed yet: all that follows is sent again behind it, so that the order stays.
    this.others.push(ack.replaceAll('\r', ' / '));
    this.resent += 1 + this.#inFlight.length;
    this.#waiting = [message, ...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    this.#socket?.destroy();
  }
}

/** Code (MSA-1) and control id (MSA-2) of an acknowledgment. */
export function readAck(ack: string): { readonly code: string; readonly controlId: string } {
  const [, code = 'none', controlId = ''] = /\rMSA\|(\w*)\|([^|\r]*)/.exec(ack) ?? [];
  return { code, controlId };
}

/** A message as MLLP frames it. */
export function frame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(VT), message, Buffer.of(FS, 0x0d)]);
}
