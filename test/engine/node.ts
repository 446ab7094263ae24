import type { EngineLog } from '../../src/engine/engine-log.ts';
import { nodeIds, startEngine, type Engine } from '../../src/engine/start-engine.ts';
import { NodeSession } from '../../src/engine/nodes/node-session.ts';
import { parseAck, type ReceivedAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { createCredentialOpener } from '../../src/records/credentials/open-credential.ts';
import { openKeys } from '../../src/security/open-keys.ts';
import { createSealer } from '../../src/security/sealing.ts';
import { watchKeys } from '../../src/security/watch-keys.ts';
import { connectPg, openPgDatabase } from '../../src/store/pg-database.ts';
import { credentialStore } from '../../src/store/credential-store.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { Bed } from './bed.ts';
import { workerFile } from './worker-file.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A node of the program without its API: session, keys, engine with its worker thread, as main.ts puts them together. */
export interface Node {
  readonly engine: Engine;
  readonly session: NodeSession;
  readonly log: readonly LogLine[];
  stop(graceMs?: number): Promise<void>;
}

export interface NodePlan {
  readonly name?: string;
  readonly keyWatchMs?: number;
  /** The worker thread's program, where it is another than usual. */
  readonly workerFile?: string;
}

export async function startNode(bed: Bed, plan: NodePlan = {}): Promise<Node> {
  const lines: LogLine[] = [];
  const say =
    (level: LogLine['level']) =>
    (fields: LogLine['fields'], message: string): void =>
      void lines.push({ level, fields, message });
  const log: EngineLog = { info: say('info'), warn: say('warn'), error: say('error') };
  const { connection } = bed.test;
  const database = openPgDatabase(connection, { max: 8, applicationName: 'practice-studio' });
  const keys = await openKeys({ db: database, env: {}, dataDir: bed.keyDirectory });
  const told: { engine?: Engine } = {};
  const session = new NodeSession({
    connect: () => connectPg(connection, 'practice-studio node'),
    name: plan.name ?? 'test-node',
    log,
    onNotification: (payload) => told.engine?.heard(payload),
    onRestored: (identity) => told.engine?.restored(identity),
  });
  const identity = await session.start();
  const { keyring } = keys;
  const watch = watchKeys({
    ...{ db: database, keyring, masterKey: keys.masterKey, env: {}, dataDir: bed.keyDirectory },
    onChange: (data) => told.engine?.keysChanged(data),
    ...(plan.keyWatchMs === undefined ? {} : { intervalMs: plan.keyWatchMs }),
  });
  const sealer = createSealer({ keyring });
  const engine = await startEngine({
    ...{ database, connection, session, ids: nodeIds(identity), keyring, sealer },
    credentials: createCredentialOpener({
      database,
      credentials: credentialStore,
      sealer,
      record: () => Promise.resolve(),
    }),
    loadKeyring: async () => {
      await watch.reload();
      return keyring.data();
    },
    store: settingsStore,
    workerFile: plan.workerFile ?? (await workerFile()),
    log,
  });
  told.engine = engine;
  return {
    engine,
    session,
    log: lines,
    async stop(graceMs = 5000) {
      await engine.stop(graceMs);
      watch.stop();
      await session.stop();
      await database.close();
    },
  };
}

/** Sends messages over one connection, one after the other or pipelined, and gives the parsed acknowledgments. */
export async function send(
  port: number,
  messages: readonly Buffer[],
  options: { readonly pipelined?: boolean; readonly timeoutMs?: number } = {},
): Promise<ReceivedAck[]> {
  const client = createMllpClient({ host: '127.0.0.1', port, maxInFlight: options.pipelined === true ? 64 : 1 });
  try {
    const acks = messages.map((message) => client.send(message, { timeoutMs: options.timeoutMs ?? 20_000 }));
    return (await Promise.all(acks)).map((ack) => parseAck(ack));
  } finally {
    await client.close();
  }
}
