import type { Credential } from '../../../src/contract/credentials.ts';
import type { Args } from '../../api/client.ts';

export type Source = Args<'createCredential'>['body']['source'];

/** What the fields of a source hold while somebody fills them in. */
export interface SourceDraft {
  readonly from: 'pem' | 'pkcs12' | 'self_signed' | 'request';
  readonly certificates: string;
  readonly privateKey: string;
  readonly passphrase: string;
  /** Base64. */
  readonly file: string;
  readonly commonName: string;
  readonly organization: string;
  readonly names: readonly string[];
  readonly days: number;
}

export const EMPTY_SOURCE: SourceDraft = {
  from: 'pem',
  certificates: '',
  privateKey: '',
  passphrase: '',
  file: '',
  commonName: '',
  organization: '',
  names: [],
  days: 825,
};

/** What a new certificate is probably to be for: whom the one in force is for. */
export function sourceLike(credential: Credential): SourceDraft {
  const facts = credential.active?.certificates[0];
  const part = (name: string): string => new RegExp(`(?:^|, )${name}=([^,]*)`).exec(facts?.subject ?? '')?.[1] ?? '';
  const names = (facts?.alternative_names ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  return { ...EMPTY_SOURCE, commonName: part('CN'), organization: part('O'), names };
}

/** What is sent, and what is missing for it. */
export function toSource(draft: SourceDraft, kind: Credential['kind']): Source | string {
  if (kind === 'ca_bundle' || draft.from === 'pem') {
    if (draft.certificates.trim() === '') return 'Paste the certificates, or choose a file with them.';
    const secret = kind === 'ca_bundle' ? {} : { private_key: draft.privateKey, passphrase: draft.passphrase };
    return { from: 'pem', certificates: draft.certificates, ...secret };
  }
  if (draft.from === 'pkcs12') {
    if (draft.file === '') return 'Choose a .p12 or .pfx file.';
    return { from: 'pkcs12', file: draft.file, passphrase: draft.passphrase };
  }
  if (draft.commonName.trim() === '') return 'Name whom the certificate is for, for example hub.practice.example.';
  const subject = { common_name: draft.commonName, organization: draft.organization, names: [...draft.names] };
  return draft.from === 'request'
    ? { from: 'request', ...subject }
    : { from: 'self_signed', ...subject, days: draft.days };
}
