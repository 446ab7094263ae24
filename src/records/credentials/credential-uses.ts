import type { ListenerSetting, SettingsState } from '../settings/settings.ts';
import type { CredentialSetting } from './credentials.ts';

/** Where a credential is used. */
export interface CredentialUse {
  readonly kind: 'listener';
  readonly id: bigint;
  readonly key: string;
  readonly name: string;
  readonly systemId: bigint;
}

/** Everything that refers to a credential, switched off or not. */
export function usesOf(credential: Pick<CredentialSetting, 'key'>, state: SettingsState): CredentialUse[] {
  return state.listeners
    .filter((listener) => credentialKeysOf(listener).includes(credential.key))
    .map(({ id, key, name, systemId }) => ({ kind: 'listener', id, key, name, systemId }));
}

/** The certificate of a listener that ends first, authorities included; undefined without TLS. */
export function firstToExpire(
  listener: Pick<ListenerSetting, 'tls'>,
  state: Pick<SettingsState, 'credentials'>,
): { readonly credential: CredentialSetting; readonly notAfter: Date } | undefined {
  if (!listener.tls.enabled) return undefined;
  const keys = credentialKeysOf(listener);
  return state.credentials
    .flatMap((credential) =>
      credential.active !== null && keys.includes(credential.key)
        ? [{ credential, notAfter: credential.active.notAfter }]
        : [],
    )
    .sort((one, other) => one.notAfter.getTime() - other.notAfter.getTime())[0];
}

/** The keys of the credentials that a listener refers to. */
export function credentialKeysOf({ tls }: Pick<ListenerSetting, 'tls'>): string[] {
  return [...tls.certificates, ...(tls.client_ca === null ? [] : [tls.client_ca])];
}
