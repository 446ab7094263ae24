import type pg from 'pg';
import type { BlindIndex } from '../../security/blind-index.ts';
import type { Sealer } from '../../security/sealing.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import { findForeign, insertMessages, type NewMessage } from '../../store/insert-messages.ts';
import { dropPg, isDatabaseAway, sqlState } from '../../store/pg-database.ts';
import type { IdGenerator } from '../../domain/ids.ts';
import { shardOf } from '../lanes.ts';
import type { EngineLog } from '../engine-log.ts';
import { FlushPressure } from './flush-pressure.ts';

/** A message that arrived: what intake needs to know to store it. */
export interface Arrival {
  readonly bytes: Buffer;
  readonly systemId: bigint;
  readonly listenerId: bigint;
  readonly type: string;
  readonly controlId: string;
  /** Whom it is about (patient data; only its keyed hash is kept), undefined when it has no place in an order. */
  readonly patientKey: string | undefined;
  readonly peer: string;
  /** What is (or will be) answered: AA, CA, AE, AR …; empty when only the outcome of the processing decides. */
  readonly ackCode: string;
  /** Whether an answer waits for the outcome of the processing. */
  readonly awaitsOutcome: boolean;
  /** Called after the commit with the message's id: the moment to acknowledge. */
  readonly stored: (id: bigint) => void;
  /** Called when this one message cannot be stored at all (its content is refused by the database). */
  readonly refused: (code: string) => void;
  /** Called when `stored` failed: no answer can be given. */
  readonly failed: () => void;
}

interface Pending {
  readonly arrival: Arrival;
  id: bigint;
  content: Buffer;
}

export interface IntakeDeps {
  readonly node: number;
  readonly ids: IdGenerator;
  readonly sealer: Sealer;
  readonly laneIndex: BlindIndex;
  readonly controlIndex: BlindIndex;
  readonly fingerprintIndex: BlindIndex;
  readonly connect: () => Promise<pg.Client>;
  readonly log: EngineLog;
  /** After each commit: how many were stored, and in which shards. */
  readonly onStored: (count: number, shards: ReadonlySet<number>) => void;
  /** After each flush: whether storing takes much longer than it can. */
  readonly onPressure: (slowed: boolean) => void;
  /** The database is away (true) or back (false): the listeners stop or go on reading. */
  readonly onAway: (away: boolean) => void;
  /** Makes the partitions that ids of now need: the clock may have been set since they were made. */
  readonly makeRoom: () => Promise<void>;
}

/** A row for which there is no partition; the same code as any other check that a row does not pass. */
const NO_PARTITION = '23514';

const MAX_BATCH_MESSAGES = 512;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, 1000];

/**
 * Group commit: what arrives while one flush is under way goes into the next one, in order, and is acknowledged only
 * after its commit. One flush at a time: so the messages of one lane become visible in the order of their ids.
 */
export class Intake {
  readonly #deps: IntakeDeps;
  #pending: Pending[] = [];
  #flushing = false;
  #client: pg.Client | undefined;
  #away = false;
  #stopped = false;
  #idle: (() => void)[] = [];
  readonly #pressure = new FlushPressure();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** Takes a message over: seals it at once and stores it with the next flush. Answers the id that it is to have. */
  accept(arrival: Arrival): bigint {
    const id = this.#deps.ids.next();
    this.#pending.push({ arrival, id, content: this.#seal(id, arrival.bytes) });
    if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(() => void this.#run());
    }
    return id;
  }

  #seal(id: bigint, bytes: Buffer): Buffer {
    return this.#deps.sealer.seal('content', SEALED_COLUMNS.messageContent, id, bytes);
  }

  /** Resolves when everything accepted so far is stored; the connection is closed then. */
  async stop(): Promise<void> {
    if (this.#flushing) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#stopped = true;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  /** Gives up on what cannot be stored (the database stays away while the program must end): it was never acknowledged. */
  abandon(): void {
    this.#stopped = true;
    this.#pending = [];
    dropPg(this.#client);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#pending.length > 0 && !this.#stopped) {
      const batch = this.#take();
      try {
        await this.#store(batch);
        failures = 0;
        if (this.#away) this.#setAway(false);
      } catch (error) {
        this.#pending = batch.concat(this.#pending);
        this.#deps.log.warn(
          { code: sqlState(error) || 'unknown', waiting: this.#pending.length },
          'Storing messages failed; they are kept and tried again.',
        );
        dropPg(this.#client);
        this.#client = undefined;
        if (!this.#away) this.#setAway(true);
        const delay = RETRY_DELAYS_MS[Math.min(failures++, RETRY_DELAYS_MS.length - 1)] ?? 1000;
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
    this.#flushing = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #take(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const entry of this.#pending) {
      bytes += entry.content.length;
      if (count > 0 && (count >= MAX_BATCH_MESSAGES || bytes > MAX_BATCH_BYTES)) break;
      count++;
    }
    if (count === this.#pending.length) {
      const all = this.#pending;
      this.#pending = [];
      return all;
    }
    return this.#pending.splice(0, count);
  }

  async #store(batch: readonly Pending[]): Promise<void> {
    const rows = this.#rows(batch);
    this.#client ??= await this.#deps.connect();
    try {
      const begun = performance.now();
      const stored = await insertMessages(this.#client, this.#deps.node, rows);
      const ended = performance.now();
      this.#deps.onPressure(this.#pressure.note(ended - begun, ended));
      if (stored < rows.length) return await this.#storeAgain(batch, rows, this.#client);
    } catch (error) {
      if (isDatabaseAway(error) || !/^2[23]/.test(sqlState(error))) throw error;
      if (sqlState(error) === NO_PARTITION) {
        await this.#deps.makeRoom();
        throw error;
      }
      // The database refuses a value: find the one message at fault, so that it takes no other along.
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) {
        this.#deps.log.error(
          { code: sqlState(error), message: String(only.id) },
          'A message cannot be stored as it is; it is refused.',
        );
        this.#answer(only, () => only.arrival.refused(sqlState(error)));
        return;
      }
      const half = batch.length >> 1;
      await this.#store(batch.slice(0, half));
      await this.#store(batch.slice(half));
      return;
    }
    this.#done(batch, rows);
  }

  /**
   * Some ids were there already. They are ours when an earlier try was committed and its answer lost; another's when
   * two nodes give ids by one number, which must never cost a message: those get new ids.
   */
  async #storeAgain(batch: readonly Pending[], rows: readonly NewMessage[], client: pg.Client): Promise<void> {
    const foreign = await findForeign(client, rows);
    this.#done(
      batch.filter(({ id }) => !foreign.has(id)),
      rows.filter(({ id }) => !foreign.has(id)),
    );
    if (foreign.size === 0) return;
    this.#deps.log.error(
      { messages: foreign.size, node: this.#deps.node },
      'Another node gives the same ids: two nodes run under one number. Restart this one.',
    );
    const again = batch.filter(({ id }) => foreign.has(id));
    for (const entry of again) {
      entry.id = this.#deps.ids.next();
      entry.content = this.#seal(entry.id, entry.arrival.bytes);
    }
    await this.#store(again);
  }

  #done(batch: readonly Pending[], rows: readonly NewMessage[]): void {
    const shards = new Set<number>();
    for (const row of rows) shards.add(row.shard);
    this.#deps.onStored(rows.length, shards);
    for (const entry of batch) this.#answer(entry, () => entry.arrival.stored(entry.id));
  }

  /** A message that is stored is not stored again because its answer fails. */
  #answer(entry: Pending, answer: () => void): void {
    try {
      answer();
    } catch (error) {
      this.#deps.log.error(
        { message: String(entry.id), reason: error instanceof Error ? error.name : 'unknown' },
        'An acknowledgment could not be given; the connection is cut.',
      );
      entry.arrival.failed();
    }
  }

  #rows(batch: readonly Pending[]): NewMessage[] {
    const { laneIndex, controlIndex, fingerprintIndex, node } = this.#deps;
    const lanes = laneIndex.batch64(batch.map(({ arrival }) => `${arrival.systemId}|${arrival.patientKey ?? ''}`));
    const controls = controlIndex.batch64(batch.map(({ arrival }) => `${arrival.listenerId}|${arrival.controlId}`));
    const hashes = fingerprintIndex.batch(batch.map(({ arrival }) => arrival.bytes));
    return batch.map(({ arrival, id, content }, index) => {
      // Without a patient a message has no place in an order: a lane of its own.
      const lane = arrival.patientKey === undefined ? id : (lanes[index] ?? id);
      return {
        id,
        systemId: arrival.systemId,
        listenerId: arrival.listenerId,
        lane,
        shard: shardOf(lane),
        controlKey: arrival.controlId === '' ? id : (controls[index] ?? id),
        contentHash: hashes.subarray(index * 16, index * 16 + 16),
        type: arrival.type,
        controlId: arrival.controlId,
        peer: arrival.peer,
        size: arrival.bytes.length,
        ackCode: arrival.ackCode,
        content,
        replyNode: arrival.awaitsOutcome ? node : null,
      };
    });
  }

  #setAway(away: boolean): void {
    this.#away = away;
    this.#deps.onAway(away);
  }
}
