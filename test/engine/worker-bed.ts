import type pg from 'pg';
import { PRODUCT_CATALOGUE } from '../../src/connectors/registry.ts';
import { createIdGenerator } from '../../src/domain/ids.ts';
import { discardMessages, replayMessages } from '../../src/engine/replay.ts';
import { endExpiredHolds, queueDueRetries } from '../../src/engine/housekeeping.ts';
import type { EngineControl } from '../../src/engine/control.ts';
import { Intake } from '../../src/engine/intake/intake.ts';
import type { MessageOutcome } from '../../src/engine/worker/batch-outcome.ts';
import { loadSystems } from '../../src/engine/worker/load-settings.ts';
import { Worker } from '../../src/engine/worker/worker.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { peekPatientKey } from '../../src/formats/hl7v2/patient-key.ts';
import { createAuditChain } from '../../src/security/audit-chain.ts';
import { auditKeys } from '../../src/security/audit-entry.ts';
import { openAuditChain } from '../../src/security/audit-open.ts';
import { createBlindIndexes } from '../../src/security/blind-index.ts';
import { connectPg } from '../../src/store/pg-database.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import type { Bed } from './bed.ts';
import type { LogLine } from './node.ts';
import { until } from './until.ts';

const SHARDS = Array.from({ length: 64 }, (_, shard) => shard);

/** What becomes of one statement: nothing special, or a failure before it is sent or after it was carried out. */
export type Fault = { readonly when: 'before' | 'after'; readonly error: Error } | undefined;

export interface WorkerBedPlan {
  readonly node?: number;
  /** Asked before each statement of the worker. */
  readonly fault?: (text: string) => Fault | Promise<Fault>;
  readonly start?: boolean;
}

/** A worker in this process on a real database, whose statements can be made to fail, and an intake to feed it. */
export interface WorkerBed {
  readonly worker: Worker;
  readonly intake: Intake;
  readonly outcomes: MessageOutcome[];
  readonly log: LogLine[];
  identity: { node: number; epoch: number };
  /** Stores messages; their ids, in their order. */
  store(messages: readonly Buffer[], options?: { readonly awaitsOutcome?: boolean }): Promise<bigint[]>;
  /** Waits until nothing is in the queue, taking what is due for its next attempt and what has waited long enough. */
  settle(options?: { readonly deferredToo?: boolean }): Promise<void>;
  replay(
    request: Partial<Parameters<EngineControl['replay']>[0]> & { messageIds: readonly bigint[] },
  ): Promise<bigint[]>;
  discard(messageIds: readonly bigint[]): Promise<number>;
  stop(): Promise<void>;
}

export async function makeWorkerBed(bed: Bed, plan: WorkerBedPlan = {}): Promise<WorkerBed> {
  const node = plan.node ?? 7;
  const { keyring } = bed.keys;
  const now = Date.now;
  const log: LogLine[] = [];
  const say =
    (level: LogLine['level']) =>
    (fields: LogLine['fields'], message: string): void =>
      void log.push({ level, fields, message });
  const engineLog = { info: say('info'), warn: say('warn'), error: say('error') };
  await bed.rows(
    `insert into nodes (node, name, started_at, heartbeat_at) values ($1, $2, now(), now()) on conflict do nothing`,
    [node, `node-${node}`],
  );
  const indexes = createBlindIndexes(keyring);
  const ids = createIdGenerator({ node: node + 512, now });
  const opened = await openAuditChain({ db: bed.db, keys: auditKeys(keyring), node, writer: 'worker', ids, now });
  const compiled = new Map();
  const load = (): ReturnType<typeof loadSystems> =>
    loadSystems(bed.db, settingsStore, PRODUCT_CATALOGUE, compiled, () => undefined);
  let systems = await load();
  const identity = { node, epoch: 1 };
  const outcomes: MessageOutcome[] = [];
  const connect = async (): Promise<pg.Client> =>
    faulty(await connectPg(bed.test.connection, 'worker under test', 'hot'), plan.fault);
  const worker = new Worker({
    ...{ ids, sealer: bed.sealer, indexes, connect, log: engineLog, now, random: Math.random },
    systems: () => systems,
    identity: () => identity,
    audit: createAuditChain({ keys: auditKeys(keyring), chain: opened.chain, head: opened.head, ids, now }),
    onOutcomes: (told) => void outcomes.push(...told),
    signals: new Int32Array(new SharedArrayBuffer(12)),
    reloadKeys: () => Promise.resolve(),
    reloadSystems: async () => {
      systems = await load();
    },
  });
  const intakeIds = createIdGenerator({ node, now });
  const intake = new Intake({
    ...{ node, ids: intakeIds, sealer: bed.sealer, log: engineLog },
    ...{ laneIndex: indexes.lane, controlIndex: indexes.control, fingerprintIndex: indexes.fingerprint },
    connect: () => connectPg(bed.test.connection, 'intake under test', 'hot'),
    onPressure: () => undefined,
    onStored: () => worker.wake(),
    onAway: () => undefined,
    makeRoom: () => Promise.resolve(),
  });
  const listenerId = 1n;
  await worker.assign(SHARDS);
  if (plan.start !== false) worker.start();
  const replayDeps = { database: bed.db, ids: intakeIds, sealer: bed.sealer, laneIndex: indexes.lane };
  return {
    ...{ worker, intake, outcomes, log, identity },
    store: (messages, options = {}) =>
      Promise.all(
        messages.map((bytes) => {
          const envelope = peekEnvelope(bytes);
          return new Promise<bigint>((resolve, reject) => {
            intake.accept({
              ...{ bytes, systemId: bed.systemId, listenerId, peer: '127.0.0.1', ackCode: 'AA' },
              type: `${envelope.messageCode}^${envelope.triggerEvent}`,
              controlId: envelope.controlId ?? '',
              patientKey: peekPatientKey(bytes, envelope),
              awaitsOutcome: options.awaitsOutcome === true,
              stored: resolve,
              refused: (code) => reject(new Error(`refused: ${code}`)),
              failed: () => undefined,
            });
          });
        }),
      ),
    async settle({ deferredToo = true } = {}) {
      await until(async () => {
        const due = await queueDueRetries(bed.db, SHARDS);
        const expired = await endExpiredHolds(bed.db, SHARDS);
        if (due + expired.length > 0) worker.wake();
        const [row] = await bed.rows<{ queued: number; retrying: number; held: number }>(
          `select (select count(*) from queue)::int as queued,
             (select count(*) from deferred where waits_for = 'retry')::int as retrying,
             (select count(*) from deferred where waits_for = 'lane')::int as held`,
        );
        return row !== undefined && row.queued === 0 && row.retrying === 0 && (!deferredToo || row.held === 0);
      });
    },
    async replay(request) {
      const queued = await replayMessages(
        { kind: 'replay', requestedBy: 'somebody', reason: 'a test', ...request },
        replayDeps,
      );
      worker.wake();
      return queued.map(({ transactionId }) => transactionId);
    },
    async discard(messageIds) {
      const count = await discardMessages({ messageIds, by: 'somebody', reason: 'a test' }, bed.db);
      worker.wake();
      return count;
    },
    async stop() {
      await intake.stop();
      await worker.stop();
    },
  };
}

/** A lost connection, as the driver tells it. */
export function connectionLost(): Error {
  return new Error('Connection terminated unexpectedly');
}

export function databaseError(code: string): Error {
  return Object.assign(new Error(`SQLSTATE ${code}`), { code });
}

function faulty(client: pg.Client, fault: WorkerBedPlan['fault']): pg.Client {
  if (fault === undefined) return client;
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const replaced = async (...args: unknown[]): Promise<unknown> => {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text: string }).text;
    const hit = await fault(text);
    if (hit?.when === 'before') throw hit.error;
    const result = await query(...args);
    if (hit?.when === 'after') throw hit.error;
    return result;
  };
  client.query = replaced as never;
  return client;
}
