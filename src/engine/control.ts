import type { TransactionKind } from '../domain/stored-trace.ts';
import type { CredentialKind } from '../records/credentials/credentials.ts';
import type { RefusalReason } from '../transport/mllp/refusals.ts';

/** What moved since the program started, and what moves now; the live pages read it once a second. */
export interface LiveFigures {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly failed: number;
  /** Messages waiting in the queue or deferred, of all nodes. */
  readonly waiting: number;
  readonly ratePerSecond: number;
  /** False while the database is away and listeners hold back. */
  readonly accepting: boolean;
  /** Latencies of this node over the last minutes in ms; null while there are none. */
  readonly ackP50: number | null;
  readonly ackP99: number | null;
  readonly processP50: number | null;
  readonly processP99: number | null;
}

export interface ListenerStatus {
  readonly listenerId: bigint;
  readonly status: 'listening' | 'paused' | 'stopped' | 'failed';
  readonly reason: string;
  readonly since: Date;
  readonly connections: number;
  readonly refusals: readonly RefusalCount[];
}

/** How often a listener turned connections away for a reason since it was opened, and whom last. */
export interface RefusalCount {
  readonly reason: RefusalReason;
  readonly count: number;
  /** ISO 8601. */
  readonly last_at: string;
  readonly last_peer: string;
}

/** When a credential that is in force ends. */
export interface CredentialEnd {
  readonly key: string;
  readonly kind: CredentialKind;
  readonly notAfter: Date;
}

/** What the API may ask of the engine. */
export interface EngineControl {
  /**
   * Queues stored messages for another processing, in their place in the order. A message that is queued already is
   * left alone. With `content` (one message only) the repaired bytes are processed; the original stays.
   */
  replay(request: {
    readonly messageIds: readonly bigint[];
    readonly kind: Exclude<TransactionKind, 'first'>;
    readonly requestedBy: string;
    readonly reason: string;
    readonly content?: Buffer;
  }): Promise<readonly { readonly messageId: bigint; readonly transactionId: bigint }[]>;
  /** Closes open failures of these messages with a reason and lets their lanes go on. Answers how many. */
  discard(request: {
    readonly messageIds: readonly bigint[];
    readonly by: string;
    readonly reason: string;
  }): Promise<number>;
  /** Tells every node (this one included) that settings changed: listeners start, stop or restart, mappings reload. */
  settingsChanged(): Promise<void>;
  live(): LiveFigures;
  /** Calls back about once a second; returns how to stop. */
  onTick(callback: () => void): () => void;
  /** Listeners as they stand on this node. */
  listenerStatuses(): readonly ListenerStatus[];
  /** The certificates that are in force, as this node knows them. */
  credentialEnds(): readonly CredentialEnd[];
  /** Keyed hash of a control id under a listener, as `messages.control_key` holds it. */
  controlKey(listenerId: bigint, controlId: string): bigint;
}
