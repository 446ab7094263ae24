import { isFingerprintEntry } from '../../transport/mllp/certificate-filter.ts';
import type { CredentialKind } from '../credentials/credentials.ts';
import type { SettingsProblem } from './check-settings.ts';
import type { ListenerSetting, SettingsState } from './settings.ts';

/** Finds what is wrong with a listener's TLS: what it refers to, and what would let nobody in, or anybody. */
export function checkListenerTls(listener: ListenerSetting, state: SettingsState): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const { tls } = listener;
  const add = (field: string, reason: string): void => {
    problems.push({ code: 'settings_invalid', kind: 'listener', id: listener.id, field: `tls.${field}`, reason });
  };
  const environmentId = state.systems.find(({ id }) => id === listener.systemId)?.environmentId;
  const refer = (field: string, key: string, kind: CredentialKind, what: string): void => {
    const credential = state.credentials.find((each) => each.key === key);
    if (credential === undefined) add(field, `There is no credential “${key}”; add it first.`);
    else if (credential.kind !== kind) add(field, `“${credential.name}” is no ${what}.`);
    else if (credential.environmentId !== environmentId) {
      add(field, `“${credential.name}” belongs to another environment than the listener.`);
    } else if (tls.enabled && listener.enabled && credential.active === null) {
      add(field, `“${credential.name}” still waits for the certificate that was requested.`);
    }
  };
  for (const [index, key] of tls.certificates.entries()) {
    refer(`certificates[${index}]`, key, 'tls_server', 'server certificate');
  }
  if (tls.client_ca !== null) refer('client_ca', tls.client_ca, 'ca_bundle', 'bundle of authorities');
  if (tls.enabled && tls.certificates.length === 0) add('certificates', 'TLS needs a server certificate.');
  const kinds = tls.allowed_certificates.map((entry, index) => {
    try {
      return isFingerprintEntry(entry);
    } catch (error) {
      add(`allowed_certificates[${index}]`, error instanceof Error ? error.message : 'It cannot be read.');
      return false;
    }
  });
  if (kinds.length > 0 && tls.client_certificate !== 'required') {
    add('client_certificate', 'A list of allowed certificates makes sense only where one is required.');
  }
  if (tls.client_certificate !== 'none' && tls.client_ca === null && !(kinds.length > 0 && kinds.every(Boolean))) {
    add('client_ca', 'Name the authorities that client certificates come from, or allow certificates by fingerprint.');
  }
  return problems;
}
