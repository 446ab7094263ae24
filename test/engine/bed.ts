import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MAPPINGS } from '../../src/connectors/registry.ts';
import { createIdGenerator, type IdGenerator } from '../../src/domain/ids.ts';
import { decodePatientRecord } from '../../src/domain/patient/record-codec.ts';
import type { PatientRecord } from '../../src/domain/patient/patient-record.ts';
import { ensureDefaultMappings, ensureFirstEnvironments } from '../../src/records/settings/default-settings.ts';
import type { ListenerValues, SystemOptions } from '../../src/records/settings/settings.ts';
import { openKeys, type OpenedKeys } from '../../src/security/open-keys.ts';
import { createSealer, type Sealer } from '../../src/security/sealing.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { openPgDatabase, type PgDatabase } from '../../src/store/pg-database.ts';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/system-postgres.ts';

/** A database with keys, one system and its listeners: what nodes and workers under test share. */
export interface Bed {
  readonly test: TestDatabase;
  readonly db: PgDatabase;
  readonly ids: IdGenerator;
  readonly keys: OpenedKeys;
  readonly keyDirectory: string;
  readonly sealer: Sealer;
  readonly environmentId: bigint;
  readonly systemId: bigint;
  saveSystem(options?: SystemPlan): Promise<void>;
  addListener(values?: Partial<ListenerValues>): Promise<{ readonly id: bigint; readonly port: number }>;
  changeListener(id: bigint, values: Partial<ListenerValues>): Promise<void>;
  rows<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** All patients as they are stored, by the value of their first identifier. */
  patients(): Promise<Map<string, { readonly id: bigint; readonly version: number; readonly record: PatientRecord }>>;
  close(): Promise<void>;
}

export interface SystemPlan {
  readonly holdSeconds?: number;
  readonly retry?: Partial<SystemOptions['retry']>;
  readonly mappingKey?: string | null;
  readonly duplicateHours?: number;
  readonly positions?: SystemOptions['positions'];
}

/** Makes the bed. Ids of settings are given by a node number that no engine takes. */
export async function makeBed(plan: SystemPlan = {}): Promise<Bed> {
  const test = await createTestDatabase();
  const db = openPgDatabase(test.connection, { max: 4, applicationName: 'test' });
  const keyDirectory = await mkdtemp(join(tmpdir(), 'practice-studio-keys-'));
  const ids = createIdGenerator({ node: 1023, now: Date.now });
  await ensurePartitions(db, Date.now());
  const keys = await openKeys({ db, env: {}, dataDir: keyDirectory });
  const defaults = { database: db, store: settingsStore, ids };
  await ensureFirstEnvironments(defaults);
  await ensureDefaultMappings(defaults, DEFAULT_MAPPINGS, { strict: true });
  const { environments } = await settingsStore.load(db);
  const environmentId = environments.find(({ key }) => key === 'development')?.id ?? 0n;
  const systemId = ids.next();
  const sealer = createSealer({ keyring: keys.keyring });
  const bed: Bed = {
    ...{ test, db, ids, keys, keyDirectory, sealer, environmentId, systemId },
    async saveSystem(options = {}) {
      await settingsStore.saveSystem(db, systemId, {
        ...{ key: 'practice', name: 'Practice', environmentId, product: 'nextgen-enterprise', productVersion: '6.0.x' },
        ...{ methods: ['hl7'], timeZone: 'America/Chicago', country: 'US', note: '', enabled: true },
        settings: {
          retry: {
            ...{ max_attempts: 5, first_delay_seconds: 0.05, max_delay_seconds: 0.2, deadline_seconds: 86400 },
            ...options.retry,
          },
          hold_after_failure_seconds: options.holdSeconds ?? 900,
          duplicate_window_hours: options.duplicateHours ?? 168,
          positions: options.positions ?? {},
        },
        mappingKey: options.mappingKey ?? null,
      });
    },
    async addListener(values = {}) {
      const port = values.port ?? (await freePort());
      const id = ids.next();
      await settingsStore.saveListener(db, id, listenerValues(systemId, `listener-${id}`, { ...values, port }));
      return { id, port };
    },
    async changeListener(id, values) {
      const { listeners } = await settingsStore.load(db);
      const listener = listeners.find((each) => each.id === id);
      if (listener === undefined) throw new Error('There is no such listener.');
      await settingsStore.saveListener(db, id, { ...listener, ...values });
    },
    rows: async (text, values) => (await test.pool.query(text, values)).rows as never,
    async patients() {
      const { rows } = await test.pool.query<{ id: string; version: number; record: Buffer }>(
        'select id, version, record from patients order by id',
      );
      return new Map(
        rows.map((row) => {
          const id = BigInt(row.id);
          const text = sealer.open(SEALED_COLUMNS.patientRecord, id, row.record).toString('utf8');
          const record = decodePatientRecord(text);
          const [first] = record.lists.identifiers ?? [];
          return [String((first as { value?: string } | undefined)?.value), { id, version: row.version, record }];
        }),
      );
    },
    async close() {
      await db.close();
      await test.close();
      await rm(keyDirectory, { recursive: true, force: true });
    },
  };
  await bed.saveSystem(plan);
  return bed;
}

function listenerValues(systemId: bigint, key: string, values: Partial<ListenerValues>): ListenerValues {
  return {
    ...{ key, name: key, systemId, host: '127.0.0.1', port: 0, enabled: true, node: '', ackWhen: 'commit' },
    ...{
      ackMode: 'auto',
      ackTimeoutSeconds: 30,
      allowedPeers: [],
      tls: {
        enabled: false,
        certificates: [],
        client_certificate: 'none',
        client_ca: null,
        allowed_certificates: [],
        handshake_timeout_seconds: 10,
      },
      plaintextReason: '',
      note: '',
    },
    limits: {
      max_frame_bytes: 1024 * 1024,
      idle_timeout_seconds: 60,
      max_connections: 64,
      max_connections_per_peer: 64,
      max_in_flight_per_connection: 64,
    },
    ...values,
  };
}
