import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { ClientTlsOptions } from '../../src/transport/mllp/client-types.ts';
import { spoils } from './faults.ts';
import type { Fault } from './faults.ts';
import type { MessageType } from './model/happening.ts';
import { createOutgoing } from './outgoing.ts';
import type { Outgoing, OutgoingOptions } from './outgoing.ts';
import type { PracticeMessage } from './practice.ts';
import { sendWithFault } from './send-with-fault.ts';

export interface NextGenFeedOptions extends OutgoingOptions {
  readonly host: string;
  readonly port: number;
  /** With it MLLP over TLS. */
  readonly tls?: ClientTlsOptions;
  /** Infinity sends as fast as it is acknowledged. */
  readonly ratePerSecond: number;
  /** Connections; a patient's messages stay on one, in their order. Default 1. */
  readonly connections?: number;
  /** Stops after so many messages. Default: never. */
  readonly messages?: number;
  /** How long the receiver may take for an acknowledgment before the message is sent again. Default 30 seconds. */
  readonly ackTimeoutMs?: number;
  /** Messages of a burst. Default 50. */
  readonly burstMessages?: number;
  /** How long the fault `silence` lasts. Default 30 seconds. */
  readonly silenceMs?: number;
  /** How long the fault `slow` takes for a message. Default 2 seconds. */
  readonly slowMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FeedEvent) => void;
}

export type FeedEvent =
  | {
      readonly kind: 'acknowledged';
      readonly controlId: string;
      readonly type: MessageType;
      readonly act: PracticeMessage['act'];
      readonly fault: Fault | undefined;
      /** MSA-1, or 'unreadable'. */
      readonly code: string;
    }
  /** No acknowledgment came; the same message is sent again, as interface engines do. */
  | { readonly kind: 'resending'; readonly controlId: string; readonly cause: unknown };

export interface FeedCounts {
  readonly sent: number;
  readonly resent: number;
  /** Messages that are not what they should be, among those sent. */
  readonly bad: number;
  /** Acknowledgments by MSA-1. */
  readonly byCode: Readonly<Record<string, number>>;
  readonly byType: Readonly<Record<string, number>>;
  readonly byFault: Readonly<Record<string, number>>;
}

export interface NextGenFeed {
  counts(): FeedCounts;
  /** Resolves when the feed has ended: by `stop`, by the signal or after its number of messages. Never rejects. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A feed that fell behind (the receiver was away) sends at most so many times its rate until it has caught up. */
const CATCH_UP = 3;
const MOST_TO_CATCH_UP_MS = 10_000;
/** Messages that wait for one connection before no more are made. */
const WAITING_PER_CONNECTION = 32;

/**
 * Plays the HL7 interface of a NextGen practice: on each connection one message after the other, each until it is
 * acknowledged.
 */
export function startNextGenFeed(options: NextGenFeedOptions): NextGenFeed {
  const stopping = new AbortController();
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([options.signal, stopping.signal]);
  const feed = new Feed(options, signal);
  const ended = feed.run();
  return {
    counts: () => structuredClone(feed.counts),
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

interface Counts {
  sent: number;
  resent: number;
  bad: number;
  readonly byCode: Record<string, number>;
  readonly byType: Record<string, number>;
  readonly byFault: Record<string, number>;
}

class Feed {
  readonly counts: Counts = { sent: 0, resent: 0, bad: 0, byCode: {}, byType: {}, byFault: {} };
  readonly #options: NextGenFeedOptions;
  readonly #signal: AbortSignal;
  readonly #lanes: Lane[];

  constructor(options: NextGenFeedOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#lanes = Array.from(
      { length: options.connections ?? 1 },
      () => new Lane((one) => this.#deliver(one), options),
    );
  }

  async run(): Promise<void> {
    const { ratePerSecond, messages = Infinity, burstMessages = 50, silenceMs = 30_000 } = this.#options;
    const outgoing = createOutgoing({ ...this.#options });
    const gapMs = 1000 / ratePerSecond;
    let due = performance.now();
    let burst = 0;
    for (let made = 0; made < messages && !this.#signal.aborted; made += 1) {
      const next = outgoing();
      if (next.fault === 'burst') burst = burstMessages;
      if (next.fault === 'silence') {
        await pause(silenceMs, this.#signal);
        due = performance.now();
      }
      const lane = this.#lanes[hash(next.message.mrn) % this.#lanes.length] as Lane;
      await lane.add(next);
      burst -= 1;
      if (gapMs === 0 || burst > 0) continue;
      due = Math.max(due + gapMs, performance.now() - MOST_TO_CATCH_UP_MS);
      await pause(Math.max(due - performance.now(), gapMs / CATCH_UP), this.#signal);
    }
    await Promise.all(this.#lanes.map((lane) => lane.end()));
  }

  async #deliver({ next, client }: Delivery): Promise<void> {
    const { message, fault } = next;
    const ack = await this.#sendUntilAnswered(next, client);
    if (ack === undefined) return;
    const code = codeOf(ack);
    const { counts } = this;
    counts.sent += 1;
    counts.byCode[code] = (counts.byCode[code] ?? 0) + 1;
    counts.byType[message.type] = (counts.byType[message.type] ?? 0) + 1;
    if (fault !== undefined) {
      counts.byFault[fault] = (counts.byFault[fault] ?? 0) + 1;
      if (spoils(fault) || fault === 'duplicate') counts.bad += 1;
    }
    const { controlId, act, type } = message;
    this.#options.onEvent?.({ kind: 'acknowledged', controlId, type, act, fault, code });
  }

  async #sendUntilAnswered({ message, fault }: Outgoing, client: Lane['client']): Promise<Buffer | undefined> {
    const { host, port, tls, ackTimeoutMs = 30_000, slowMs = 2_000 } = this.#options;
    const early = await sendWithFault(fault, message.bytes, {
      target: { host, port, tls },
      slowMs,
      ackTimeoutMs,
      signal: this.#signal,
    });
    if (early !== undefined) return early;
    for (;;) {
      try {
        return await client.send(message.bytes, { timeoutMs: ackTimeoutMs, signal: this.#signal });
      } catch (cause) {
        if (this.#signal.aborted) return undefined;
        this.counts.resent += 1;
        this.#options.onEvent?.({ kind: 'resending', controlId: message.controlId, cause });
      }
    }
  }
}

interface Delivery {
  readonly next: Outgoing;
  readonly client: Lane['client'];
}

/** One connection with the messages that wait for it. */
class Lane {
  readonly client;
  readonly #deliver: (delivery: Delivery) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #room: (() => void) | undefined = undefined;
  readonly #most: number;

  constructor(deliver: (delivery: Delivery) => Promise<void>, options: NextGenFeedOptions) {
    this.#deliver = deliver;
    this.#most = (options.connections ?? 1) > 1 ? WAITING_PER_CONNECTION : 1;
    this.client = createMllpClient({
      host: options.host,
      port: options.port,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      backoff: { firstMs: 250, maxMs: 5_000 },
    });
  }

  /** Resolves when there is room for another. */
  async add(next: Outgoing): Promise<void> {
    this.#waiting += 1;
    this.#last = this.#last
      .then(() => this.#deliver({ next, client: this.client }))
      .then(() => {
        this.#waiting -= 1;
        this.#room?.();
      });
    if (this.#waiting >= this.#most) await new Promise<void>((resolve) => (this.#room = resolve));
  }

  async end(): Promise<void> {
    await this.#last;
    await this.client.close();
  }
}

function hash(text: string): number {
  let value = 7;
  for (let at = 0; at < text.length; at += 1) value = (value * 31 + text.charCodeAt(at)) % 65_521;
  return value;
}

function codeOf(ack: Buffer): string {
  try {
    return parseAck(ack).code;
  } catch {
    return 'unreadable';
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
