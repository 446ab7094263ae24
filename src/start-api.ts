import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { createDashboardHandlers } from './api/dashboard.ts';
import { createErrorHandlers } from './api/errors.ts';
import { createFeedAnalysisHandlers } from './api/feed-analyses.ts';
import { createMessageHandlers } from './api/messages.ts';
import { createOwnHandlers, settingsTeller } from './api/own-handlers.ts';
import { createClinicalHandlers } from './api/clinical.ts';
import { createPatientHandlers } from './api/patients.ts';
import { createSecurityServices } from './api/security-services.ts';
import { createApiServer, type ApiServer } from './api/server.ts';
import { addressError } from './commands/check-place.ts';
import type { ProgramOptions } from './commands/options.ts';
import { setupLink } from './console-address.ts';
import { product } from './contract/systems.ts';
import { DEFAULT_CODE_TABLES } from './connectors/code-tables/default-code-tables.ts';
import { PRODUCT_CATALOGUE, PRODUCTS } from './connectors/registry.ts';
import type { IdGenerator } from './domain/ids.ts';
import type { Engine } from './engine/start-engine.ts';
import type { CredentialOpener } from './records/credentials/open-credential.ts';
import { createMetrics } from './operations/metrics.ts';
import type { AuditWriter } from './security/audit-append.ts';
import type { AuditKeys } from './security/audit-entry.ts';
import { createBlindIndexes } from './security/blind-index.ts';
import type { Keyring } from './security/keyring.ts';
import { createLoginLimits } from './security/login.ts';
import { createPasswordHasher } from './security/password-hasher.ts';
import type { Sealer } from './security/sealing.ts';
import { createSchemaCheck } from './store/check-schema.ts';
import { credentialStore } from './store/credential-store.ts';
import type { PgDatabase } from './store/pg-database.ts';
import { settingsStore } from './store/settings-store.ts';

export interface ApiParts {
  readonly options: ProgramOptions;
  readonly version: string;
  readonly nodeName: string;
  readonly database: PgDatabase;
  readonly engine: Engine;
  readonly ids: IdGenerator;
  readonly keyring: Keyring;
  readonly sealer: Sealer;
  readonly audit: AuditWriter;
  readonly credentials: CredentialOpener;
  readonly auditKeys: AuditKeys;
  readonly consoleDirectory: string;
  readonly listenerKey: (id: bigint) => string;
  readonly url: string;
  readonly log: Logger;
}

/** Wires the API and the console to the services and listens. */
export async function startApi(parts: ApiParts): Promise<ApiServer> {
  const { options, database, engine, ids, sealer, log, version } = parts;
  const now = Date.now;
  const security = createSecurityServices({
    db: database,
    ids,
    now,
    hasher: createPasswordHasher(),
    limits: createLoginLimits(now),
    audit: parts.audit,
    auditKeys: parts.auditKeys,
  });
  const searchIndex = createBlindIndexes(parts.keyring).search;
  const reading = { db: database, sealer, searchIndex };
  const settings = {
    database,
    store: settingsStore,
    ids,
    catalogue: PRODUCT_CATALOGUE,
    codeTables: DEFAULT_CODE_TABLES,
    reserved: [{ host: options.host, port: options.port, what: 'the console of this program' }],
  };
  const server = await createApiServer({
    handlers: {
      ...createOwnHandlers({
        settings,
        vault: { credentials: credentialStore, sealer, opener: parts.credentials },
        products: PRODUCTS.map((each) => product.parse(each)),
        security,
        engine,
        log,
        now,
        linkOf: (token) => setupLink(parts.url, token),
      }),
      ...createMessageHandlers({ ...reading, engine, now, monotonic: () => performance.now() }),
      ...createErrorHandlers({ db: database, engine }),
      ...createFeedAnalysisHandlers({ settings, sealer, now, changed: settingsTeller({ engine, log }) }),
      ...createPatientHandlers(reading),
      ...createClinicalHandlers(reading),
      ...createDashboardHandlers({
        db: database,
        live: () => engine.live(),
        productLabel: (key) => PRODUCT_CATALOGUE.product(key)?.label,
        now,
      }),
    },
    security,
    engine,
    database,
    migrations: await createSchemaCheck(database),
    metrics: createMetrics({ engine, listenerKey: parts.listenerKey, version }),
    log,
    product: { version, node: parts.nodeName, demo: options.demo },
    ...(existsSync(parts.consoleDirectory) ? { staticDirectory: parts.consoleDirectory } : {}),
    options: {
      metricsOpenOnLoopback: options.openMetricsOnLoopback,
      hostNames: options.hostNames,
      https: options.https,
      ...(options.trustedProxies.length === 0 ? {} : { trustedProxies: options.trustedProxies }),
    },
    now,
  });
  await listen(server, options);
  return server;
}

async function listen(server: ApiServer, { host, port }: ProgramOptions): Promise<void> {
  try {
    await server.app.listen({ host, port });
  } catch (cause) {
    throw addressError(cause, host, port);
  }
}
