import type { Sealer } from '../../security/sealing.ts';
import { makeKey, makeRequest, makeSelfSigned } from '../../security/vault/make-certificate.ts';
import {
  bundleFromPem,
  identityFromPem,
  identityFromPkcs12,
  type IdentityMaterial,
} from '../../security/vault/material.ts';
import { MaterialError } from '../../security/vault/material-error.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { CredentialKind, NewVersion } from './credentials.ts';

/** Where a new version comes from. */
export type CredentialSource =
  | {
      readonly from: 'pem';
      readonly certificates: string;
      readonly privateKey: string;
      readonly passphrase: string;
    }
  | { readonly from: 'pkcs12'; readonly file: Buffer; readonly passphrase: string }
  | (Subject & { readonly from: 'self_signed'; readonly days: number })
  | (Subject & { readonly from: 'request' });

interface Subject {
  readonly commonName: string;
  readonly organization: string;
  readonly names: readonly string[];
}

export interface SourceDeps {
  readonly ids: { next(): bigint };
  readonly sealer: Sealer;
  readonly now: () => number;
}

/**
 * Makes a version of what was uploaded, or of a new key. The private key leaves this function sealed.
 *
 * @throws SettingsError `credential_invalid`
 */
export async function versionFrom(
  kind: CredentialKind,
  source: CredentialSource,
  createdBy: string,
  deps: SourceDeps,
): Promise<NewVersion> {
  const id = deps.ids.next();
  const seal = (privateKey: string): Buffer =>
    deps.sealer.seal('credential', SEALED_COLUMNS.credentialSecret, id, privateKey);
  const active = ({ certificates, privateKey, notAfter }: IdentityMaterial): NewVersion => ({
    id,
    state: 'active',
    certificates,
    request: '',
    notAfter,
    secret: seal(privateKey),
    createdBy,
  });
  try {
    if (kind === 'ca_bundle') {
      if (source.from !== 'pem') throw new MaterialError('certificates', 'A bundle of authorities is given as PEM.');
      const bundle = bundleFromPem(source.certificates, deps.now());
      return { id, state: 'active', ...bundle, request: '', secret: null, createdBy };
    }
    if (source.from === 'pem') return active(identityFromPem({ ...source, now: deps.now() }));
    if (source.from === 'pkcs12') return active(identityFromPkcs12({ ...source, now: deps.now() }));
    const plan = { ...source, use: kind === 'tls_server' ? ('server' as const) : ('client' as const) };
    const key = await makeKey();
    if (source.from === 'request') {
      const request = makeRequest(plan, key);
      return {
        id,
        state: 'pending',
        certificates: '',
        request,
        notAfter: null,
        secret: seal(key.privateKey),
        createdBy,
      };
    }
    const certificates = makeSelfSigned(plan, key, source.days, deps.now());
    return active(identityFromPem({ certificates, privateKey: key.privateKey, passphrase: '', now: deps.now() }));
  } catch (error) {
    throw asSettingsError(error);
  }
}

/** What is wrong with uploaded material, as the caller is told; other errors as they are. */
export function asSettingsError(error: unknown): unknown {
  if (!(error instanceof MaterialError)) return error;
  return new SettingsError('credential_invalid', [{ place: error.place, reason: error.reason }]);
}
