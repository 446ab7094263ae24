import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { MllpClient, MllpClientDeps, MllpClientOptions, SendOptions } from './client-types.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { END_BLOCK, frameMessages } from './framing.ts';
import { MllpError } from './mllp-error.ts';
import type { MllpErrorCode } from './mllp-error.ts';

const KEEP_ALIVE_AFTER_MS = 30_000;

/**
 * Makes an MLLP sender with one connection, opened when there is something to send and opened again, with growing pauses,
 * when it is lost.
 *
 * @example
 * const client = createMllpClient({ host: '127.0.0.1', port: 6661 });
 * const ack = await client.send(message, { timeoutMs: 10_000 });
 */
export function createMllpClient(options: MllpClientOptions, deps: MllpClientDeps = {}): MllpClient {
  return new Sender(options, deps);
}

interface Pending {
  readonly message: Uint8Array;
  readonly resolve: (ack: Buffer) => void;
  readonly reject: (error: MllpError) => void;
  readonly timer: NodeJS.Timeout;
  readonly unlisten: () => void;
}

class Sender implements MllpClient {
  connected = false;
  readonly #options: Required<MllpClientOptions>;
  readonly #deps: MllpClientDeps;
  #waiting: Pending[] = [];
  #sent: Pending[] = [];
  #socket: Socket | undefined = undefined;
  #retry: NodeJS.Timeout | undefined = undefined;
  #failures = 0;
  #closed = false;

  constructor(options: MllpClientOptions, deps: MllpClientDeps) {
    this.#options = {
      connectTimeoutMs: 10_000,
      maxInFlight: 1,
      maxAckBytes: 1024 * 1024,
      backoff: { firstMs: 250, maxMs: 30_000 },
      ...options,
    };
    this.#deps = deps;
  }

  send(message: Uint8Array, { timeoutMs, signal }: SendOptions): Promise<Buffer> {
    if (this.#closed) return Promise.reject(new MllpError('mllp_closed', ''));
    if (message.includes(END_BLOCK)) return Promise.reject(new MllpError('mllp_unsendable', ''));
    if (signal?.aborted === true) {
      return Promise.reject(new MllpError('mllp_aborted', '', { cause: signal.reason }));
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#giveUp(pending, 'mllp_aborted', '');
      const pending: Pending = {
        message,
        resolve,
        reject,
        timer: setTimeout(() => this.#giveUp(pending, 'mllp_timeout', `(${timeoutMs} ms)`), timeoutMs),
        unlisten: () => signal?.removeEventListener('abort', onAbort),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(pending);
      this.#work();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const pending of this.#sent) this.#fail(pending, 'mllp_closed', '', 'unknown');
    for (const pending of this.#waiting) this.#fail(pending, 'mllp_closed', '', 'not_sent');
    this.#sent = [];
    this.#waiting = [];
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroySoon();
    });
  }

  #work(): void {
    if (this.#waiting.length === 0) return;
    if (this.#socket === undefined) {
      if (this.#retry === undefined) this.#connect();
      return;
    }
    const room = this.#options.maxInFlight - this.#sent.length;
    if (!this.connected || !this.#socket.writable || room <= 0) return;
    const batch = this.#waiting.splice(0, room);
    this.#sent.push(...batch);
    this.#socket.write(frameMessages(batch.map((pending) => pending.message)));
  }

  #connect(): void {
    const { host, port, connectTimeoutMs, maxAckBytes } = this.#options;
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
    });
    const decoder = new FrameDecoder({ maxFrameBytes: maxAckBytes });
    let cause: unknown;
    const tooSlow = setTimeout(
      () => socket.destroy(new Error('The connection was not opened in time.')),
      connectTimeoutMs,
    );
    this.#socket = socket;
    socket.on('connect', () => {
      clearTimeout(tooSlow);
      this.connected = true;
      this.#deps.onEvent?.({ kind: 'connected' });
      this.#work();
    });
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      this.#read(decoder);
    });
    socket.on('error', (error) => (cause = error));
    socket.on('close', () => {
      clearTimeout(tooSlow);
      this.#disconnected(cause);
    });
  }

  #read(decoder: FrameDecoder): void {
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      const pending = event.kind === 'frame' ? this.#sent.shift() : undefined;
      if (event.kind === 'frame' && pending !== undefined) {
        this.#failures = 0;
        this.#release(pending);
        pending.resolve(event.bytes);
      } else {
        const bytes = event.kind === 'frame' ? event.bytes.length : event.kind === 'garbage' ? event.count : event.size;
        this.#deps.onEvent?.({ kind: 'stray', bytes });
      }
    }
    this.#work();
  }

  #disconnected(cause: unknown): void {
    const wasConnected = this.connected;
    const lost = this.#sent;
    this.connected = false;
    this.#socket = undefined;
    this.#sent = [];
    for (const pending of lost) this.#fail(pending, 'mllp_connection_lost', '', 'unknown', cause);
    if (wasConnected) {
      this.#deps.onEvent?.({
        kind: 'disconnected',
        unacknowledged: lost.length,
        ...(cause === undefined ? {} : { cause }),
      });
    }
    if (this.#closed) return;
    // Also after a connection that was opened and lost again without an answer, or a receiver that hangs up at once
    // would be called in a tight loop.
    this.#failures = wasConnected && lost.length === 0 ? 0 : this.#failures + 1;
    if (this.#failures === 0) this.#work();
    else this.#retryLater(wasConnected, cause);
  }

  #retryLater(wasConnected: boolean, cause: unknown): void {
    const { firstMs, maxMs } = this.#options.backoff;
    const full = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures - 1, 20));
    const retryInMs = Math.round(full * (0.5 + (this.#deps.random ?? Math.random)() / 2));
    if (!wasConnected) this.#deps.onEvent?.({ kind: 'connect_failed', retryInMs, cause });
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#work();
    }, retryInMs);
  }

  #giveUp(pending: Pending, code: MllpErrorCode, detail: string): void {
    const waiting = this.#waiting.indexOf(pending);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      this.#fail(pending, code, detail, 'not_sent');
      return;
    }
    // A late acknowledgment would be taken for the next message's, so the connection cannot be used any further.
    this.#sent.splice(this.#sent.indexOf(pending), 1);
    this.#fail(pending, code, detail, 'unknown');
    this.#socket?.destroy();
  }

  #fail(
    pending: Pending,
    code: MllpErrorCode,
    detail: string,
    delivery: 'not_sent' | 'unknown',
    cause?: unknown,
  ): void {
    this.#release(pending);
    pending.reject(new MllpError(code, detail, { delivery, ...(cause === undefined ? {} : { cause }) }));
  }

  #release(pending: Pending): void {
    clearTimeout(pending.timer);
    pending.unlisten();
  }
}
