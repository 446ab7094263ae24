import { parentPort, workerData } from 'node:worker_threads';
import { PRODUCT_CATALOGUE } from '../../connectors/registry.ts';
import { createIdGenerator } from '../../domain/ids.ts';
import type { CompiledMapping } from '../../mapping/compile-mapping.ts';
import { createAuditChain } from '../../security/audit-chain.ts';
import { auditKeys } from '../../security/audit-entry.ts';
import { openAuditChain } from '../../security/audit-open.ts';
import { createBlindIndexes } from '../../security/blind-index.ts';
import { Keyring } from '../../security/keyring.ts';
import { createSealer } from '../../security/sealing.ts';
import { connectPg, openPgDatabase } from '../../store/pg-database.ts';
import { settingsStore } from '../../store/settings-store.ts';
import type { EngineLog } from '../engine-log.ts';
import type { MessageOutcome } from './batch-outcome.ts';
import { loadSystems } from './load-settings.ts';
import { outcomesMessage } from './outcomes-message.ts';
import type { SystemSettings } from './settings.ts';
import { Worker } from './worker.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-protocol.ts';

/** Entry of the worker thread: builds a worker from what it is handed and speaks the protocol with the main thread. */
const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');

const tell = (message: FromWorker): void => port.postMessage(message);
const say =
  (level: 'info' | 'warn' | 'error') =>
  (fields: Readonly<Record<string, unknown>>, message: string): void =>
    tell({ kind: 'log', level, fields, message });
const log: EngineLog = { info: say('info'), warn: say('warn'), error: say('error') };

const now = Date.now;
const ids = createIdGenerator({ node: start.idNode, now });
const keyring = new Keyring(start.keyring);
const database = openPgDatabase(start.connection, { max: 1, applicationName: 'practice-studio worker settings' });
let identity = { node: start.node, epoch: start.epoch };
let systems: ReadonlyMap<bigint, SystemSettings> = new Map();
const compiled = new Map<string, CompiledMapping>();
/** Settings that could not be read are tried again so soon. */
const RELOAD_AFTER_MS = 1000;
let keysArrived: (() => void)[] = [];

async function loadNow(): Promise<void> {
  systems = await loadSystems(database, settingsStore, PRODUCT_CATALOGUE, compiled, ({ system, mapping }) =>
    log.error(
      { system, mapping },
      'The mapping in force cannot be used; messages of its system go to the error queue.',
    ),
  );
}

let loading: Promise<void> = Promise.resolve();
let again: NodeJS.Timeout | undefined;

/** One load after the other, so that an older picture never replaces a newer one; one that fails is tried again. */
function reloadSystems(): Promise<void> {
  clearTimeout(again);
  loading = loading.then(loadNow).catch((error: unknown) => {
    log.warn(
      { code: (error as { code?: unknown }).code },
      'The settings could not be read; the old ones stay in force until they can.',
    );
    again = setTimeout(() => void reloadSystems(), RELOAD_AFTER_MS);
  });
  return loading;
}

function tellOutcomes(outcomes: readonly MessageOutcome[]): void {
  tell(outcomesMessage(outcomes, now()));
}

await loadNow();
const audit = await openAuditChain({
  db: database,
  keys: auditKeys(keyring),
  node: start.node,
  writer: 'worker',
  ids,
  now,
});
if (audit.broken !== null) {
  log.error(
    { chain: audit.broken },
    'The head of an audit chain was changed from outside; a new chain is begun. Run verify-audit.',
  );
}

const worker = new Worker({
  ids,
  sealer: createSealer({ keyring }),
  indexes: createBlindIndexes(keyring),
  connect: () => connectPg(start.connection, 'practice-studio worker', 'hot'),
  systems: () => systems,
  identity: () => identity,
  audit: createAuditChain({ keys: auditKeys(keyring), chain: audit.chain, head: audit.head, ids, now }),
  log,
  now,
  random: Math.random,
  onOutcomes: tellOutcomes,
  signals: new Int32Array(start.signals),
  reloadKeys: () =>
    new Promise((resolve) => {
      keysArrived.push(resolve);
      tell({ kind: 'key-unknown' });
    }),
  reloadSystems,
});

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'wake':
      worker.wake();
      break;
    case 'assign':
      void worker.assign(message.shards).then(() => tell({ kind: 'assigned', turn: message.turn }));
      break;
    case 'identity':
      identity = { node: message.node, epoch: message.epoch };
      break;
    case 'settings':
      void reloadSystems();
      break;
    case 'keyring':
      keyring.replace(message.keyring);
      for (const resolve of keysArrived) resolve();
      keysArrived = [];
      break;
    case 'stop':
      void worker
        .stop()
        .then(() => clearTimeout(again))
        .then(() => database.close())
        .then(() => {
          tell({ kind: 'stopped' });
          port.close();
        });
      break;
  }
});

worker.start();
tell({ kind: 'ready' });
