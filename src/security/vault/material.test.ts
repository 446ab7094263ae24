import { generateKeyPairSync, createPrivateKey, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeSelfSigned as makeTestSelfSigned } from '../../../test/support/certificates.ts';
import type { TestAuthority, TestIdentity } from '../../../test/support/certificates.ts';
import { factsOf, readCertificates } from './certificate-facts.ts';
import { makeKey, makeRequest, makeSelfSigned } from './make-certificate.ts';
import { bundleFromPem, identityForKey, identityFromPem, identityFromPkcs12 } from './material.ts';
import { MaterialError } from './material-error.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
let ca: TestAuthority;
let feed: TestIdentity;
beforeAll(() => {
  ca = makeAuthority('Lab CA');
  feed = ca.issue({ commonName: 'feed', names: ['feed.test'], use: 'server' });
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MaterialError) return `${error.place}: ${error.reason}`;
    throw error;
  }
  return 'taken';
}
const fromPem = (certificates: string, privateKey = '', passphrase = '') =>
  identityFromPem({ certificates, privateKey, passphrase, now });

describe('PEM texts', () => {
  it('are put in order: the certificate of the key, its issuer, the rest', () => {
    const stranger = makeAuthority('Stranger');
    const text = `Bag attributes\n${stranger.certificates}${ca.certificates}\r\n# the leaf\n${feed.certificates}`;
    const read = fromPem(text, feed.privateKey);
    expect(readCertificates(read.certificates).map((each) => each.subject)).toEqual([
      'CN=feed',
      'CN=Lab CA',
      'CN=Stranger',
    ]);
    expect(read.notAfter).toEqual(new Date(feed.x509.validTo));
    // Certificate and key in one file.
    expect(fromPem(`${feed.privateKey}${feed.certificates}`).certificates).toBe(
      fromPem(feed.certificates, feed.privateKey).certificates,
    );
  });

  it('may have their key encrypted', () => {
    const encrypted = createPrivateKey(feed.privateKey).export({
      ...{ type: 'pkcs8', format: 'pem' },
      ...{ cipher: 'aes-256-cbc', passphrase: 'four words make it' },
    } as never) as unknown as string;
    expect(fromPem(feed.certificates, encrypted, 'four words make it').privateKey).toContain('BEGIN PRIVATE KEY');
    expect(refusal(() => fromPem(feed.certificates, encrypted))).toMatch(/^passphrase: .*give its passphrase/);
    expect(refusal(() => fromPem(feed.certificates, encrypted, 'wrong'))).toMatch(/^passphrase: .*does not open/);
  });

  it('are refused with the part that is wrong', () => {
    const past = makeTestSelfSigned({ commonName: 'old', from: new Date(0), to: new Date(DAY_MS) });
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    expect(refusal(() => fromPem('', feed.privateKey))).toMatch(/^certificates: There is no certificate/);
    expect(refusal(() => fromPem(feed.certificates))).toMatch(/^private_key: There is no private key/);
    expect(refusal(() => fromPem(feed.certificates, ca.privateKey))).toMatch(/^certificates: None of the certificates/);
    expect(refusal(() => fromPem(past.certificates, past.privateKey))).toBe(
      'certificates: The certificate expired on 1970-01-02.',
    );
    expect(refusal(() => fromPem(feed.certificates, String(short)))).toMatch(/^private_key: An RSA key of 1024 bits/);
    const broken = feed.certificates.replace(/MII[A-Za-z0-9+/]{20}/, 'MII');
    expect(refusal(() => fromPem(broken, feed.privateKey))).toBe(
      'certificates: One of the certificates cannot be read.',
    );
  });

  it('of a bundle hold authorities only, each once, and none that is over', () => {
    const past = makeAuthority('Past', { from: new Date(0), to: new Date(DAY_MS) });
    const bundle = bundleFromPem(`${ca.certificates}${past.certificates}${ca.certificates}`, now);
    expect(readCertificates(bundle.certificates).map((each) => each.subject)).toEqual(['CN=Lab CA']);
    expect(refusal(() => bundleFromPem(past.certificates, now))).toMatch(/All of them have expired/);
    expect(refusal(() => bundleFromPem(`${ca.certificates}${ca.privateKey}`, now))).toMatch(/private key among them/);
  });
});

describe('PKCS#12 files', () => {
  const make = (algorithm: '3des' | 'aes256', passphrase: string, macCount = 2048): Buffer => {
    const key = forge.pki.privateKeyFromPem(feed.privateKey);
    const chain = [feed.certificates, ca.certificates].map((pem) => forge.pki.certificateFromPem(pem));
    const file = forge.pkcs12.toPkcs12Asn1(key, chain, passphrase, { algorithm, count: 2048 });
    const mac = (file.value as forge.asn1.Asn1[])[2] as forge.asn1.Asn1;
    const rounds = (mac.value as forge.asn1.Asn1[])[2] as forge.asn1.Asn1;
    if (macCount !== 2048) rounds.value = forge.asn1.integerToDer(macCount).getBytes();
    return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary');
  };

  it.each(['3des', 'aes256'] as const)('are read with %s', (algorithm) => {
    const read = identityFromPkcs12({ file: make(algorithm, 'secret'), passphrase: 'secret', now });
    expect(readCertificates(read.certificates).map((each) => each.subject)).toEqual(['CN=feed', 'CN=Lab CA']);
    expect(new X509Certificate(read.certificates).checkPrivateKey(createPrivateKey(read.privateKey))).toBe(true);
  });

  it('are refused with a wrong passphrase, when they are something else, and when they would keep the program busy', () => {
    const file = make('aes256', 'secret');
    expect(refusal(() => identityFromPkcs12({ file, passphrase: 'other', now }))).toMatch(/^passphrase: /);
    for (const other of [
      Buffer.from('no file'),
      Buffer.alloc(0),
      file.subarray(0, 100),
      Buffer.from(feed.certificates),
    ]) {
      expect(refusal(() => identityFromPkcs12({ file: other, passphrase: 'secret', now }))).toMatch(
        /^(file|passphrase): /,
      );
    }
    const greedy = make('aes256', 'secret', 2_000_000_000);
    expect(refusal(() => identityFromPkcs12({ file: greedy, passphrase: 'secret', now }))).toMatch(/^file: /);
  });
});

describe('certificates that the program makes', () => {
  it('vouch for themselves, with names and purpose', async () => {
    const key = await makeKey();
    const plan = {
      commonName: 'hub',
      organization: 'Maple Süd',
      names: ['hub.test', '10.1.2.3'],
      use: 'server' as const,
    };
    const read = fromPem(makeSelfSigned(plan, key, 90, now), key.privateKey);
    const facts = factsOf(new X509Certificate(read.certificates));
    expect(facts).toMatchObject({
      subject: 'CN=hub, O=Maple Süd',
      alternativeNames: 'DNS:hub.test, IP Address:10.1.2.3',
      selfSigned: true,
      publicKey: 'RSA 3072',
    });
    expect(Math.round((read.notAfter.getTime() - now) / DAY_MS)).toBe(90);
    expect(() => makeSelfSigned({ ...plan, names: ['not a name'] }, key, 90, now)).toThrow(MaterialError);
  });

  it('are requested, signed elsewhere, and put together with their key', async () => {
    const key = await makeKey();
    const pem = makeRequest({ commonName: 'hub', organization: '', names: ['hub.test'], use: 'server' }, key);
    const request = forge.pki.certificationRequestFromPem(pem);
    expect(request.verify()).toBe(true);
    const signed = forge.pki.createCertificate();
    signed.publicKey = request.publicKey as forge.pki.PublicKey;
    signed.serialNumber = '05';
    signed.validity.notBefore = new Date(now - DAY_MS);
    signed.validity.notAfter = new Date(now + 30 * DAY_MS);
    signed.setSubject(request.subject.attributes);
    signed.setIssuer([{ name: 'commonName', value: 'Lab CA' }]);
    signed.setExtensions(
      (request.getAttribute({ name: 'extensionRequest' }) as unknown as { extensions: object[] }).extensions,
    );
    signed.sign(forge.pki.privateKeyFromPem(ca.privateKey), forge.md.sha256.create());
    const certificates = forge.pki.certificateToPem(signed);
    const read = identityForKey({ certificates: `${certificates}${ca.certificates}`, privateKey: key.privateKey, now });
    expect(factsOf(new X509Certificate(read.certificates)).alternativeNames).toBe('DNS:hub.test');
    expect(refusal(() => identityForKey({ certificates: feed.certificates, privateKey: key.privateKey, now }))).toMatch(
      /None of the certificates belongs/,
    );
  });
});
