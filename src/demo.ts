import type { Logger } from 'pino';
import { startNextGenFeed } from '../simulator/nextgen/feed.ts';
import { MIXES } from '../simulator/nextgen/mix.ts';
import type { ProgramOptions } from './commands/options.ts';
import { DEFAULT_CODE_TABLES } from './connectors/code-tables/default-code-tables.ts';
import { PRODUCT_CATALOGUE } from './connectors/registry.ts';
import { SYSTEM_ACTOR } from './domain/actor.ts';
import type { IdGenerator } from './domain/ids.ts';
import type { Engine } from './engine/start-engine.ts';
import { applyConfiguration } from './operations/configuration/apply-configuration.ts';
import type { AuditWriter } from './security/audit-append.ts';
import type { PgDatabase } from './store/pg-database.ts';
import { settingsStore } from './store/settings-store.ts';

const MESSAGES_PER_SECOND = 3;
const BAD_EVERY = 20;
/** Control numbers go on from start to start: the seconds since then, times the rate, are beyond those given before. */
const FIRST_DEMO_DAY = Date.UTC(2026, 0, 1);

/**
 * Sets up a simulated NextGen practice in Development, as a configuration file would, and lets it send: invented people
 * who register, change and visit, and now and then a bad message. Answers how to stop it.
 */
export async function startDemo(parts: {
  readonly options: ProgramOptions;
  readonly database: PgDatabase;
  readonly ids: IdGenerator;
  readonly audit: AuditWriter;
  readonly engine: Engine;
  readonly log: Logger;
}): Promise<() => Promise<void>> {
  const { options, database, ids, audit, engine, log } = parts;
  const deps = {
    database,
    store: settingsStore,
    ids,
    catalogue: PRODUCT_CATALOGUE,
    codeTables: DEFAULT_CODE_TABLES,
    reserved: [],
  };
  await applyConfiguration(deps, { text: demoConfiguration(options.hl7Port) }, (tx, entry) =>
    audit.within(tx, [{ actor: SYSTEM_ACTOR, action: 'config-applied', ...entry }]),
  );
  await engine.settingsChanged();
  const feed = startNextGenFeed({
    host: '127.0.0.1',
    port: options.hl7Port,
    ratePerSecond: MESSAGES_PER_SECOND,
    seed: 'demo',
    badEvery: BAD_EVERY,
    mix: MIXES[options.demoMix],
    firstControlNumber: Math.floor(((Date.now() - FIRST_DEMO_DAY) / 1000) * MESSAGES_PER_SECOND * 2),
  });
  log.info({ port: options.hl7Port }, 'The simulated practice sends.');
  return () => feed.stop();
}

function demoConfiguration(hl7Port: number): string {
  return `format: practice-studio-configuration/1
systems:
  - key: demo-practice
    name: Maple Street Family Practice
    environment: development
    product: nextgen-enterprise
    product_version: 6.0.x
    methods: [hl7]
    note: A simulated practice; its people are invented.
listeners:
  - key: demo-practice-adt
    name: Maple Street ADT
    system: demo-practice
    port: ${hl7Port}
    note: Fed by the simulator.
`;
}
