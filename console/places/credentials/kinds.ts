import type { Credential } from '../../../src/contract/credentials.ts';

export const KIND_WORDS: Readonly<Record<Credential['kind'], string>> = {
  tls_server: 'TLS server certificate',
  tls_client: 'TLS client certificate',
  ca_bundle: 'Authorities (CA bundle)',
};
export const KIND_MEANINGS: Readonly<Record<Credential['kind'], string>> = {
  tls_server: 'What our listeners show to whoever connects: a certificate with its private key',
  tls_client: 'What our senders show where the receiver asks for it: a certificate with its private key',
  ca_bundle: 'Whom we trust: certificates of authorities that the other side comes from',
};
export const KIND_OPTIONS = (Object.keys(KIND_WORDS) as Credential['kind'][]).map((value) => ({
  value,
  label: KIND_WORDS[value],
}));
