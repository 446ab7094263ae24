import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { EventHub } from './api/events.ts';
import type { ProgramOptions } from './commands/options.ts';
import type { Engine } from './engine/start-engine.ts';
import { nodeIds, startEngine } from './engine/start-engine.ts';
import { NodeSession } from './engine/nodes/node-session.ts';
import { retainAudit, type AuditRetention } from './operations/audit-retention.ts';
import { createAuditWriter } from './security/audit-append.ts';
import { auditKeys } from './security/audit-entry.ts';
import { openAuditChain, witnessEntry } from './security/audit-open.ts';
import { openKeys } from './security/open-keys.ts';
import { createSealer } from './security/sealing.ts';
import { pruneSessions } from './security/sessions.ts';
import { createFirstLink } from './security/setup-links.ts';
import { watchKeys } from './security/watch-keys.ts';
import { migrate } from './store/migrate.ts';
import { openDatabase, type OpenDatabase } from './store/open-database.ts';
import { ensurePartitions } from './store/partitions.ts';
import { connectPg, openPgDatabase } from './store/pg-database.ts';
import { createCredentialOpener } from './records/credentials/open-credential.ts';
import { credentialStore } from './store/credential-store.ts';
import { settingsStore } from './store/settings-store.ts';
import { SYSTEM_ACTOR } from './domain/actor.ts';
import { consoleUrl, setupLink } from './console-address.ts';
import { startDemo } from './demo.ts';
import { ensureDefaults } from './ensure-defaults.ts';
import { openProgramLog, switchLevelBySignal } from './program-log.ts';
import { startApi } from './start-api.ts';
import { tuneMemory } from './tune-memory.ts';

export interface RunningProgram {
  /** Where the console answers. */
  readonly url: string;
  /** The one-time link to make the first administrator; undefined once there is one. */
  readonly setupLink: string | undefined;
  readonly engine: Engine;
  stop(): Promise<void>;
}

export interface ProgramDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells the person at the terminal, one line at a time. */
  readonly say: (line: string) => void;
  readonly version: string;
}

const STOP_GRACE_MS = 10_000;
const HOUR_MS = 3_600_000;
const own = fileURLToPath(import.meta.url);
/** The worker's entry: beside the built program, or its source when the program runs from source. */
const workerFile = own.endsWith('.ts')
  ? new URL('./engine/worker/worker-main.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);
const consoleDirectory = join(fileURLToPath(new URL('.', import.meta.url)), 'console');

/** Starts the whole program: database, keys, engine, API and console. What was started is stopped again when it fails. */
export async function startProgram(options: ProgramOptions, deps: ProgramDeps): Promise<RunningProgram> {
  tuneMemory();
  const log = openProgramLog(options);
  const closing: (() => Promise<unknown>)[] = [];
  const leaveLevel = switchLevelBySignal(log);
  closing.push(() => Promise.resolve(leaveLevel()));
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) {
      await close().catch((error: unknown) => log.warn({ reason: nameOf(error) }, 'Something did not stop cleanly.'));
    }
  };
  try {
    return { ...(await start(options, deps, log, closing)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: ProgramOptions,
  deps: ProgramDeps,
  log: Logger,
  closing: (() => Promise<unknown>)[],
): Promise<Omit<RunningProgram, 'stop'>> {
  const { dataDirectory } = options;
  const opened = await openDatabase({ databaseUrl: options.databaseUrl, dataDirectory, log, environment: deps.env });
  closing.push(() => opened.stop());
  watchServer(opened, log);
  await migrate(opened.connection, { log });

  const database = openPgDatabase(opened.connection, { max: 8, applicationName: 'practice-studio' });
  closing.push(() => database.close());
  const keys = await openKeys({ db: database, env: deps.env, dataDir: dataDirectory });
  if (keys.masterKeyCreated && keys.masterKey.path !== null) {
    deps.say(
      `A master key was made: ${keys.masterKey.path}. Keep a copy of it apart from backups; without it nothing can be read.`,
    );
  }

  /** What the node's session tells, once it is there. */
  const told: { engine?: Engine; events?: EventHub } = {};
  const session = new NodeSession({
    connect: () => connectPg(opened.connection, 'practice-studio node'),
    name: options.node ?? hostname(),
    log,
    onNotification: (payload) => {
      told.engine?.heard(payload);
      if (payload === 'settings') told.events?.configChanged();
    },
    onRestored: (identity) => told.engine?.restored(identity),
  });
  const identity = await session.start();
  closing.push(() => session.stop());
  const ids = nodeIds(identity);
  await ensurePartitions(database, Date.now());
  for (const { key, version } of await ensureDefaults({ database, ids, env: deps.env })) {
    log.error(
      { mapping: key, version },
      'A default mapping differs from the one stored under its version; the stored one stays in force.',
    );
  }

  const { keyring } = keys;
  const sealer = createSealer({ keyring });
  const clock = { ids, now: Date.now };
  const signing = auditKeys(keyring);
  const chain = await openAuditChain({ db: database, keys: signing, node: identity.node, writer: 'api', ...clock });
  if (chain.broken !== null) {
    log.error(
      { chain: chain.broken },
      'The head of an audit chain was changed from outside; a new chain is begun. Run verify-audit.',
    );
  }
  const audit = createAuditWriter({ db: database, keys: signing, chain: chain.chain, ...clock });
  const keyWatch = watchKeys({
    db: database,
    keyring,
    masterKey: keys.masterKey,
    env: deps.env,
    dataDir: dataDirectory,
    onChange: (data) => told.engine?.keysChanged(data),
    onError: (error) => log.warn({ reason: nameOf(error) }, 'The data keys could not be read again.'),
  });
  closing.push(() => Promise.resolve(keyWatch.stop()));
  const credentials = createCredentialOpener({
    database,
    credentials: credentialStore,
    sealer,
    record: ({ credentialId, key, number, usedBy }) =>
      audit.append({
        actor: SYSTEM_ACTOR,
        action: 'credential-used',
        resource: { kind: 'credential', id: credentialId },
        detail: { key, number, used_by: usedBy },
      }),
  });
  const engine = await startEngine({
    database,
    connection: opened.connection,
    session,
    ids,
    keyring,
    sealer,
    loadKeyring: async () => {
      await keyWatch.reload();
      return keyring.data();
    },
    store: settingsStore,
    credentials,
    workerFile,
    log,
  });
  told.engine = engine;
  // What another node changed while this engine was starting was told to nobody here.
  engine.heard('settings');
  closing.push(() => engine.stop(STOP_GRACE_MS));

  const url = consoleUrl(options);
  const server = await startApi({
    options,
    version: deps.version,
    nodeName: identity.name,
    database,
    engine,
    ids,
    keyring,
    sealer,
    audit,
    credentials,
    auditKeys: signing,
    consoleDirectory,
    url,
    log,
    listenerKey: (id) => engine.listenerKey(id),
  });
  told.events = server.events;
  closing.push(() => server.app.close());
  await audit.append({ actor: SYSTEM_ACTOR, action: 'program-started', detail: { version: deps.version } });
  closing.push(() => audit.append({ actor: SYSTEM_ACTOR, action: 'program-stopped' }));
  const retention = { db: database, keys: signing, audit };
  let hours = 0;
  const hourly = setInterval(() => {
    const day = hours++ % 24 === 0;
    pruneSessions(database, clock)
      .then(async () => audit.append(await witnessEntry(database, chain.chain)))
      .then(async () => {
        if (day) tellRetention(await retainAudit({ ...retention, now: Date.now, years: options.auditYears }), log);
      })
      .catch((error: unknown) => log.warn({ reason: nameOf(error) }, 'The hourly housekeeping was interrupted.'));
  }, HOUR_MS);
  closing.push(() => Promise.resolve(clearInterval(hourly)));
  if (options.demo) closing.push(await startDemo({ options, database, ids, audit, engine, log }));

  const token = await createFirstLink(database, clock);
  return { url, setupLink: token === null ? undefined : setupLink(url, token), engine };
}

function tellRetention(done: AuditRetention, log: Logger): void {
  const { kind, ...fields } = done;
  if (kind === 'removed') log.info(fields, 'A month of the audit log is past its retention and was removed.');
  else if (kind === 'busy') log.warn(fields, 'A month of the audit log could not be removed yet: the table is in use.');
  else if (kind === 'not-intact') {
    log.error(
      fields,
      'A month of the audit log is past its retention and does not verify; it is kept. Run verify-audit.',
    );
  }
}

/** Tells the log what happens to the bundled server; whoever works on it reconnects by itself. */
function watchServer(opened: OpenDatabase, log: Logger): void {
  opened.subscribe((event) => {
    if (event.kind === 'exited')
      log.error({ pid: event.pid }, 'The database server ended unexpectedly; it is started again.');
    else if (event.kind === 'restarted') log.info({ pid: event.pid }, 'The database server runs again.');
    else log.error({ retryInMs: event.retryInMs }, 'The database server could not be started again.');
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
