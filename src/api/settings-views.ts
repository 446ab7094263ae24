import type { z } from 'zod';
import type { environment as environmentSchema } from '../contract/environments.ts';
import type { listener as listenerSchema } from '../contract/listeners.ts';
import type { system as systemSchema } from '../contract/systems.ts';
import { expiryOf } from '../domain/expiry.ts';
import { firstToExpire } from '../records/credentials/credential-uses.ts';
import type { SettingsOverview } from '../operations/settings-overview.ts';
import { mappingInForce } from '../records/settings/mapping-in-force.ts';
import type { ProductCatalogue } from '../records/settings/product-catalogue.ts';
import { SettingsError } from '../records/settings/settings-error.ts';
import type {
  EnvironmentSetting,
  Kept,
  ListenerSetting,
  MappingSetting,
  SettingsState,
  SystemSetting,
} from '../records/settings/settings.ts';

export function environmentView(
  environment: EnvironmentSetting,
  state: SettingsState,
): z.input<typeof environmentSchema> {
  const { key, name, kind, note, parameters } = environment;
  return {
    ...keptView(environment),
    key,
    name,
    kind,
    note,
    parameters: [...parameters],
    system_count: state.systems.filter(({ environmentId }) => environmentId === environment.id).length,
  };
}

/** @throws SettingsError `mapping_missing` when neither the system nor its product has a mapping. */
export function systemMapping(
  system: SystemSetting,
  state: SettingsState,
  catalogue: ProductCatalogue,
): MappingSetting {
  const mapping = mappingInForce(state.mappings, system, catalogue);
  if (mapping === undefined) throw new SettingsError('mapping_missing');
  return mapping;
}

export function systemView(
  system: SystemSetting,
  overview: SettingsOverview,
  catalogue: ProductCatalogue,
): z.input<typeof systemSchema> {
  const { state } = overview;
  const line = overview.lineOf(system.id);
  const mapping = systemMapping(system, state, catalogue);
  return {
    ...keptView(system),
    key: system.key,
    name: system.name,
    environment_id: String(system.environmentId),
    environment_key: state.environments.find(({ id }) => id === system.environmentId)?.key ?? '',
    product: system.product,
    product_label: catalogue.product(system.product)?.label ?? system.product,
    product_version: system.productVersion,
    methods: [...system.methods],
    time_zone: system.timeZone,
    country: system.country,
    note: system.note,
    enabled: system.enabled,
    settings: system.settings,
    mapping: { id: String(mapping.id), key: mapping.key, version: mapping.version, origin: mapping.origin },
    health: line?.health ?? { state: 'idle', reason: 'Waits for its first message.' },
    listener_count: state.listeners.filter(({ systemId }) => systemId === system.id).length,
    last_message_at: line?.lastMessageAt?.toISOString() ?? null,
    open_errors: line?.openErrors ?? 0,
  };
}

export function listenerView(
  listener: ListenerSetting,
  overview: SettingsOverview,
  now: number,
): z.input<typeof listenerSchema> {
  const system = overview.state.systems.find(({ id }) => id === listener.systemId);
  const traffic = overview.trafficOf(listener.id);
  return {
    ...keptView(listener),
    key: listener.key,
    name: listener.name,
    system_id: String(listener.systemId),
    system_name: system?.name ?? '',
    environment_id: String(system?.environmentId ?? 0n),
    host: listener.host,
    port: listener.port,
    enabled: listener.enabled,
    node: listener.node,
    ack_when: listener.ackWhen,
    ack_mode: listener.ackMode,
    ack_timeout_seconds: listener.ackTimeoutSeconds,
    allowed_peers: [...listener.allowedPeers],
    limits: listener.limits,
    tls: tlsView(listener.tls),
    plaintext_reason: listener.plaintextReason,
    note: listener.note,
    statuses: overview.statusesOf(listener.id).map(({ node, status, reason, since, connections, refusals }) => ({
      node,
      status,
      reason,
      since: since.toISOString(),
      connections,
      refusals: refusals.map((refusal) => ({ ...refusal, sentence: overview.sentenceOf(refusal.reason) })),
    })),
    expires_first: expiryView(firstToExpire(listener, overview.state), now),
    last_message_at: traffic?.lastMinute?.toISOString() ?? null,
    received_today: traffic?.receivedToday ?? 0,
  };
}

function tlsView(tls: ListenerSetting['tls']): z.input<typeof listenerSchema>['tls'] {
  return { ...tls, certificates: [...tls.certificates], allowed_certificates: [...tls.allowed_certificates] };
}

function expiryView(first: ReturnType<typeof firstToExpire>, now: number) {
  if (first === undefined) return null;
  const { credential, notAfter } = first;
  const { daysLeft, state } = expiryOf(notAfter, now);
  return {
    credential: credential.key,
    name: credential.name,
    not_after: notAfter.toISOString(),
    days_left: daysLeft,
    state,
  };
}

function keptView({ id, version, createdAt, updatedAt }: Kept) {
  return {
    id: String(id),
    version,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
