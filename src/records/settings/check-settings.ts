import { isIP } from 'node:net';
import { isSupportedCountry } from 'libphonenumber-js';
import { createPeerFilter } from '../../transport/mllp/peer-filter.ts';
import { checkListenerAddresses } from './listener-address.ts';
import { checkListenerTls } from './listener-tls.ts';
import { mappingInForce } from './mapping-in-force.ts';
import { checkPositions } from './system-positions.ts';
import type { ProductCatalogue } from './product-catalogue.ts';
import type { SettingsErrorCode } from './settings-error.ts';
import type { CredentialSetting } from '../credentials/credentials.ts';
import type { ListenerSetting, SettingsState, SystemSetting } from './settings.ts';

/** One thing that is wrong with the settings as a whole, and which field of which setting shows it. */
export interface SettingsProblem {
  readonly code: Extract<SettingsErrorCode, 'key_taken' | 'port_taken' | 'plaintext_refused' | 'settings_invalid'>;
  readonly kind: 'environment' | 'system' | 'listener' | 'credential';
  readonly id: bigint;
  /** As the API and the configuration file name it. */
  readonly field: string;
  readonly reason: string;
}

export interface CheckContext {
  readonly catalogue: ProductCatalogue;
  /** Addresses that the program itself listens on, for example its console. */
  readonly reserved: readonly { readonly host: string; readonly port: number; readonly what: string }[];
}

/**
 * Finds everything that is wrong with a whole set of settings. Changes through the API and applied configuration files
 * are held against the same rules: each makes the picture after the change and looks for problems that were not
 * there before.
 */
export function checkSettings(state: SettingsState, context: CheckContext): SettingsProblem[] {
  return [
    ...duplicateKeys('environment', state.environments),
    ...duplicateKeys('system', state.systems),
    ...duplicateKeys('listener', state.listeners),
    ...duplicateKeys('credential', state.credentials),
    ...state.credentials.flatMap((credential) => checkCredential(credential, state)),
    ...state.systems.flatMap((system) => checkSystem(system, state, context.catalogue)),
    ...state.listeners.flatMap((listener) => checkListener(listener, state)),
    ...checkListenerAddresses(state, context.reserved),
  ];
}

function duplicateKeys(
  kind: SettingsProblem['kind'],
  items: readonly { readonly id: bigint; readonly key: string; readonly name: string }[],
): SettingsProblem[] {
  const first = new Map<string, string>();
  const problems: SettingsProblem[] = [];
  for (const item of items) {
    const holder = first.get(item.key);
    if (holder === undefined) first.set(item.key, item.name);
    else {
      const reason = `The ${kind} “${holder}” has the key “${item.key}” already.`;
      problems.push({ code: 'key_taken', kind, id: item.id, field: 'key', reason });
    }
  }
  return problems;
}

function checkCredential(credential: CredentialSetting, state: SettingsState): SettingsProblem[] {
  if (state.environments.some(({ id }) => id === credential.environmentId)) return [];
  const reason = 'There is no such environment.';
  return [{ code: 'settings_invalid', kind: 'credential', id: credential.id, field: 'environment_id', reason }];
}

function checkSystem(system: SystemSetting, state: SettingsState, catalogue: ProductCatalogue): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const invalid = (field: string, reason: string): void => {
    problems.push({ code: 'settings_invalid', kind: 'system', id: system.id, field, reason });
  };
  if (!state.environments.some(({ id }) => id === system.environmentId)) {
    invalid('environment_id', 'There is no such environment.');
  }
  if (!isTimeZone(system.timeZone)) {
    invalid('time_zone', `“${system.timeZone}” is not an IANA time zone such as America/Chicago.`);
  }
  if (!isSupportedCountry(system.country)) {
    invalid('country', `“${system.country}” is not an ISO 3166 country code in capitals such as US.`);
  }
  if (system.settings.retry.first_delay_seconds > system.settings.retry.max_delay_seconds) {
    invalid('settings.retry.first_delay_seconds', 'The first delay is longer than the longest one.');
  }
  if (new Set(system.methods).size !== system.methods.length) invalid('methods', 'A method is named twice.');
  if (
    system.mappingKey !== null &&
    !state.mappings.some(({ key, category }) => key === system.mappingKey && category === 'patient')
  ) {
    invalid('mapping', `There is no field mapping for patients with the key “${system.mappingKey}”.`);
  }
  const mapping = mappingInForce(state.mappings, system, catalogue);
  if (mapping !== undefined) {
    for (const { name, reason } of checkPositions(mapping.body as object, system.settings.positions)) {
      invalid(`settings.positions.${name}`, reason);
    }
  }
  const product = catalogue.product(system.product);
  if (product === undefined) {
    invalid('product', `“${system.product}” is not one of: ${catalogue.keys.join(', ')}.`);
    return problems;
  }
  const version = product.versions.find(({ key }) => key === system.productVersion);
  if (version === undefined) {
    const known = product.versions.map(({ key }) => key).join(', ');
    invalid('product_version', `${product.label} has no version “${system.productVersion}”, only: ${known}.`);
    return problems;
  }
  for (const method of system.methods) {
    const offer = version.methods.find((candidate) => candidate.method === method);
    if (offer?.offered !== true) {
      invalid('methods', `${product.label} ${version.label} does not offer “${method}”. ${offer?.note ?? ''}`.trim());
    }
  }
  return problems;
}

function checkListener(listener: ListenerSetting, state: SettingsState): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const add = (code: SettingsProblem['code'], field: string, reason: string): void => {
    problems.push({ code, kind: 'listener', id: listener.id, field, reason });
  };
  const system = state.systems.find(({ id }) => id === listener.systemId);
  if (system === undefined) add('settings_invalid', 'system_id', 'There is no such system.');
  else if (!system.methods.includes('hl7')) {
    add('settings_invalid', 'system_id', `The system “${system.name}” does not use HL7; add the method to it first.`);
  }
  if (!isHost(listener.host)) {
    add('settings_invalid', 'host', `“${listener.host}” is neither an IP address of this machine nor localhost.`);
  }
  for (const [index, peer] of listener.allowedPeers.entries()) {
    if (!isPeerRange(peer)) {
      const reason = `“${peer}” is not an address or range such as 10.1.2.3, 10.1.0.0/16 or fd00::/8.`;
      add('settings_invalid', `allowed_peers[${index}]`, reason);
    }
  }
  if (listener.limits.max_connections_per_peer > listener.limits.max_connections) {
    add('settings_invalid', 'limits.max_connections_per_peer', 'One peer may have more connections than all together.');
  }
  const environment = state.environments.find(({ id }) => id === system?.environmentId);
  problems.push(...checkListenerTls(listener, state));
  const plain = listener.enabled && !listener.tls.enabled && listener.plaintextReason.trim() === '';
  if (environment?.kind === 'production' && plain) {
    const reason = `“${listener.name}” belongs to the Production environment “${environment.name}” and has no TLS.`;
    add('plaintext_refused', 'plaintext_reason', reason);
  }
  return problems;
}

/** Whether a name is an IANA time zone. Offsets such as `+05:00`, which newer runtimes take too, are not. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What a listener may be bound to; another name would only be found wrong when it starts. */
function isHost(host: string): boolean {
  return isIP(host) !== 0 || host.toLowerCase() === 'localhost';
}

function isPeerRange(range: string): boolean {
  try {
    createPeerFilter([range]);
    return true;
  } catch {
    return false;
  }
}
