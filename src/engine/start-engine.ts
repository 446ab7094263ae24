import { createIdGenerator, idTimeMs, type IdGenerator } from '../domain/ids.ts';
import type { CredentialOpener } from '../records/credentials/open-credential.ts';
import type { SettingsStore } from '../records/settings/settings.ts';
import { createBlindIndexes } from '../security/blind-index.ts';
import type { Keyring, KeyringData } from '../security/keyring.ts';
import type { Sealer } from '../security/sealing.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { connectPg, type DatabaseConnection, type PgDatabase } from '../store/pg-database.ts';
import type { EngineControl } from './control.ts';
import type { EngineLog } from './engine-log.ts';
import {
  countWaiting,
  endExpiredHolds,
  freeForgottenLanes,
  queueDueRetries,
  saveListenerStatuses,
} from './housekeeping.ts';
import { Intake } from './intake/intake.ts';
import { PendingOutcomes } from './intake/pending-outcomes.ts';
import { Listeners } from './listeners.ts';
import { Figures } from './live-figures.ts';
import { CHANNEL, type NodeIdentity, type NodeSession } from './nodes/node-session.ts';
import { ShardLeases } from './nodes/shard-leases.ts';
import { discardMessages, replayMessages } from './replay.ts';
import { SettingsFollower } from './settings-follower.ts';
import { WorkerThread } from './worker/worker-thread.ts';
import type { FromWorker } from './worker/worker-protocol.ts';

/** Node numbers of workers are those of their nodes plus this, so that the ids of the two never meet. */
export const WORKER_ID_OFFSET = 512;

/** Why listeners do not read for a while. */
const DATABASE_AWAY = 'The database is away.';
const TOO_MANY_WAIT = 'Too many acknowledgments wait for the outcome of the processing.';
/** A port that another program has may be free again. */
const RETRY_LISTENERS_SECONDS = 15;
/** How often certificates are looked at; what is told of one is told once a day. */
const EXPIRY_WATCH_SECONDS = 300;

export interface EngineDeps {
  readonly database: PgDatabase;
  readonly connection: DatabaseConnection;
  readonly session: NodeSession;
  readonly ids: NodeIds;
  readonly keyring: Keyring;
  readonly sealer: Sealer;
  readonly loadKeyring: () => Promise<KeyringData>;
  readonly store: SettingsStore;
  /** The vault: certificates and keys of listeners. */
  readonly credentials: CredentialOpener;
  readonly workerFile: string | URL;
  readonly log: EngineLog;
}

export interface Engine extends EngineControl {
  /** Notifications that came in on the node's session. */
  heard(payload: string): void;
  /** The node's session was lost and is back. */
  restored(identity: NodeIdentity): void;
  /** Data keys were added or replaced. */
  keysChanged(keyring: KeyringData): void;
  /** A listener's name in configuration files. */
  listenerKey(id: bigint): string;
  /** Stops receiving, ends what is in hand, gives the lanes back. */
  stop(graceMs: number): Promise<void>;
}

/** Starts receiving and processing on this node. */
export async function startEngine(deps: EngineDeps): Promise<Engine> {
  const engine = new RunningEngine(deps);
  await engine.start();
  return engine;
}

class RunningEngine implements Engine {
  readonly #deps: EngineDeps;
  readonly #figures = new Figures();
  readonly #outcomes = new PendingOutcomes({
    now: Date.now,
    onFull: (full) => (full ? this.#listeners.pause(TOO_MANY_WAIT) : this.#listeners.resume(TOO_MANY_WAIT)),
    onFault: (error) => this.#deps.log.error({ reason: nameOf(error) }, 'An acknowledgment could not be given.'),
  });
  readonly #indexes: ReturnType<typeof createBlindIndexes>;
  readonly #intake: Intake;
  readonly #listeners: Listeners;
  readonly #leases: ShardLeases;
  readonly #worker: WorkerThread;
  readonly #follower = new SettingsFollower(
    () => this.#takeSettingsOver(),
    () => this.#deps.log.warn({}, 'The settings could not be read; they are read again soon.'),
  );
  #timer: NodeJS.Timeout | undefined;
  #seconds = 0;
  #stopping = false;
  #othersToWake = false;
  #busy = false;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    const { session, ids, sealer, log } = deps;
    this.#indexes = createBlindIndexes(deps.keyring);
    this.#worker = new WorkerThread({
      file: deps.workerFile,
      log,
      start: () => ({
        connection: deps.connection,
        keyring: deps.keyring.data(),
        node: session.identity.node,
        epoch: session.identity.epoch,
        idNode: session.identity.node + WORKER_ID_OFFSET,
      }),
      loadKeyring: deps.loadKeyring,
      onOutcomes: (outcomes) => this.#settle(outcomes),
      onRestarted: () => this.#takeLanesAnew(),
    });
    this.#leases = new ShardLeases({
      session,
      transaction: (work) => deps.database.transaction((tx) => work((text, values) => tx.query(text, values))),
      assign: (shards) => this.#worker.assign(shards),
    });
    this.#intake = new Intake({
      node: session.identity.node,
      ids,
      sealer,
      laneIndex: this.#indexes.lane,
      controlIndex: this.#indexes.control,
      fingerprintIndex: this.#indexes.fingerprint,
      connect: () => connectPg(deps.connection, 'practice-studio intake', 'hot'),
      log,
      onStored: (count, shards) => this.#stored(count, shards),
      onPressure: (slowed) => this.#worker.press(slowed),
      onAway: (away) => this.#away(away),
      makeRoom: () => ensurePartitions(deps.database, Date.now()),
    });
    this.#listeners = new Listeners({
      receive: {
        intake: this.#intake,
        outcomes: this.#outcomes,
        now: Date.now,
        onAcknowledged: (ms) => this.#figures.ack.add(ms),
        onUnsent: (messageId) => this.#unsent(messageId),
      },
      log,
      now: () => new Date(),
      nodeName: () => session.identity.name,
      credentials: deps.credentials,
    });
  }

  async start(): Promise<void> {
    await ensurePartitions(this.#deps.database, Date.now());
    await this.#mindTheClock();
    const settings = await this.#deps.store.load(this.#deps.database);
    // The ports open first: what arrives is stored while the worker is still starting.
    await Promise.all([this.#listeners.apply(settings), this.#worker.start().then(() => this.#leases.balance())]);
    this.#timer = setInterval(() => void this.#everySecond(), 1000);
  }

  /** A clock that was set back between two starts must not put new messages before those that still wait. */
  async #mindTheClock(): Promise<void> {
    const { database, ids, log } = this.#deps;
    const { rows } = await database.query<{ latest: string | null }>(
      'select greatest((select max(message_id) from queue), (select max(message_id) from deferred)) as latest',
    );
    const latest = rows[0]?.latest ?? null;
    if (latest === null) return;
    const at = idTimeMs(BigInt(latest)) + 1;
    if (at > Date.now() + 1000) {
      log.warn({ seconds: Math.round((at - Date.now()) / 1000) }, 'The clock is behind the newest message that waits.');
    }
    ids.notBefore(at);
  }

  heard(payload: string): void {
    if (payload === 'settings') void this.#follower.follow();
    else if (payload === 'work') this.#worker.wake();
    else if (payload.startsWith('outcome ')) this.#heardOutcome(payload);
  }

  restored(identity: NodeIdentity): void {
    this.#worker.identity(identity.node, identity.epoch);
    this.#takeLanesAnew();
    void this.#follower.follow();
  }

  keysChanged(keyring: KeyringData): void {
    this.#worker.keyring(keyring);
  }

  listenerKey(id: bigint): string {
    return this.#listeners.keyOf(id) ?? String(id);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    const end = Date.now() + graceMs;
    const left = (): number => Math.max(100, end - Date.now());
    await this.#listeners.close(graceMs);
    if (!(await within(this.#intake.stop(), left()))) this.#intake.abandon();
    // With the database away lanes cannot be given back; whoever takes them over sees that this node is gone.
    await within(this.#leases.release(), left());
    await this.#worker.stop(left());
    this.#outcomes.stop();
  }

  async replay(request: Parameters<EngineControl['replay']>[0]): ReturnType<EngineControl['replay']> {
    const { database, ids, sealer } = this.#deps;
    const queued = await replayMessages(request, { database, ids, sealer, laneIndex: this.#indexes.lane });
    this.#wake(new Set(queued.map(({ shard }) => shard)));
    return queued;
  }

  async discard(request: Parameters<EngineControl['discard']>[0]): Promise<number> {
    const count = await discardMessages(request, this.#deps.database);
    this.#worker.wake();
    this.#notifyOthers();
    return count;
  }

  async settingsChanged(): Promise<void> {
    await this.#deps.database.query('select pg_notify($1, $2)', [CHANNEL, 'settings']);
  }

  live(): ReturnType<EngineControl['live']> {
    return this.#figures.live();
  }

  onTick(callback: () => void): () => void {
    return this.#figures.onTick(callback);
  }

  listenerStatuses(): ReturnType<EngineControl['listenerStatuses']> {
    return this.#listeners.statuses();
  }

  credentialEnds(): ReturnType<EngineControl['credentialEnds']> {
    return this.#listeners.credentialEnds();
  }

  controlKey(listenerId: bigint, controlId: string): bigint {
    return this.#indexes.control.token64(`${listenerId}|${controlId}`);
  }

  async #takeSettingsOver(): Promise<void> {
    if (this.#stopping) return;
    this.#worker.settingsChanged();
    await this.#listeners.apply(await this.#deps.store.load(this.#deps.database));
    await this.#saveStatuses();
  }

  /** Nothing that this node had is sure to be its own any more. */
  #takeLanesAnew(): void {
    if (this.#stopping) return;
    this.#leases
      .forget()
      .then(() => this.#leases.balance())
      .catch(() => {}); // the next second tries again
  }

  #stored(count: number, shards: ReadonlySet<number>): void {
    this.#figures.received += count;
    this.#wake(shards);
  }

  #wake(shards: ReadonlySet<number>): void {
    const mine = this.#leases.mine;
    let own = false;
    for (const shard of shards) {
      if (mine.includes(shard)) own = true;
      else this.#notifyOthers();
    }
    if (own) this.#worker.wake();
  }

  /** Wakes the other nodes, at most 50 times a second. */
  #notifyOthers(): void {
    if (this.#othersToWake) return;
    this.#othersToWake = true;
    setTimeout(() => {
      this.#othersToWake = false;
      void this.#deps.session.query('select pg_notify($1, $2)', [CHANNEL, 'work']).catch(() => {});
    }, 20);
  }

  #away(away: boolean): void {
    this.#figures.accepting = !away;
    if (away) {
      this.#deps.log.error(
        {},
        'The database is away: listeners stop reading and acknowledge nothing until it is back.',
      );
      this.#listeners.pause(DATABASE_AWAY);
    } else {
      this.#deps.log.info({}, 'Messages are stored again; listeners go on reading.');
      this.#listeners.resume(DATABASE_AWAY);
    }
  }

  #settle(outcomes: Extract<FromWorker, { kind: 'outcomes' }>): void {
    const figures = this.#figures;
    figures.delivered += outcomes.delivered;
    figures.filtered += outcomes.filtered;
    figures.failed += outcomes.failed;
    for (const ms of outcomes.latencies) figures.process.add(ms);
    const me = this.#deps.session.identity.node;
    const ofOthers: string[] = [];
    for (const outcome of outcomes.replies) {
      if (outcome.replyNode === me) this.#outcomes.settle(outcome);
      else ofOthers.push(`outcome ${JSON.stringify({ ...outcome, messageId: String(outcome.messageId) })}`);
    }
    if (ofOthers.length === 0) return;
    // Other nodes hold the connections that wait for these outcomes.
    void this.#deps.session
      .query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [CHANNEL, ofOthers])
      .catch(() => {});
  }

  #heardOutcome(payload: string): void {
    let told: { readonly messageId: string; readonly replyNode: number };
    try {
      told = JSON.parse(payload.slice('outcome '.length)) as typeof told;
    } catch {
      return; // not of this program
    }
    if (told.replyNode !== this.#deps.session.identity.node) return;
    this.#outcomes.settle({ ...told, messageId: BigInt(told.messageId) } as never);
  }

  #unsent(messageId: bigint): void {
    void this.#deps.database
      .query('insert into unsent_acknowledgments (message_id, reason) values ($1, $2) on conflict do nothing', [
        String(messageId),
        'The connection was closed before the acknowledgment could be sent.',
      ])
      .catch(() => {});
  }

  async #everySecond(): Promise<void> {
    if (!this.#stopping) this.#tick();
    if (this.#busy || this.#stopping || !this.#deps.session.alive) return;
    this.#busy = true;
    try {
      if (this.#follower.missed) await this.#follower.follow();
      await this.#keepHouse(this.#seconds++);
    } catch (error) {
      this.#deps.log.warn({ code: (error as { code?: unknown }).code }, 'Housekeeping was interrupted.');
    } finally {
      this.#busy = false;
    }
  }

  #tick(): void {
    try {
      this.#figures.tick();
    } catch (error) {
      this.#deps.log.error({ reason: nameOf(error) }, 'Somebody who watches the figures failed.');
    }
  }

  async #keepHouse(second: number): Promise<void> {
    const { database, session, log } = this.#deps;
    await this.#leases.balance();
    const shards = this.#leases.mine;
    const due = await queueDueRetries(database, shards);
    const expired = await endExpiredHolds(database, shards);
    for (const messageId of expired) {
      log.warn(
        { message: String(messageId) },
        'Messages that waited behind a failed one go on without it: its time is over.',
      );
    }
    const forgotten = second % 10 === 0 ? await freeForgottenLanes(database, shards) : 0;
    if (due + expired.length + forgotten > 0) this.#worker.wake();
    if (this.#figures.watched || second % 5 === 0) this.#figures.waiting = await countWaiting(database);
    if (second % RETRY_LISTENERS_SECONDS === RETRY_LISTENERS_SECONDS - 1) await this.#listeners.retryFailed();
    if (second % 5 === 0) {
      await session.query('update nodes set heartbeat_at = now() where node = $1', [session.identity.node]);
      await this.#saveStatuses();
    }
    if (second % EXPIRY_WATCH_SECONDS === 5) this.#listeners.watchExpiry();
    if (second % 3600 === 3599) await ensurePartitions(database, Date.now());
  }

  async #saveStatuses(): Promise<void> {
    await saveListenerStatuses(this.#deps.database, this.#deps.session.identity.node, this.#listeners.statuses());
  }
}

/** Whether something ends within a time; it goes on by itself if it does not. */
function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** The ids that a node's main thread gives. */
export interface NodeIds extends IdGenerator {
  /** Gives no id before this instant (ms since 1970 UTC) any more, also when the clock says so. */
  notBefore(ms: number): void;
}

export function nodeIds(identity: NodeIdentity): NodeIds {
  let floor = 0;
  const ids = createIdGenerator({ node: identity.node, now: () => Math.max(Date.now(), floor) });
  return {
    next: () => ids.next(),
    notBefore: (ms) => {
      floor = Math.max(floor, ms);
    },
  };
}
