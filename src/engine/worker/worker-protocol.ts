import type { KeyringData } from '../../security/keyring.ts';
import type { DatabaseConnection } from '../../store/pg-database.ts';
import type { MessageOutcome } from './batch-outcome.ts';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly connection: DatabaseConnection;
  readonly keyring: KeyringData;
  /** The node's number and epoch, for the fence. */
  readonly node: number;
  readonly epoch: number;
  /** The number by which the worker gives ids; another than the node's own. */
  readonly idNode: number;
  /**
   * Three Int32: 1 while the worker waits for something to do, so that a wake-up is only sent when it is needed; how
   * often it was called, so that a call just before it begins to wait is not lost; 1 while storing is slowed down.
   */
  readonly signals: SharedArrayBuffer;
}

export type ToWorker =
  | { readonly kind: 'wake' }
  | { readonly kind: 'assign'; readonly shards: readonly number[]; readonly turn: number }
  | { readonly kind: 'identity'; readonly node: number; readonly epoch: number }
  | { readonly kind: 'settings' }
  | { readonly kind: 'keyring'; readonly keyring: KeyringData }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'assigned'; readonly turn: number }
  /** Outcomes that somebody waits for; counts of all; latencies (ms since receipt) of first processings. */
  | {
      readonly kind: 'outcomes';
      readonly replies: readonly MessageOutcome[];
      readonly delivered: number;
      readonly filtered: number;
      readonly failed: number;
      readonly latencies: Float32Array;
    }
  | { readonly kind: 'key-unknown' }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  | { readonly kind: 'stopped' };
