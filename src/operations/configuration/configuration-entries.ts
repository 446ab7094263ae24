import type {
  EnvironmentSetting,
  EnvironmentValues,
  ListenerSetting,
  ListenerValues,
  SettingsState,
  SystemSetting,
  SystemValues,
} from '../../records/settings/settings.ts';
import type { EnvironmentEntry, ListenerEntry, SystemEntry } from './configuration-document.ts';

/** An environment as a configuration file says it. */
export function environmentEntry(setting: EnvironmentSetting): EnvironmentEntry {
  return {
    key: setting.key,
    name: setting.name,
    kind: setting.kind,
    note: setting.note,
    parameters: setting.parameters.map(({ name, value, note }) => ({ name, value, note })),
  };
}

/** A system as a configuration file says it. */
export function systemEntry(setting: SystemSetting, state: SettingsState): SystemEntry {
  return {
    key: setting.key,
    name: setting.name,
    environment: keyOf(state.environments, setting.environmentId),
    product: setting.product,
    product_version: setting.productVersion,
    methods: [...setting.methods],
    time_zone: setting.timeZone,
    country: setting.country,
    enabled: setting.enabled,
    mapping: setting.mappingKey,
    note: setting.note,
    settings: {
      retry: {
        max_attempts: setting.settings.retry.max_attempts,
        first_delay_seconds: setting.settings.retry.first_delay_seconds,
        max_delay_seconds: setting.settings.retry.max_delay_seconds,
        deadline_seconds: setting.settings.retry.deadline_seconds,
      },
      hold_after_failure_seconds: setting.settings.hold_after_failure_seconds,
      duplicate_window_hours: setting.settings.duplicate_window_hours,
      positions: { ...setting.settings.positions },
    },
  };
}

/** A listener as a configuration file says it. */
export function listenerEntry(setting: ListenerSetting, state: SettingsState): ListenerEntry {
  return {
    key: setting.key,
    name: setting.name,
    system: keyOf(state.systems, setting.systemId),
    host: setting.host,
    port: setting.port,
    node: setting.node,
    enabled: setting.enabled,
    ack_when: setting.ackWhen,
    ack_mode: setting.ackMode,
    ack_timeout_seconds: setting.ackTimeoutSeconds,
    allowed_peers: [...setting.allowedPeers],
    plaintext_reason: setting.plaintextReason,
    note: setting.note,
    tls: {
      enabled: setting.tls.enabled,
      certificates: [...setting.tls.certificates],
      client_certificate: setting.tls.client_certificate,
      client_ca: setting.tls.client_ca,
      allowed_certificates: [...setting.tls.allowed_certificates],
      handshake_timeout_seconds: setting.tls.handshake_timeout_seconds,
    },
    limits: {
      max_frame_bytes: setting.limits.max_frame_bytes,
      idle_timeout_seconds: setting.limits.idle_timeout_seconds,
      max_connections: setting.limits.max_connections,
      max_connections_per_peer: setting.limits.max_connections_per_peer,
      max_in_flight_per_connection: setting.limits.max_in_flight_per_connection,
    },
  };
}

export function environmentValues({ key, name, kind, note, parameters }: EnvironmentEntry): EnvironmentValues {
  return { key, name, kind, note, parameters };
}

export function systemValues(entry: SystemEntry, environmentId: bigint): SystemValues {
  const { key, name, product, methods, country, note, enabled, settings } = entry;
  return {
    key,
    name,
    environmentId,
    product,
    methods,
    country,
    note,
    enabled,
    settings,
    productVersion: entry.product_version,
    timeZone: entry.time_zone,
    mappingKey: entry.mapping,
  };
}

export function listenerValues(entry: ListenerEntry, systemId: bigint): ListenerValues {
  const { key, name, host, port, enabled, node, limits, tls, note } = entry;
  return {
    key,
    name,
    systemId,
    host,
    port,
    enabled,
    node,
    limits,
    tls,
    note,
    ackWhen: entry.ack_when,
    ackMode: entry.ack_mode,
    ackTimeoutSeconds: entry.ack_timeout_seconds,
    allowedPeers: entry.allowed_peers,
    plaintextReason: entry.plaintext_reason,
  };
}

function keyOf(settings: readonly { readonly id: bigint; readonly key: string }[], id: bigint): string {
  return settings.find((setting) => setting.id === id)?.key ?? '';
}
