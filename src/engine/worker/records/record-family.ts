import type pg from 'pg';
import type { SaidTime } from '../../../domain/said-time.ts';
import type { StepProblem } from '../../../domain/stored-trace.ts';
import type { Hl7Message } from '../../../formats/hl7v2/message.ts';
import type { MessageRecords, RecordFamilyName, RecordState } from '../../../records/record-input.ts';
import type { Sealer } from '../../../security/sealing.ts';
import type { Failure } from '../failure.ts';
import type { Route } from '../route.ts';

/** What a family may know when it reads a message. */
export interface RecordContext {
  readonly route: Route;
  /** IANA name. */
  readonly timeZone: string;
  readonly said: SaidTime | undefined;
}

export type FamilyInputs =
  { readonly records: MessageRecords; readonly problems: readonly StepProblem[] } | { readonly failure: Failure };

/** A record while a batch works on it. */
export interface RecordInHand {
  readonly id: bigint;
  /** 16 bytes as latin1 text. */
  readonly key: string;
  readonly type: string;
  readonly patientId: bigint;
  readonly systemId: bigint;
  readonly environmentId: bigint;
  /** The version in the database; 0 = not there yet. */
  readonly expected: number;
  version: number;
  state: RecordState;
  /** The message that made this version, and when (ms since 1970). */
  messageId: bigint;
  madeAt: number;
  /** Versions that this batch replaced. */
  readonly replaced: ReplacedVersion[];
}

export interface ReplacedVersion {
  readonly version: number;
  readonly state: RecordState;
  readonly messageId: bigint;
  readonly madeAt: number;
}

/**
 * One kind of records: how a message says them, and where they are kept. What a family must do is told at the top of
 * records/record-input.ts. Statements run on the worker's connection, where every one must have its indexes.
 */
export interface RecordFamily {
  readonly name: RecordFamilyName;
  /** Whether messages of this route can hold records of this family. A glance, as every message is asked. */
  handles(route: Route, message: Hl7Message): boolean;
  /** What a message says. Pure; throws nothing for what a message holds. */
  inputs(message: Hl7Message, context: RecordContext): FamilyInputs;
  /** What is stored under these keys (16 bytes each), by key as latin1 text. */
  read(client: pg.ClientBase, keys: readonly Buffer[], sealer: Sealer): Promise<Map<string, RecordInHand>>;
  /**
   * Writes what a batch made of records, in its transaction. Refused with `CONFLICT_STATE` when a record has another
   * version than was read, or when its patient was merged meanwhile.
   */
  write(client: pg.ClientBase, records: readonly RecordInHand[], deps: WriteDeps): Promise<void>;
  /** Leads the records of one patient over to another. Answers their ids. */
  repoint(client: pg.ClientBase, from: bigint, to: bigint): Promise<readonly string[]>;
}

export interface WriteDeps {
  readonly sealer: Sealer;
  readonly nextId: () => bigint;
}
