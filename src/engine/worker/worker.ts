import type pg from 'pg';
import { idAtMs, idTimeMs } from '../../domain/ids.ts';
import type { AuditChain } from '../../security/audit-chain.ts';
import { AUDIT_MOVED_STATE, readAuditHead } from '../../security/audit-append.ts';
import { int2Array, int8Array } from '../../store/binary-array.ts';
import { dropPg, isDatabaseAway, sqlState } from '../../store/pg-database.ts';
import type { EngineLog } from '../engine-log.ts';
import { applyBatch, stand, type PreviousBatch } from './apply-batch.ts';
import type { ApplyDeps } from './apply-deps.ts';
import type { BatchOutcome, MessageOutcome } from './batch-outcome.ts';
import { claimBatch, type Claimed } from './claim.ts';
import { commitBatch, emptyWriting, type Writing } from './commit-batch.ts';
import type { Deferral } from './defer.ts';
import type { Failure } from './failure.ts';
import { isLaneBusy } from './merge-patients.ts';
import { Pace } from './pace.ts';
import { prepareMessage, type Prepared } from './prepare.ts';
import { readBatch } from './read-batch.ts';
import { retryDelaySeconds, type SystemSettings } from './settings.ts';
import { CONFLICT_STATE, FENCED_STATE, GONE_STATE } from './write-batch.ts';

export interface WorkerDeps extends ApplyDeps {
  readonly connect: () => Promise<pg.Client>;
  readonly systems: () => ReadonlyMap<bigint, SystemSettings>;
  readonly identity: () => { readonly node: number; readonly epoch: number };
  readonly audit: AuditChain;
  readonly log: EngineLog;
  readonly now: () => number;
  readonly random: () => number;
  readonly onOutcomes: (outcomes: readonly MessageOutcome[], claimedAtMs: number) => void;
  /** The data keys changed since they were loaded. */
  readonly reloadKeys: () => Promise<void>;
  /** The systems changed since they were loaded. Never rejects. */
  readonly reloadSystems: () => Promise<void>;
  /** Three Int32 shared with whoever wakes this worker: 1 while it waits; how often it was called; 1 while it is to stand back. */
  readonly signals: Int32Array;
}

const BATCH_MESSAGES = 256;
const BATCH_BYTES = 8 * 1024 * 1024;
/** How often a write that met somebody else's is tried again at once. */
const RACES_RUN = 3;
/** A system that is not known is looked for again so long after the last look. */
const UNKNOWN_SYSTEM_MS = 5000;
const UNIQUE_VIOLATION = '23505';
/** Somebody else was first: read anew, the same can be written. Deadlock, serialization, a patient made or changed. */
const RACE_STATES: ReadonlySet<string> = new Set([CONFLICT_STATE, UNIQUE_VIOLATION, '40P01', '40001', '55P03']);
/** Faults of sealed values tell themselves. */
const SEALING_CODES: ReadonlySet<string> = new Set(['key_unknown', 'sealed_tampered', 'sealed_malformed']);
const UNWRITABLE_RETRY_SECONDS = 300;
/** How long a merge waits until it looks again whether its turn has come. */
const MERGE_WAIT_SECONDS = 0.5;
const NOTHING_BEFORE: PreviousBatch = { states: new Map(), standing: new Map() };

interface Ready {
  readonly claimed: readonly Claimed[];
  readonly prepared: readonly Prepared[];
  readonly claimedAtMs: number;
  readonly startedAt: number;
}

/**
 * The worker of a node: claims batches of its shards in order, prepares them, matches and writes them. While one batch is
 * being written the next is claimed and prepared; one write at a time, so that batches commit in their order.
 */
export class Worker {
  readonly #deps: WorkerDeps;
  #reader: pg.Client | undefined;
  #writer: pg.Client | undefined;
  #shards: readonly number[] = [];
  #shardArray: Buffer = int2Array([]);
  #inHand = new Set<bigint>();
  readonly #pace: Pace;
  #stopping = false;
  #running: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #previous: PreviousBatch = NOTHING_BEFORE;
  #current: { states: Map<bigint, MessageOutcome['state']>; standing: Map<bigint, bigint> } = {
    states: new Map(),
    standing: new Map(),
  };
  readonly #unknownSystems = new Map<bigint, number>();

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#pace = new Pace(deps.signals);
  }

  start(): void {
    this.#running ??= this.#loop();
  }

  /** There may be something to do. */
  wake(): void {
    this.#pace.call();
  }

  /** Works on these shards from now on; resolves when nothing of others is in hand any more. */
  async assign(shards: readonly number[]): Promise<void> {
    this.#shards = shards;
    this.#shardArray = int2Array(shards);
    await this.#turn;
    this.wake();
  }

  /** Ends what is in hand and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#pace.stop();
    await this.#running;
    this.#dropClients();
  }

  async #loop(): Promise<void> {
    let writing: Promise<boolean> = Promise.resolve(true);
    while (!this.#stopping) {
      let release = (): void => {};
      // A turn lasts from the claim to the end of its write, so that shards are given away only between turns.
      const before = this.#turn;
      this.#turn = new Promise((resolve) => {
        release = resolve;
      });
      try {
        await this.#pace.beforeClaim();
        const ready = await this.#claim();
        const wrote = await writing;
        if (ready === undefined || !wrote) {
          this.#forget(ready);
          release();
          this.#previous = NOTHING_BEFORE;
          writing = Promise.resolve(true);
          if (!wrote) {
            this.#pace.lookAgain();
            await this.#pace.rest();
          } else {
            this.#pace.wentWell();
            await this.#pace.sleep();
          }
          continue;
        }
        this.#current = { states: new Map(), standing: new Map() };
        const turn = before.then(() => this.#process(ready)).finally(() => this.#forget(ready));
        writing = turn.then(
          () => {
            this.#previous = this.#current;
            this.#pace.wentWell();
            return true;
          },
          async (error: unknown) => {
            await this.#recover(error);
            return false;
          },
        );
        void writing.then(release, release);
      } catch (error) {
        const wrote = await writing;
        release();
        writing = Promise.resolve(true);
        this.#previous = NOTHING_BEFORE;
        // The write before has lost and replaced the connections of both.
        if (wrote) await this.#recover(error);
        await this.#pace.rest();
      }
    }
    await writing;
  }

  async #claim(): Promise<Ready | undefined> {
    if (!this.#pace.begin() || this.#shards.length === 0) return undefined;
    this.#reader ??= await this.#deps.connect();
    const claimedAtMs = this.#deps.now();
    const claimed = await claimBatch(this.#reader, this.#shardArray, int8Array([...this.#inHand]), {
      messages: BATCH_MESSAGES,
      bytes: BATCH_BYTES,
      duplicatesFrom: idAtMs(claimedAtMs - this.#longestWindowMs()),
    });
    const bytes = claimed.reduce((sum, { size }) => sum + size, 0);
    this.#pace.claimed({
      messages: claimed.length,
      isAll: claimed.length < BATCH_MESSAGES && bytes < BATCH_BYTES,
      isAwaited: claimed.some(({ replyNode }) => replyNode !== null),
    });
    if (claimed.length === 0) return undefined;
    const startedAt = performance.now();
    await this.#learnSystems(claimed);
    let prepared = this.#prepare(claimed);
    if (prepared.some(({ result }) => result.kind === 'failed' && result.failure.code === 'key_unknown')) {
      await this.#deps.reloadKeys();
      prepared = this.#prepare(claimed);
    }
    for (const { messageId } of claimed) this.#inHand.add(messageId);
    return { claimed, prepared, claimedAtMs, startedAt };
  }

  #prepare(claimed: readonly Claimed[]): Prepared[] {
    const systems = this.#deps.systems();
    return claimed.map((each) => prepareMessage(each, systems.get(each.systemId), this.#deps.sealer));
  }

  /** A message can be here before the news of its system is. */
  async #learnSystems(claimed: readonly Claimed[]): Promise<void> {
    const systems = this.#deps.systems();
    const now = this.#deps.now();
    let isNews = false;
    for (const { systemId } of claimed) {
      if (systems.has(systemId)) continue;
      if (now - (this.#unknownSystems.get(systemId) ?? -Infinity) < UNKNOWN_SYSTEM_MS) continue;
      this.#unknownSystems.set(systemId, now);
      isNews = true;
    }
    if (isNews) await this.#deps.reloadSystems();
  }

  #longestWindowMs(): number {
    let longest = 0;
    for (const { duplicateWindowMs } of this.#deps.systems().values()) longest = Math.max(longest, duplicateWindowMs);
    return longest;
  }

  #forget(ready: Ready | undefined): void {
    for (const { messageId } of ready?.claimed ?? []) this.#inHand.delete(messageId);
  }

  /**
   * Matches and writes a batch. One that met somebody else's write is tried again at once; one that is refused is halved
   * until the message at fault stands alone.
   */
  async #process(ready: Ready, tries = 0): Promise<void> {
    const merge = ready.prepared.findIndex((each) => mergeOf(each) !== undefined);
    if (merge !== -1 && ready.prepared.length > 1) {
      // A merge is a commit of its own, so that what comes after it finds the patients as it leaves them.
      for (const [from, to] of [
        [0, merge],
        [merge, merge + 1],
        [merge + 1, ready.prepared.length],
      ]) {
        const part = ready.prepared.slice(from, to);
        if (part.length > 0) await this.#process({ ...ready, prepared: part });
      }
      return;
    }
    try {
      await this.#write(ready, ready.prepared);
    } catch (error) {
      const state = sqlState(error);
      if (isDatabaseAway(error) || state === FENCED_STATE || state === AUDIT_MOVED_STATE) throw error;
      this.#deps.audit.rollback();
      if (state === 'key_unknown' && tries === 0) {
        await this.#deps.reloadKeys();
        return this.#process(ready, tries + 1);
      }
      if (state === GONE_STATE || state === UNIQUE_VIOLATION) {
        const left = await this.#stillQueued(ready.prepared);
        if (left.length < ready.prepared.length) {
          this.#deps.log.warn(
            { messages: ready.prepared.length - left.length },
            'Messages were ended already; their results stand.',
          );
          return left.length === 0 ? undefined : this.#process({ ...ready, prepared: left }, tries);
        }
      }
      if (RACE_STATES.has(state) && tries < RACES_RUN) return this.#process(ready, tries + 1);
      if (ready.prepared.length > 1) {
        this.#deps.log.warn(
          { code: state || 'unknown', batch: ready.prepared.length },
          'A batch was refused; it is halved.',
        );
        const half = ready.prepared.length >> 1;
        await this.#process({ ...ready, prepared: ready.prepared.slice(0, half) });
        return this.#process({ ...ready, prepared: ready.prepared.slice(half) });
      }
      const [only] = ready.prepared;
      if (only !== undefined) await this.#giveBack(ready, only, state);
    }
  }

  async #stillQueued(prepared: readonly Prepared[]): Promise<Prepared[]> {
    this.#writer ??= await this.#deps.connect();
    const { rows } = await this.#writer.query<{ message_id: string }>(
      'select message_id from queue where message_id = any($1::bigint[])',
      [int8Array(prepared.map(({ claimed }) => claimed.messageId))],
    );
    const queued = new Set(rows.map((row) => BigInt(row.message_id)));
    return prepared.filter(({ claimed }) => queued.has(claimed.messageId));
  }

  /** One message that the database refuses: tried again later, then put into the error queue. */
  async #giveBack(ready: Ready, prepared: Prepared, state: string): Promise<void> {
    const { claimed, system } = prepared;
    const failure: Failure = {
      cause: 'internal',
      code: RACE_STATES.has(state) ? 'store.conflict' : SEALING_CODES.has(state) ? state : 'store.refused',
      place: null,
    };
    this.#deps.log.error(
      { code: state, message: String(claimed.messageId), attempt: claimed.attempts + 1 },
      'A message could not be written.',
    );
    const retry = system?.retry;
    const waitedMs = this.#deps.now() - idTimeMs(claimed.transactionId);
    if (retry !== undefined && claimed.attempts + 1 < retry.maxAttempts && waitedMs < retry.deadlineSeconds * 1000) {
      const seconds = retryDelaySeconds(retry, claimed.attempts + 1, this.#deps.random);
      await this.#retryLater(ready, claimed, failure, seconds);
      return;
    }
    try {
      await this.#write(ready, [{ ...prepared, result: { kind: 'failed', failure } }]);
    } catch (error) {
      if (isDatabaseAway(error) || sqlState(error) === FENCED_STATE) throw error;
      // Not even its failure can be written. It must not keep the others from their turn, nor be lost.
      this.#deps.audit.rollback();
      this.#deps.log.error(
        { code: sqlState(error), message: String(claimed.messageId) },
        'The failure of a message could not be written; it is kept and tried again.',
      );
      await this.#retryLater(ready, claimed, failure, UNWRITABLE_RETRY_SECONDS);
    }
  }

  /** Puts a message aside until its next attempt; without a failure it only waits for its turn. */
  async #retryLater(
    ready: Ready,
    claimed: Claimed,
    failure: Failure | null,
    afterSeconds: number,
    alsoHolds?: bigint,
  ): Promise<void> {
    const deferral: Deferral = {
      ...{ claimed, waitsFor: 'retry', afterSeconds, failure },
      ...(alsoHolds === undefined ? {} : { alsoHolds }),
    };
    await this.#commit({ ...emptyWriting([claimed.messageId]), deferrals: [deferral] }, []);
    const state = failure === null ? 'held' : 'retrying';
    this.#current.states.set(claimed.messageId, state);
    stand(this.#current.standing, claimed);
    if (alsoHolds !== undefined) stand(this.#current.standing, { lane: alsoHolds, messageId: claimed.messageId });
    const { messageId, transactionId, replyNode } = claimed;
    const isFirst = transactionId === messageId;
    this.#deps.onOutcomes([{ messageId, isFirst, replyNode, state, failure }], ready.claimedAtMs);
  }

  async #write(ready: Ready, prepared: readonly Prepared[]): Promise<void> {
    this.#writer ??= await this.#deps.connect();
    const merge = prepared.length === 1 ? mergeOf(prepared[0]) : undefined;
    if (merge !== undefined && (await this.#waitsForOther(ready, merge))) return;
    const start = performance.now();
    const batch = await readBatch(this.#writer, prepared, this.#deps);
    const matchUs = Math.round((performance.now() - start) * 1000);
    // What an earlier, refused try adds to the steps is not part of the next one.
    const fresh = prepared.map((each) => ({ ...each, steps: [...each.steps] }));
    const { claimedAtMs, startedAt } = ready;
    const outcome = applyBatch(
      { ...batch, prepared: fresh, claimedAtMs, startedAt, matchUs, previous: this.#seen() },
      this.#deps,
    );
    const back = await this.#commit(outcome, outcome.audit);
    if (back.size > 0) this.#pace.lookAgain();
    const told = back.size === 0 ? outcome.outcomes : outcome.outcomes.filter(({ messageId }) => !back.has(messageId));
    for (const { messageId, state } of told) this.#current.states.set(messageId, state);
    for (const { claimed, holdSeconds } of outcome.failed) if (holdSeconds > 0) stand(this.#current.standing, claimed);
    for (const { claimed } of outcome.deferrals) stand(this.#current.standing, claimed);
    this.#deps.onOutcomes(told, ready.claimedAtMs);
  }

  /**
   * A merge is about two patients and so about two lanes. While what came before it in the other one is not processed, it
   * waits, and what came after it waits there too.
   */
  async #waitsForOther(ready: Ready, { claimed, laneKey }: NonNullable<ReturnType<typeof mergeOf>>): Promise<boolean> {
    if (claimed.heldBy !== null || laneKey === undefined || this.#writer === undefined) return false;
    const lane = this.#deps.indexes.lane.token64(`${claimed.systemId}|${laneKey}`);
    if (lane === claimed.lane || !(await isLaneBusy(this.#writer, lane, claimed.messageId))) return false;
    await this.#retryLater(ready, claimed, null, MERGE_WAIT_SECONDS, lane);
    return true;
  }

  /** What was decided since the claim of the batch at work: by the batch before, and by parts of this one. */
  #seen(): PreviousBatch {
    if (this.#current.states.size === 0) return this.#previous;
    return {
      states: new Map([...this.#previous.states, ...this.#current.states]),
      standing: earliest(this.#previous.standing, this.#current.standing),
    };
  }

  /** Writes; answers the messages that went back into the queue. */
  async #commit(writing: Writing, entries: BatchOutcome['audit']): Promise<ReadonlySet<bigint>> {
    this.#writer ??= await this.#deps.connect();
    const { audit, sealer, ids } = this.#deps;
    const batch = entries.length === 0 ? undefined : audit.prepare(entries);
    const deps = { sealer, nextId: () => ids.next() };
    const back = await commitBatch(this.#writer, this.#deps.identity(), writing, batch, deps);
    audit.commit();
    return back;
  }

  /** After an error that is no message's fault: fresh connections, and the audit head as the database has it. */
  async #recover(error: unknown): Promise<void> {
    this.#deps.log.warn(
      { code: sqlState(error) || 'unknown', reason: isDatabaseAway(error) ? 'database away' : 'batch refused' },
      'Processing is interrupted; it goes on from what is stored.',
    );
    this.#dropClients();
    while (!this.#stopping) {
      try {
        this.#writer = await this.#deps.connect();
        this.#deps.audit.recover(await readAuditHead(this.#writer, this.#deps.audit.chain));
        return;
      } catch {
        this.#dropClients();
        await this.#pace.rest();
      }
    }
  }

  #dropClients(): void {
    this.#pace.lookAgain();
    dropPg(this.#reader);
    dropPg(this.#writer);
    this.#reader = undefined;
    this.#writer = undefined;
  }
}

function earliest(one: ReadonlyMap<bigint, bigint>, other: ReadonlyMap<bigint, bigint>): Map<bigint, bigint> {
  const all = new Map(one);
  for (const [lane, messageId] of other) stand(all, { lane, messageId });
  return all;
}

function mergeOf(prepared: Prepared | undefined): { claimed: Claimed; laneKey: string | undefined } | undefined {
  if (prepared?.result.kind !== 'patient' || prepared.result.prior === undefined) return undefined;
  return { claimed: prepared.claimed, laneKey: prepared.result.prior.laneKey };
}
