import type { CredentialOpener } from '../records/credentials/open-credential.ts';
import { credentialKeysOf } from '../records/credentials/credential-uses.ts';
import type { ListenerSetting, SettingsState } from '../records/settings/settings.ts';
import { MllpError } from '../transport/mllp/mllp-error.ts';
import type { ServerTlsOptions } from '../transport/mllp/tls-gate.ts';

/**
 * Takes what a listener shows and whom it trusts out of the vault.
 *
 * @throws MllpError `mllp_tls_unusable` when something that it refers to has no certificate in force
 */
export async function listenerTlsOptions(
  listener: ListenerSetting,
  settings: SettingsState,
  opener: CredentialOpener,
): Promise<ServerTlsOptions> {
  const { tls } = listener;
  const inForce = (key: string) => {
    const credential = settings.credentials.find((each) => each.key === key);
    if (credential?.active == null) throw new MllpError('mllp_tls_unusable', `(credential ${key})`);
    return { credential, certificates: credential.active.certificates };
  };
  const identities = await Promise.all(
    tls.certificates.map(async (key) => {
      const identity = await opener.identity(inForce(key).credential, `listener ${listener.key}`);
      if (identity === undefined) throw new MllpError('mllp_tls_unusable', `(credential ${key})`);
      return identity;
    }),
  );
  return {
    identities,
    clientCertificate: tls.client_certificate,
    clientAuthorities: tls.client_ca === null ? '' : inForce(tls.client_ca).certificates,
    allowedCertificates: tls.allowed_certificates,
    handshakeTimeoutMs: tls.handshake_timeout_seconds * 1000,
  };
}

/** Stands for the certificates that a listener uses: another text, and it has to take them over. */
export function certificatesInForce(listener: ListenerSetting, settings: SettingsState): string {
  if (!listener.tls.enabled) return '';
  return credentialKeysOf(listener)
    .map((key) => settings.credentials.find((each) => each.key === key)?.active?.id ?? 0n)
    .join(' ');
}
