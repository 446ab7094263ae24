import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../test/support/certificates.ts';
import type { TestAuthority, TestIdentity } from '../../test/support/certificates.ts';
import type { Credential } from '../contract/credentials.ts';
import { settingsStore } from '../store/settings-store.ts';
import { createApiHarness, type ApiHarness } from './testing.ts';

let api: ApiHarness;
let engineer: string;
let environment: string;
let ca: TestAuthority;
let hub: TestIdentity;

beforeAll(async () => {
  api = await createApiHarness();
  engineer = await api.tokenOf('integration_engineer');
  ca = makeAuthority('Practice CA');
  hub = ca.issue({ commonName: 'hub', names: ['hub.test'], use: 'server' });
  const made = await call<{ id: string }>('POST', '/api/environments', {
    key: 'live',
    name: 'Live',
    kind: 'production',
  });
  environment = made.body.id;
});
afterAll(() => api.close());

interface Answer<T> {
  readonly status: number;
  readonly text: string;
  readonly body: T;
}
async function call<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  token = engineer,
): Promise<Answer<T>> {
  const response = await api.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, text: response.body, body: response.json<T>() };
}
const pem = (identity: TestIdentity) => ({
  from: 'pem',
  certificates: identity.certificates,
  private_key: identity.privateKey,
});
const add = (key: string, kind: string, source: object) =>
  call<Credential>('POST', '/api/credentials', { key, name: key, environment_id: environment, kind, source });

describe('the vault', () => {
  it('takes a certificate with its key, shows what is public of it, and never the key', async () => {
    const made = await add('hub', 'tls_server', pem(hub));
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      key: 'hub',
      active: {
        number: 1,
        by: 'integration_engineer',
        state: 'fine',
        certificates: [
          {
            subject: 'CN=hub',
            issuer: 'CN=Practice CA',
            alternative_names: 'DNS:hub.test',
            fingerprint: hub.fingerprint,
          },
        ],
      },
      pending: null,
      used_by: [],
    });
    const secret = hub.privateKey.split('\n')[3] ?? '-';
    for (const url of ['/api/credentials', `/api/credentials/${made.body.id}`]) {
      const shown = await call('GET', url);
      expect(shown.text).not.toContain('PRIVATE KEY');
      expect(shown.text).not.toContain(secret);
    }
    const { rows } = await api.database.query<{ secret: Buffer; all: string }>(
      'select secret, credential_versions::text as all from credential_versions',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.secret.includes(secret)).toBe(false);
    expect(rows[0]?.all).not.toContain(Buffer.from('PRIVATE KEY').toString('hex'));
    expect(JSON.stringify([api.log, await api.audited()])).not.toContain(secret);
  });

  it('opens PKCS#12 files, makes certificates of its own, and keeps bundles', async () => {
    const file = forge.pkcs12.toPkcs12Asn1(
      forge.pki.privateKeyFromPem(hub.privateKey),
      [forge.pki.certificateFromPem(hub.certificates)],
      'sesame',
    );
    const base64 = Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary').toString('base64');
    const wrong = await add('file', 'tls_server', { from: 'pkcs12', file: base64, passphrase: 'other' });
    expect(wrong.body).toMatchObject({ code: 'credential_invalid', places: [{ place: 'passphrase' }] });
    const read = await add('file', 'tls_server', { from: 'pkcs12', file: base64, passphrase: 'sesame' });
    expect(read.body.active?.certificates[0]?.subject).toBe('CN=hub');
    const own = await add('own', 'tls_server', {
      from: 'self_signed',
      common_name: 'own',
      names: ['own.test'],
      days: 20,
    });
    expect(own.body.active).toMatchObject({ state: 'near', days_left: 19, certificates: [{ self_signed: true }] });
    const bundle = await add('ca', 'ca_bundle', { from: 'pem', certificates: ca.certificates });
    expect(bundle.body.active?.certificates).toMatchObject([{ subject: 'CN=Practice CA', authority: true }]);
    expect((await add('ca', 'ca_bundle', { from: 'pem', certificates: ca.certificates })).body).toMatchObject({
      code: 'key_taken',
    });
  });

  it('requests a certificate, waits for it, and puts it in force', async () => {
    const asked = await add('asked', 'tls_client', { from: 'request', common_name: 'asked', organization: 'Maple' });
    expect(asked.body.active).toBeNull();
    const request = forge.pki.certificationRequestFromPem(asked.body.pending?.request ?? '');
    const signed = forge.pki.createCertificate();
    signed.publicKey = request.publicKey as forge.pki.PublicKey;
    signed.serialNumber = '09';
    signed.validity.notBefore = new Date(Date.now() - 1000);
    signed.validity.notAfter = new Date(Date.now() + 400 * 86_400_000);
    signed.setSubject(request.subject.attributes);
    signed.setIssuer([{ name: 'commonName', value: 'Practice CA' }]);
    signed.sign(forge.pki.privateKeyFromPem(ca.privateKey), forge.md.sha256.create());
    const url = `/api/credentials/${asked.body.id}`;
    const other = await call('POST', `${url}/certificate`, { version: 1, certificates: hub.certificates });
    expect(other.body).toMatchObject({ code: 'credential_invalid' });
    const done = await call<Credential>('POST', `${url}/certificate`, {
      version: 1,
      certificates: forge.pki.certificateToPem(signed),
    });
    expect(done.body).toMatchObject({
      pending: null,
      active: { number: 1, certificates: [{ subject: 'CN=asked, O=Maple' }] },
    });
    const again = await call('POST', `${url}/certificate`, {
      version: done.body.version,
      certificates: hub.certificates,
    });
    expect(again.body).toMatchObject({ code: 'credential_not_requested' });
  });

  it('replaces a key and erases the one before', async () => {
    const made = await add('turning', 'tls_server', pem(hub));
    const next = ca.issue({ commonName: 'hub, next', use: 'server' });
    const url = `/api/credentials/${made.body.id}`;
    const turned = await call<Credential>('POST', `${url}/rotate`, { version: 1, source: pem(next) });
    expect(turned.body.active).toMatchObject({ number: 2, certificates: [{ fingerprint: next.fingerprint }] });
    expect((await call('POST', `${url}/rotate`, { version: 1, source: pem(hub) })).body).toMatchObject({
      code: 'version_conflict',
    });
    expect((await call<{ history: object[] }>('GET', url)).body.history).toMatchObject([
      { number: 2, state: 'active' },
      { number: 1, state: 'superseded' },
    ]);
    const { rows } = await api.database.query(
      `select number from credential_versions v join credentials c on c.id = v.credential_id
       where c.key = 'turning' and secret is not null`,
    );
    expect(rows).toEqual([{ number: 2 }]);
    expect((await call<Credential>('PATCH', url, { version: 2, name: 'Turning', note: 'yearly' })).body.name).toBe(
      'Turning',
    );
  });

  it('tries a credential by a message to itself', async () => {
    const { body } = await call<{ items: Credential[] }>('GET', '/api/credentials');
    for (const credential of body.items) {
      const tried = await call<{ steps: { name: string; result: string; detail: string }[] }>(
        'POST',
        `/api/credentials/${credential.id}/test`,
      );
      expect(
        tried.body.steps.filter(({ result }) => result === 'failed'),
        credential.key,
      ).toEqual([]);
      if (credential.kind !== 'ca_bundle') {
        expect(tried.body.steps.at(-1)).toMatchObject({ name: 'Message over TLS', result: 'ok' });
      }
    }
  });

  it('is referred to by listeners, which keep it from being removed', async () => {
    const mapping = { key: 'test-pms-patient', category: 'patient', version: 1, origin: 'default', body: {} } as const;
    await settingsStore.addMapping(api.database, 77n, mapping, 'none');
    const system = await call<{ id: string }>('POST', '/api/systems', {
      ...{ key: 'clinic', name: 'Clinic', environment_id: environment, product: 'test-pms', product_version: '2' },
      ...{ methods: ['hl7'], time_zone: 'America/Chicago', country: 'US' },
    });
    const listener = { key: 'adt', name: 'ADT', system_id: system.body.id, port: 6700 };
    const plain = await call('POST', '/api/listeners', listener);
    expect(plain.body).toMatchObject({ code: 'plaintext_refused' });
    const faults: readonly (readonly [object, string])[] = [
      [{ enabled: true }, 'tls.certificates'],
      [{ enabled: true, certificates: ['nothing'] }, 'tls.certificates[0]'],
      [{ enabled: true, certificates: ['ca'] }, 'tls.certificates[0]'],
      [{ enabled: true, certificates: ['hub'], client_certificate: 'required' }, 'tls.client_ca'],
      [
        { enabled: true, certificates: ['hub'], client_certificate: 'required', allowed_certificates: ['cn:x'] },
        'tls.client_ca',
      ],
      [
        {
          enabled: true,
          certificates: ['hub'],
          client_certificate: 'required',
          client_ca: 'ca',
          allowed_certificates: ['x'],
        },
        'tls.allowed_certificates[0]',
      ],
      [{ enabled: true, certificates: ['hub'], allowed_certificates: ['cn:x'] }, 'tls.client_certificate'],
    ];
    for (const [tls, place] of faults) {
      const { body } = await call<{ places: { place: string }[] }>('POST', '/api/listeners', { ...listener, tls });
      expect(
        body.places.map((each) => each.place),
        JSON.stringify(tls),
      ).toContain(place);
    }
    const tls = { enabled: true, certificates: ['hub'], client_certificate: 'required', client_ca: 'ca' };
    const made = await call<{ id: string; version: number; expires_first: object }>('POST', '/api/listeners', {
      ...listener,
      tls,
    });
    expect(made.status).toBe(200);
    expect(made.body.expires_first).toMatchObject({ state: 'fine' });
    const { body } = await call<{ items: Credential[] }>('GET', '/api/credentials');
    const used = body.items.find(({ key }) => key === 'hub');
    expect(used?.used_by).toEqual([{ kind: 'listener', id: made.body.id, key: 'adt', name: 'ADT' }]);
    const kept = await call('DELETE', `/api/credentials/${used?.id}`);
    expect(kept.body).toMatchObject({ code: 'credential_in_use' });

    // Without TLS only for a reason, which is then on record.
    const off = { version: made.body.version, tls: { ...tls, enabled: false } };
    expect((await call('PATCH', `/api/listeners/${made.body.id}`, off)).body).toMatchObject({
      code: 'plaintext_refused',
    });
    const decided = { ...off, plaintext_reason: 'VPN of the clinic, encrypted' };
    expect((await call('PATCH', `/api/listeners/${made.body.id}`, decided)).status).toBe(200);
    expect((await api.audited()).at(-1)).toMatchObject({
      action: 'listener-changed',
      detail: { without_tls: 'VPN of the clinic, encrypted' },
    });
    await call('DELETE', `/api/listeners/${made.body.id}`);
    expect((await call('DELETE', `/api/credentials/${used?.id}`)).status).toBe(200);
  });

  it('is for those who set interfaces up, and seen by those who watch them', async () => {
    const operator = await api.tokenOf('operator');
    expect((await call('GET', '/api/credentials', undefined, operator)).status).toBe(200);
    const source = { from: 'self_signed', common_name: 'x' };
    const body = { key: 'x', name: 'x', environment_id: environment, kind: 'tls_server', source };
    expect((await call('POST', '/api/credentials', body, operator)).status).toBe(403);
    for (const role of ['front_desk', 'billing', 'clinician', 'compliance'] as const) {
      expect((await call('GET', '/api/credentials', undefined, await api.tokenOf(role))).status).toBe(403);
    }
    const actions = (await api.audited())
      .map(({ action }) => action)
      .filter((action) => action.startsWith('credential-'));
    expect(new Set(actions)).toEqual(
      new Set([
        'credential-created',
        'credential-rotated',
        'credential-changed',
        'credential-tested',
        'credential-deleted',
      ]),
    );
  });
});
