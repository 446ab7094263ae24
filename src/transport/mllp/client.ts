import type { Socket } from 'node:net';
import { openClientSocket } from './client-socket.ts';
import type { ConnectionFacts, MllpClient, MllpClientDeps, MllpClientOptions, SendOptions } from './client-types.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { END_BLOCK, frameMessages } from './framing.ts';
import { MllpError } from './mllp-error.ts';
import type { MllpErrorCode } from './mllp-error.ts';

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
  readonly options: SendOptions;
  readonly resolve: (ack: Buffer) => void;
  readonly reject: (error: MllpError) => void;
  readonly timer: NodeJS.Timeout;
  readonly unlisten: () => void;
  attempts: number;
  ackTimer: NodeJS.Timeout | undefined;
}

interface Opener {
  readonly resolve: (facts: ConnectionFacts) => void;
  readonly reject: (error: MllpError) => void;
}

class Sender implements MllpClient {
  readonly #options: Required<Omit<MllpClientOptions, 'tls'>> & Pick<MllpClientOptions, 'tls'>;
  readonly #deps: MllpClientDeps;
  #waiting: Pending[] = [];
  #sent: Pending[] = [];
  #openers: Opener[] = [];
  #socket: Socket | undefined = undefined;
  #facts: ConnectionFacts | undefined = undefined;
  #retry: NodeJS.Timeout | undefined = undefined;
  #lastFailure: MllpError | undefined = undefined;
  #failures = 0;
  #stale = false;
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

  get connected(): boolean {
    return this.#facts !== undefined;
  }

  get load(): MllpClient['load'] {
    return { waiting: this.#waiting.length, inFlight: this.#sent.length };
  }

  connect(): Promise<ConnectionFacts> {
    if (this.#closed) return Promise.reject(new MllpError('mllp_closed', ''));
    if (this.#facts !== undefined) return Promise.resolve(this.#facts);
    return new Promise((resolve, reject) => {
      this.#openers.push({ resolve, reject });
      clearTimeout(this.#retry);
      this.#retry = undefined;
      if (this.#socket === undefined) this.#connect();
    });
  }

  send(message: Uint8Array, options: SendOptions): Promise<Buffer> {
    const { timeoutMs, signal } = options;
    if (this.#closed) return Promise.reject(new MllpError('mllp_closed', ''));
    if (message.includes(END_BLOCK)) return Promise.reject(new MllpError('mllp_unsendable', ''));
    if (signal?.aborted === true) {
      return Promise.reject(new MllpError('mllp_aborted', '', { cause: signal.reason }));
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#giveUp(pending, 'mllp_aborted', '');
      const pending: Pending = {
        message,
        options,
        resolve,
        reject,
        timer: setTimeout(() => this.#giveUp(pending, 'mllp_timeout', `(${timeoutMs} ms)`), timeoutMs),
        unlisten: () => signal?.removeEventListener('abort', onAbort),
        attempts: 0,
        ackTimer: undefined,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(pending);
      this.#work();
    });
  }

  renew(): void {
    if (this.#socket === undefined) return;
    this.#stale = true;
    this.#work();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const pending of this.#sent) this.#fail(pending, new MllpError('mllp_closed', '', { delivery: 'unknown' }));
    for (const pending of this.#waiting) this.#fail(pending, closedBefore(pending));
    for (const { reject } of this.#openers.splice(0)) reject(new MllpError('mllp_closed', ''));
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
    if (this.#stale && this.#sent.length === 0) {
      // Nothing is lost with it: its close opens the next one, if something waits.
      this.#socket?.destroySoon();
      return;
    }
    if (this.#waiting.length === 0) return;
    if (this.#socket === undefined) {
      if (this.#retry === undefined) this.#connect();
      return;
    }
    const room = this.#stale ? 0 : this.#options.maxInFlight - this.#sent.length;
    if (!this.connected || !this.#socket.writable || room <= 0) return;
    const batch = this.#waiting.splice(0, room);
    this.#sent.push(...batch);
    this.#socket.write(frameMessages(batch.map((pending) => pending.message)));
    for (const pending of batch) this.#written(pending);
  }

  #written(pending: Pending): void {
    const { ackTimeoutMs, onSent } = pending.options;
    pending.attempts += 1;
    if (ackTimeoutMs !== undefined) {
      pending.ackTimer = setTimeout(() => this.#acknowledgedTooLate(pending, ackTimeoutMs), ackTimeoutMs);
    }
    onSent?.(pending.attempts);
  }

  #connect(): void {
    const { host, port, connectTimeoutMs, maxAckBytes, tls } = this.#options;
    const decoder = new FrameDecoder({ maxFrameBytes: maxAckBytes });
    this.#stale = false;
    this.#socket = openClientSocket({
      host,
      port,
      connectTimeoutMs,
      tls: typeof tls === 'function' ? tls() : tls,
      onOpen: (facts) => {
        this.#facts = facts;
        this.#lastFailure = undefined;
        this.#deps.onEvent?.({ kind: 'connected', facts });
        for (const { resolve } of this.#openers.splice(0)) resolve(facts);
        this.#work();
      },
      onData: (chunk) => {
        decoder.push(chunk);
        this.#read(decoder);
      },
      onClose: (cause) => this.#disconnected(cause),
    });
  }

  #read(decoder: FrameDecoder): void {
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      const pending = event.kind === 'frame' ? this.#takeAnswered(event.bytes) : undefined;
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

  #takeAnswered(ack: Buffer): Pending | undefined {
    const at = this.#sent.findIndex(({ options }) => options.answers?.(ack) ?? true);
    return at < 0 ? undefined : this.#sent.splice(at, 1)[0];
  }

  #disconnected(cause: MllpError | undefined): void {
    const wasConnected = this.connected;
    const lost = this.#sent;
    this.#facts = undefined;
    this.#socket = undefined;
    this.#stale = false;
    this.#sent = [];
    const again = lost.filter(({ attempts, options }) => attempts <= (options.resends ?? 0));
    for (const pending of lost) {
      clearTimeout(pending.ackTimer);
      if (!again.includes(pending)) this.#fail(pending, lostWith(cause));
    }
    this.#waiting.unshift(...again);
    if (wasConnected) {
      this.#deps.onEvent?.({
        kind: 'disconnected',
        unacknowledged: lost.length,
        ...(cause === undefined ? {} : { cause }),
      });
    }
    const failure = cause ?? new MllpError('mllp_connect_failed', '');
    for (const { reject } of this.#openers.splice(0)) reject(failure);
    if (this.#closed) return;
    if (again.length > 0) this.#deps.onEvent?.({ kind: 'resending', messages: again.length });
    // Also after a connection that was opened and lost again without an answer, or a receiver that hangs up at once
    // would be called in a tight loop.
    const harmless = wasConnected && lost.length === 0 && cause?.code !== 'mllp_tls_refused';
    this.#failures = harmless ? 0 : this.#failures + 1;
    if (!harmless) this.#lastFailure = failure;
    if (this.#failures === 0) this.#work();
    else this.#retryLater(wasConnected, failure);
  }

  #retryLater(wasConnected: boolean, failure: MllpError): void {
    const { firstMs, maxMs } = this.#options.backoff;
    const full = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures - 1, 20));
    const retryInMs = Math.round(full * (0.5 + (this.#deps.random ?? Math.random)() / 2));
    if (!wasConnected) {
      this.#deps.onEvent?.({ kind: 'connect_failed', retryInMs, code: failure.code, cause: failure });
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#work();
    }, retryInMs);
  }

  /** A late acknowledgment would be taken for another message's, so the connection cannot be used any further. */
  #acknowledgedTooLate(pending: Pending, ms: number): void {
    if (pending.attempts > (pending.options.resends ?? 0)) this.#giveUp(pending, 'mllp_timeout', `(${ms} ms)`);
    else this.#socket?.destroy();
  }

  #giveUp(pending: Pending, code: MllpErrorCode, detail: string): void {
    const waiting = this.#waiting.indexOf(pending);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      const delivery = pending.attempts === 0 ? 'not_sent' : 'unknown';
      const cause = this.#lastFailure;
      this.#fail(pending, new MllpError(code, detail, { delivery, ...(cause === undefined ? {} : { cause }) }));
      return;
    }
    this.#sent.splice(this.#sent.indexOf(pending), 1);
    this.#fail(pending, new MllpError(code, detail, { delivery: 'unknown' }));
    this.#socket?.destroy();
  }

  #fail(pending: Pending, error: MllpError): void {
    this.#release(pending);
    pending.reject(error);
  }

  #release(pending: Pending): void {
    clearTimeout(pending.timer);
    clearTimeout(pending.ackTimer);
    pending.unlisten();
  }
}

function closedBefore({ attempts }: Pending): MllpError {
  return new MllpError('mllp_closed', '', { delivery: attempts === 0 ? 'not_sent' : 'unknown' });
}

/** What a message in flight is told when its connection has gone. */
function lostWith(cause: MllpError | undefined): MllpError {
  if (cause?.code === 'mllp_tls_refused') return cause;
  return new MllpError('mllp_connection_lost', '', {
    delivery: 'unknown',
    ...(cause === undefined ? {} : { cause }),
  });
}
