import { createIdGenerator } from '../../domain/ids.ts';
import { openPgDatabase, type PgDatabase } from '../../store/pg-database.ts';
import { settingsStore } from '../../store/settings-store.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { CatalogueProduct, ProductCatalogue } from './product-catalogue.ts';
import {
  createSettingsService,
  type RecordChange,
  type SettingsDeps,
  type SettingsService,
} from './settings-service.ts';
import type { EnvironmentValues, ListenerValues, SystemValues } from './settings.ts';

/** A product with one modern version and one that speaks HL7 only. */
export const testCatalogue: ProductCatalogue = catalogueOf([
  {
    key: 'test-pms',
    label: 'Test PMS',
    patientMappingKey: 'test-pms-patient',
    versions: [
      { key: '2', label: '2.x', methods: offers(true) },
      { key: '1', label: '1.x', methods: offers(false) },
    ],
  },
]);

function offers(api: boolean): CatalogueProduct['versions'][number]['methods'] {
  return [
    { method: 'hl7', offered: true, note: '' },
    { method: 'file', offered: true, note: '' },
    { method: 'api', offered: api, note: api ? '' : 'Version 1 has no API.' },
  ];
}

export function catalogueOf(products: readonly CatalogueProduct[]): ProductCatalogue {
  return {
    product: (key) => products.find((product) => product.key === key),
    keys: products.map(({ key }) => key),
  };
}

export const environmentValues = (values: Partial<EnvironmentValues> = {}): EnvironmentValues => ({
  key: 'lab',
  name: 'Lab',
  kind: 'development',
  note: '',
  parameters: [],
  ...values,
});

export const systemValues = (environmentId: bigint, values: Partial<SystemValues> = {}): SystemValues => ({
  key: 'clinic',
  name: 'Clinic',
  environmentId,
  product: 'test-pms',
  productVersion: '2',
  methods: ['hl7'],
  timeZone: 'America/Chicago',
  country: 'US',
  note: '',
  enabled: true,
  settings: {
    retry: { max_attempts: 12, first_delay_seconds: 2, max_delay_seconds: 900, deadline_seconds: 86400 },
    hold_after_failure_seconds: 900,
    duplicate_window_hours: 168,
    positions: {},
  },
  mappingKey: null,
  ...values,
});

export const listenerValues = (systemId: bigint, values: Partial<ListenerValues> = {}): ListenerValues => ({
  key: 'clinic-adt',
  name: 'Clinic ADT',
  systemId,
  host: '127.0.0.1',
  port: 6661,
  enabled: true,
  node: '',
  ackWhen: 'commit',
  ackMode: 'auto',
  ackTimeoutSeconds: 30,
  allowedPeers: [],
  limits: {
    max_frame_bytes: 20971520,
    idle_timeout_seconds: 600,
    max_connections: 2000,
    max_connections_per_peer: 500,
    max_in_flight_per_connection: 256,
  },
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
  ...values,
});

export interface SettingsHarness {
  readonly database: PgDatabase;
  readonly deps: SettingsDeps;
  readonly settings: SettingsService;
  /** The audit entries that were written, as the settings gave them. */
  readonly recorded: Parameters<RecordChange>[1][];
  readonly record: RecordChange;
  close(): Promise<void>;
}

/** Settings over a fresh database. */
export async function createSettingsHarness(): Promise<SettingsHarness> {
  const made = await createTestDatabase();
  const database = openPgDatabase(made.connection, { max: 4, applicationName: 'test' });
  const deps: SettingsDeps = {
    database,
    store: settingsStore,
    ids: createIdGenerator({ node: 1, now: Date.now }),
    catalogue: testCatalogue,
    reserved: [{ host: '127.0.0.1', port: 8480, what: 'the console of this program' }],
  };
  const recorded: SettingsHarness['recorded'] = [];
  return {
    database,
    deps,
    settings: createSettingsService(deps),
    recorded,
    record: (_tx, entry) => {
      recorded.push(entry);
      return Promise.resolve();
    },
    async close() {
      await database.close();
      await made.close();
    },
  };
}
