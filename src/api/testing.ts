import { createTestDatabase } from '../../test/support/database.ts';
import type { RouteName } from '../contract/routes.ts';
import type { Role } from '../domain/permissions.ts';
import { createIdGenerator } from '../domain/ids.ts';
import type { EngineControl, LiveFigures } from '../engine/control.ts';
import { createMetrics } from '../operations/metrics.ts';
import { createCredentialOpener } from '../records/credentials/open-credential.ts';
import { testCatalogue } from '../records/settings/testing.ts';
import { createApiToken } from '../security/api-tokens.ts';
import { createAuditWriter } from '../security/audit-append.ts';
import { auditKeys } from '../security/audit-entry.ts';
import { openAuditChain } from '../security/audit-open.ts';
import { Keyring } from '../security/keyring.ts';
import { createLoginLimits } from '../security/login.ts';
import { createPasswordHasher } from '../security/password-hasher.ts';
import { createSealer } from '../security/sealing.ts';
import { SYSTEM_PRINCIPAL } from '../security/principal.ts';
import { createFirstLink } from '../security/setup-links.ts';
import { testKeyringData } from '../security/test-support.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { createSchemaCheck } from '../store/check-schema.ts';
import { openPgDatabase, type PgDatabase } from '../store/pg-database.ts';
import { credentialStore } from '../store/credential-store.ts';
import { settingsStore } from '../store/settings-store.ts';
import type { AnyHandler } from './register-routes.ts';
import { createOwnHandlers } from './own-handlers.ts';
import { createSecurityServices } from './security-services.ts';
import { createApiServer, type ApiOptions, type ApiServer, type ResourceHandlers } from './server.ts';

export interface ApiHarness extends ApiServer {
  readonly database: PgDatabase;
  readonly engine: FakeEngine;
  readonly log: { readonly level: string; readonly fields: unknown; readonly message: string }[];
  /** What a handler of a colleague's resource does, by route. */
  readonly stubs: Map<RouteName, AnyHandler>;
  /** An API token of a role. */
  tokenOf(role: Role): Promise<string>;
  /** The one-time link's token of the first start. */
  firstLink(): Promise<string>;
  /** The audit entries so far, oldest first, without those of opening chains. */
  audited(): Promise<readonly { action: string; outcome: string; actor: string; detail: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

export interface FakeEngine extends EngineControl {
  figures: LiveFigures;
  settingsChanges: number;
  tick(): void;
}

export const PASSWORD = 'violet anchor teapot meadow';

/** The whole API over a fresh database, with real security and settings; other resources answer by stubs. */
export async function createApiHarness(
  options: ApiOptions & { readonly staticDirectory?: string } = {},
): Promise<ApiHarness> {
  const made = await createTestDatabase();
  const database = openPgDatabase(made.connection, { max: 6, applicationName: 'api test' });
  await ensurePartitions(database, Date.now());
  const ids = createIdGenerator({ node: 1, now: Date.now });
  const clock = { ids, now: Date.now };
  const keys = auditKeys(new Keyring(testKeyringData()));
  const { chain } = await openAuditChain({ ...clock, db: database, keys, node: 1, writer: 'api' });
  const security = createSecurityServices({
    ...clock,
    db: database,
    hasher: createPasswordHasher({ parameters: { memoryCost: 64, timeCost: 1, parallelism: 1 } }),
    limits: createLoginLimits(Date.now),
    audit: createAuditWriter({ ...clock, db: database, keys, chain }),
    auditKeys: keys,
  });
  const engine = fakeEngine();
  const log: { level: string; fields: unknown; message: string }[] = [];
  const say = (level: string) => (fields: unknown, message: string) => void log.push({ level, fields, message });
  const apiLog = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const sealer = createSealer({ keyring: new Keyring(testKeyringData()) });
  const own = createOwnHandlers({
    vault: {
      credentials: credentialStore,
      sealer,
      opener: createCredentialOpener({
        database,
        credentials: credentialStore,
        sealer,
        record: () => Promise.resolve(),
      }),
    },
    settings: {
      database,
      store: settingsStore,
      ids,
      catalogue: testCatalogue,
      codeTables: [],
      reserved: [{ host: '127.0.0.1', port: 8480, what: 'the console of this program' }],
    },
    products: [],
    security,
    engine,
    log: apiLog,
    now: Date.now,
    linkOf: (token) => `http://localhost:8480/welcome#${token}`,
  });
  const stubs = new Map<RouteName, AnyHandler>();
  const stubbed = Object.fromEntries(
    STUBBED.map((name): [string, AnyHandler] => [
      name,
      (...call) => (stubs.get(name) ?? (() => Promise.reject(new Error('no stub'))))(...call),
    ]),
  );
  const server = await createApiServer({
    handlers: { ...own, ...stubbed } as unknown as ResourceHandlers,
    security,
    engine,
    database,
    migrations: await createSchemaCheck(database),
    metrics: createMetrics({ engine, listenerKey: (id) => `listener-${id}`, version: '0.0.0' }),
    log: apiLog,
    product: { version: '0.0.0', node: 'a', demo: false },
    ...(options.staticDirectory === undefined ? {} : { staticDirectory: options.staticDirectory }),
    options,
  });
  await server.app.ready();
  return {
    ...server,
    database,
    engine,
    log,
    stubs,
    async tokenOf(role) {
      const { secret } = await createApiToken(database, clock, SYSTEM_PRINCIPAL, { name: role, role });
      return secret;
    },
    async firstLink() {
      const link = await createFirstLink(database, clock);
      if (link === null) throw new Error('there is a user already');
      return link;
    },
    async audited() {
      const { items } = await security.queryAudit({ who: 'all', limit: 1000 });
      return items
        .filter(({ action }) => action !== 'audit-chain-opened')
        .map(({ action, outcome, actor, detail }) => ({ action, outcome, actor: actor.name, detail: { ...detail } }))
        .reverse();
    },
    async close() {
      await server.app.close();
      await database.close();
      await made.close();
    },
  };
}

/** Routes whose handlers are written elsewhere. */
const STUBBED: readonly RouteName[] = [
  'searchMessages',
  'getMessage',
  'replayMessage',
  'listErrorGroups',
  'listGroupMessages',
  'updateErrorGroup',
  'replayErrorGroup',
  'discardErrorGroup',
  'searchPatients',
  'getPatient',
  'getPatientHistory',
  'getPatientClinical',
  'getClinicalResource',
  'dashboard',
  'analyzeSamples',
  'analyzeStored',
  'dryRunSamples',
  'dryRunStored',
  'acceptMapping',
  'exportSpecification',
  'listFeedAnalyses',
  'getFeedAnalysis',
  'deleteFeedAnalysis',
];

function fakeEngine(): FakeEngine {
  const callbacks = new Set<() => void>();
  return {
    figures: {
      received: 7,
      delivered: 5,
      filtered: 1,
      failed: 1,
      waiting: 3,
      ratePerSecond: 2.5,
      accepting: true,
      ackP50: 1,
      ackP99: 4,
      processP50: null,
      processP99: null,
    },
    settingsChanges: 0,
    tick: () => callbacks.forEach((callback) => callback()),
    replay: () => Promise.resolve([]),
    discard: () => Promise.resolve(0),
    settingsChanged() {
      this.settingsChanges += 1;
      return Promise.resolve();
    },
    live() {
      return this.figures;
    },
    onTick(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    listenerStatuses: () => [
      { listenerId: 5n, status: 'listening', reason: '', since: new Date(0), connections: 2, refusals: [] },
    ],
    credentialEnds: () => [],
    controlKey: () => 0n,
  };
}
