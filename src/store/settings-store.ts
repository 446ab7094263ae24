import type {
  EnvironmentSetting,
  EnvironmentValues,
  ListenerSetting,
  ListenerValues,
  MappingSetting,
  MappingValues,
  SettingsStore,
  SystemSetting,
  SystemValues,
} from '../records/settings/settings.ts';
import { loadCredentials } from './credential-store.ts';
import type { Queryable } from './queryable.ts';

/** A row as the driver gives it: ids are text there. */
type Row<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] };

const KEPT = 'id, version, created_at as "createdAt", updated_at as "updatedAt"';
const ENVIRONMENT = `${KEPT}, key, name, kind, note, parameters`;
const SYSTEM = `${KEPT}, key, name, environment_id as "environmentId", product, product_version as "productVersion",
  methods, time_zone as "timeZone", country, note, enabled, settings, mapping_key as "mappingKey"`;
const LISTENER = `${KEPT}, key, name, system_id as "systemId", host, port, enabled, node, ack_when as "ackWhen",
  ack_mode as "ackMode", ack_timeout_seconds as "ackTimeoutSeconds", allowed_peers as "allowedPeers", limits, tls,
  plaintext_reason as "plaintextReason", note`;
const MAPPING = 'id, key, category, version, origin, body, checksum';

/** Any number that no other advisory lock of the program uses: "settings" on a telephone keypad. */
const LOCK = 73884647;

const environmentOf = (row: Row<EnvironmentSetting>): EnvironmentSetting => ({ ...row, id: BigInt(row.id) });
const systemOf = (row: Row<SystemSetting>): SystemSetting => ({
  ...row,
  id: BigInt(row.id),
  environmentId: BigInt(row.environmentId),
});
const listenerOf = (row: Row<ListenerSetting>): ListenerSetting => ({
  ...row,
  id: BigInt(row.id),
  systemId: BigInt(row.systemId),
});
const mappingOf = (row: Row<MappingSetting>): MappingSetting => ({ ...row, id: BigInt(row.id) });

/** The settings in PostgreSQL. */
export const settingsStore: SettingsStore = {
  async lock(tx) {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  },

  async load(db) {
    const environments = await db.query<Row<EnvironmentSetting>>(`select ${ENVIRONMENT} from environments order by id`);
    const systems = await db.query<Row<SystemSetting>>(`select ${SYSTEM} from systems order by id`);
    const listeners = await db.query<Row<ListenerSetting>>(`select ${LISTENER} from listeners order by id`);
    const mappings = await db.query<Row<MappingSetting>>(`select ${MAPPING} from mappings order by key, version`);
    return {
      environments: environments.rows.map(environmentOf),
      systems: systems.rows.map(systemOf),
      listeners: listeners.rows.map(listenerOf),
      mappings: mappings.rows.map(mappingOf),
      credentials: await loadCredentials(db),
    };
  },

  async saveEnvironment(tx, id, values: EnvironmentValues) {
    const { rows } = await tx.query<Row<EnvironmentSetting>>(
      `insert into environments (id, key, name, kind, note, parameters) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set key = excluded.key, name = excluded.name, kind = excluded.kind,
         note = excluded.note, parameters = excluded.parameters, version = environments.version + 1,
         updated_at = now()
       returning ${ENVIRONMENT}`,
      [id.toString(), values.key, values.name, values.kind, values.note, JSON.stringify(values.parameters)],
    );
    return environmentOf(the(rows));
  },

  async saveSystem(tx, id, values: SystemValues) {
    const { rows } = await tx.query<Row<SystemSetting>>(
      `insert into systems (id, key, name, environment_id, product, product_version, methods, time_zone, country, note,
         enabled, settings, mapping_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict (id) do update set key = excluded.key, name = excluded.name,
         environment_id = excluded.environment_id, product = excluded.product,
         product_version = excluded.product_version, methods = excluded.methods, time_zone = excluded.time_zone,
         country = excluded.country, note = excluded.note, enabled = excluded.enabled, settings = excluded.settings,
         mapping_key = excluded.mapping_key, version = systems.version + 1, updated_at = now()
       returning ${SYSTEM}`,
      [
        id.toString(),
        values.key,
        values.name,
        values.environmentId.toString(),
        values.product,
        values.productVersion,
        values.methods,
        values.timeZone,
        values.country,
        values.note,
        values.enabled,
        JSON.stringify(values.settings),
        values.mappingKey,
      ],
    );
    return systemOf(the(rows));
  },

  async saveListener(tx, id, values: ListenerValues) {
    const { rows } = await tx.query<Row<ListenerSetting>>(
      `insert into listeners (id, key, name, system_id, host, port, enabled, node, ack_when, ack_mode,
         ack_timeout_seconds, allowed_peers, limits, tls, plaintext_reason, note)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (id) do update set key = excluded.key, name = excluded.name, system_id = excluded.system_id,
         host = excluded.host, port = excluded.port, enabled = excluded.enabled, node = excluded.node,
         ack_when = excluded.ack_when, ack_mode = excluded.ack_mode,
         ack_timeout_seconds = excluded.ack_timeout_seconds, allowed_peers = excluded.allowed_peers,
         limits = excluded.limits, tls = excluded.tls, plaintext_reason = excluded.plaintext_reason, note = excluded.note,
         version = listeners.version + 1, updated_at = now()
       returning ${LISTENER}`,
      [
        id.toString(),
        values.key,
        values.name,
        values.systemId.toString(),
        values.host,
        values.port,
        values.enabled,
        values.node,
        values.ackWhen,
        values.ackMode,
        values.ackTimeoutSeconds,
        values.allowedPeers,
        JSON.stringify(values.limits),
        JSON.stringify(values.tls),
        values.plaintextReason,
        values.note,
      ],
    );
    return listenerOf(the(rows));
  },

  async freeAddresses(tx, listenerIds) {
    await tx.query(`update listeners set node = 'moving ' || id where id = any($1::bigint[])`, [
      listenerIds.map(String),
    ]);
  },

  async addMapping(tx, id, values: MappingValues, checksum) {
    const { rows } = await tx.query<Row<MappingSetting>>(
      `insert into mappings (id, key, category, version, origin, body, checksum) values ($1, $2, $3, $4, $5, $6, $7)
       returning ${MAPPING}`,
      [
        id.toString(),
        values.key,
        values.category,
        values.version,
        values.origin,
        JSON.stringify(values.body),
        checksum,
      ],
    );
    return mappingOf(the(rows));
  },

  removeEnvironment: (tx, id) => remove(tx, 'environments', id),
  removeSystem: (tx, id) => remove(tx, 'systems', id),
  removeListener: (tx, id) => remove(tx, 'listeners', id),

  async hasMessages(tx, of) {
    const [column, id] = 'systemId' in of ? ['system_id', of.systemId] : ['listener_id', of.listenerId];
    // The counters answer for nearly every system that is in use; the messages themselves are the last word.
    for (const table of ['traffic', 'messages']) {
      const found = await tx.query(`select from ${table} where ${column} = $1 limit 1`, [id.toString()]);
      if (found.rowCount !== 0) return true;
    }
    return false;
  },
};

async function remove(tx: Queryable, table: 'environments' | 'systems' | 'listeners', id: bigint): Promise<void> {
  await tx.query(`delete from ${table} where id = $1`, [id.toString()]);
}

function the<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('A statement that answers with one row answered with none.');
  return row;
}
