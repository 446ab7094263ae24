import { z } from 'zod';
import { byId, done, expiryState, id, instant, key, note, version } from './common.ts';
import { route } from './route.ts';

export const credentialKind = z.enum(['tls_server', 'tls_client', 'ca_bundle']);

const pem = z.string().max(400_000);
const passphrase = z.string().max(200).default('');
const subject = {
  common_name: z.string().trim().min(1).max(64),
  organization: z.string().trim().max(64).default(''),
  /** Host names and IP addresses that it is for; senders compare these. */
  names: z.array(z.string().trim().min(1).max(253)).max(50).default([]),
};

/** Where certificate and key come from. Whatever is secret in it goes into the vault and is never answered. */
export const credentialSource = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('pem'),
    /** The certificate and those that issued it, or the authorities of a bundle. */
    certificates: pem.min(1),
    /** Empty where it stands with the certificates, and for a bundle. */
    private_key: pem.default(''),
    passphrase,
  }),
  z.object({
    from: z.literal('pkcs12'),
    /** The file (.p12, .pfx), base64. */
    file: z.base64().min(1).max(700_000),
    passphrase,
  }),
  z.object({ from: z.literal('self_signed'), ...subject, days: z.number().int().min(1).max(3650).default(825) }),
  /** A new key and a certificate request (PKCS#10) for an authority to sign. */
  z.object({ from: z.literal('request'), ...subject }),
]);

export const credentialInput = z.object({
  key,
  name: z.string().min(1).max(100),
  environment_id: id,
  kind: credentialKind,
  note: note.default(''),
  source: credentialSource,
});

export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  alternative_names: z.string(),
  not_before: instant,
  not_after: instant,
  /** SHA-256, hex. */
  fingerprint: z.string(),
  serial: z.string(),
  public_key: z.string(),
  authority: z.boolean(),
  self_signed: z.boolean(),
});

export const credential = z.object({
  id,
  key,
  name: z.string(),
  environment_id: id,
  kind: credentialKind,
  note: z.string(),
  version,
  created_at: instant,
  updated_at: instant,
  /** In force; null while the first certificate has not come. The first of `certificates` is the one that is shown. */
  active: z
    .object({
      number: z.number().int(),
      since: instant,
      by: z.string(),
      not_after: instant,
      days_left: z.number().int(),
      state: expiryState,
      certificates: z.array(certificate),
      /** PEM of the certificates, to hand to partners. Never the key. */
      pem: z.string(),
    })
    .nullable(),
  /** Waits for the certificate of a request. */
  pending: z.object({ number: z.number().int(), since: instant, by: z.string(), request: z.string() }).nullable(),
  used_by: z.array(z.object({ kind: z.enum(['listener']), id, key: z.string(), name: z.string() })),
});
export type Credential = z.infer<typeof credential>;

export const credentialVersion = z.object({
  number: z.number().int(),
  state: z.enum(['pending', 'active', 'superseded']),
  not_after: instant.nullable(),
  created_at: instant,
  by: z.string(),
});
export const testStep = z.object({
  name: z.string(),
  result: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
});

const tag = 'Credentials';
export const credentialRoutes = {
  listCredentials: route({
    method: 'GET',
    path: '/api/credentials',
    tag,
    summary: 'All credentials of the vault, without their secrets.',
    access: 'credentials.read',
    audit: { none: 'certificates only, which every handshake shows' },
    query: z.object({ environment: id.optional() }),
    response: z.object({ items: z.array(credential) }),
  }),
  getCredential: route({
    method: 'GET',
    path: '/api/credentials/:id',
    tag,
    summary: 'One credential with its history, without its secret.',
    access: 'credentials.read',
    audit: { none: 'certificates only, which every handshake shows' },
    params: byId,
    response: credential.extend({ history: z.array(credentialVersion) }),
  }),
  createCredential: route({
    method: 'POST',
    path: '/api/credentials',
    tag,
    summary: 'Adds a credential: uploaded as PEM or PKCS#12, self-signed, or as a certificate request.',
    access: 'credentials.write',
    audit: { action: 'credential-created' },
    body: credentialInput,
    response: credential,
  }),
  updateCredential: route({
    method: 'PATCH',
    path: '/api/credentials/:id',
    tag,
    summary: 'Changes name or note of a credential.',
    access: 'credentials.write',
    audit: { action: 'credential-changed' },
    params: byId,
    body: z.object({ name: z.string().min(1).max(100).optional(), note: note.optional(), version }),
    response: credential,
  }),
  rotateCredential: route({
    method: 'POST',
    path: '/api/credentials/:id/rotate',
    tag,
    summary: 'Puts another certificate and key in force; listeners take them over without dropping connections.',
    access: 'credentials.write',
    audit: { action: 'credential-rotated' },
    params: byId,
    body: z.object({ version, source: credentialSource }),
    response: credential,
  }),
  completeCredential: route({
    method: 'POST',
    path: '/api/credentials/:id/certificate',
    tag,
    summary: 'Puts the certificate in force that was requested.',
    access: 'credentials.write',
    audit: { action: 'credential-rotated' },
    params: byId,
    body: z.object({ version, certificates: pem.min(1) }),
    response: credential,
  }),
  testCredential: route({
    method: 'POST',
    path: '/api/credentials/:id/test',
    tag,
    summary:
      'Tries a credential: dates, key, names, purpose, chain, and a message over TLS from the program to itself.',
    access: 'credentials.write',
    audit: { action: 'credential-tested' },
    params: byId,
    response: z.object({ steps: z.array(testStep) }),
  }),
  deleteCredential: route({
    method: 'DELETE',
    path: '/api/credentials/:id',
    tag,
    summary: 'Removes a credential that nothing uses, with its key.',
    access: 'credentials.write',
    audit: { action: 'credential-deleted' },
    params: byId,
    response: done,
  }),
};
