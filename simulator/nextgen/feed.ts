import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { MllpClient } from '../../src/transport/mllp/client-types.ts';
import type { RegionName } from '../invented/places.ts';
import type { AdtShape } from './adt.ts';
import { FAULT_NAMES, spoil } from './faults.ts';
import type { Fault } from './faults.ts';
import { createPractice } from './practice.ts';
import type { PracticeAct, PracticeMessage } from './practice.ts';

export interface NextGenFeedOptions {
  readonly host: string;
  readonly port: number;
  readonly ratePerSecond: number;
  readonly seed: string | number;
  /** Every so many messages one is bad, its kind changing; 0 never. Default 0. */
  readonly badEvery?: number;
  /** Stops after so many messages. Default: never. */
  readonly messages?: number;
  readonly shape?: AdtShape;
  readonly region?: RegionName;
  readonly firstControlNumber?: number;
  /** How long the receiver may take for an acknowledgment before the message is sent again. Default 30 seconds. */
  readonly ackTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FeedEvent) => void;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export type FeedEvent =
  | {
      readonly kind: 'acknowledged';
      readonly controlId: string;
      readonly act: PracticeAct;
      readonly fault: Fault | undefined;
      /** MSA-1, or 'unreadable'. */
      readonly code: string;
    }
  /** No acknowledgment came; the same message is sent again, as interface engines do. */
  | { readonly kind: 'resending'; readonly controlId: string; readonly cause: unknown };

export interface FeedCounts {
  readonly sent: number;
  readonly resent: number;
  /** Bad messages among those sent. */
  readonly bad: number;
  /** Acknowledgments by MSA-1. */
  readonly byCode: Readonly<Record<string, number>>;
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

/**
 * Plays the HL7 interface of a NextGen practice: one connection, one message after the other, each until it is acknowledged.
 */
export function startNextGenFeed(options: NextGenFeedOptions): NextGenFeed {
  const stopping = new AbortController();
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([options.signal, stopping.signal]);
  const counts = { sent: 0, resent: 0, bad: 0, byCode: {} as Record<string, number> };
  const client = createMllpClient({
    host: options.host,
    port: options.port,
    backoff: { firstMs: 250, maxMs: 5_000 },
  });
  const ended = run(options, client, signal, counts);
  return {
    counts: () => ({ ...counts, byCode: { ...counts.byCode } }),
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

type Counts = { -readonly [Key in keyof Omit<FeedCounts, 'byCode'>]: number } & { byCode: Record<string, number> };

async function run(
  options: NextGenFeedOptions,
  client: MllpClient,
  signal: AbortSignal,
  counts: Counts,
): Promise<void> {
  const outgoing = createOutgoing(options);
  const gapMs = 1000 / options.ratePerSecond;
  let due = performance.now();
  while (!signal.aborted && counts.sent < (options.messages ?? Infinity)) {
    const { message, fault } = outgoing();
    const ack = await sendUntilAnswered(options, client, signal, counts, message);
    if (ack === undefined) break;
    const code = codeOf(ack);
    counts.sent += 1;
    if (fault !== undefined) counts.bad += 1;
    counts.byCode[code] = (counts.byCode[code] ?? 0) + 1;
    options.onEvent?.({ kind: 'acknowledged', controlId: message.controlId, act: message.act, fault, code });
    due = Math.max(due + gapMs, performance.now() - MOST_TO_CATCH_UP_MS);
    await pause(Math.max(due - performance.now(), gapMs / CATCH_UP), signal);
  }
  await client.close();
}

/** Gives the practice's messages in turn, some of them spoiled. */
export function createOutgoing(
  options: Pick<NextGenFeedOptions, 'seed' | 'shape' | 'region' | 'firstControlNumber' | 'badEvery' | 'now'>,
): () => { readonly message: PracticeMessage; readonly fault: Fault | undefined } {
  const practice = createPractice(options);
  const now = options.now ?? (() => new Date());
  const badEvery = options.badEvery ?? 0;
  let count = 0;
  let previous: PracticeMessage | undefined;
  return () => {
    count += 1;
    if (badEvery > 0 && count % badEvery === 0 && previous !== undefined) {
      const fault = FAULT_NAMES[(count / badEvery - 1) % FAULT_NAMES.length] as Fault;
      // A repeated message comes on top; nothing of what the practice does is left out for it.
      const message = fault === 'duplicate' ? previous : spoil(fault, practice.next(now()), previous);
      return { message, fault };
    }
    previous = practice.next(now());
    return { message: previous, fault: undefined };
  };
}

async function sendUntilAnswered(
  options: NextGenFeedOptions,
  client: MllpClient,
  signal: AbortSignal,
  counts: Counts,
  message: PracticeMessage,
): Promise<Buffer | undefined> {
  for (;;) {
    try {
      return await client.send(message.bytes, { timeoutMs: options.ackTimeoutMs ?? 30_000, signal });
    } catch (cause) {
      if (signal.aborted) return undefined;
      counts.resent += 1;
      options.onEvent?.({ kind: 'resending', controlId: message.controlId, cause });
    }
  }
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
