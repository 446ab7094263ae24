import { generateKeyPair, privateEncrypt, randomBytes, constants } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { MaterialError } from './material-error.ts';

/** Whom a certificate is made for. */
export interface CertificatePlan {
  readonly commonName: string;
  readonly organization: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly use: 'server' | 'client';
}

/** NIST SP 800-57 part 1: enough beyond 2030, and every receiver can do it. */
const RSA_BITS = 3072;
const DAY_MS = 86_400_000;
const generate = promisify(generateKeyPair);

export interface NewKey {
  /** PKCS#8, PEM. */
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Makes a key pair, beside the running program's work. */
export async function makeKey(): Promise<NewKey> {
  return await generate('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A certificate that vouches for itself, as PEM. @throws MaterialError for a name that cannot stand in a certificate */
export function makeSelfSigned(plan: CertificatePlan, key: NewKey, days: number, now: number): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey);
  certificate.serialNumber = `00${randomBytes(16).toString('hex')}`;
  // Clocks of partners are not always right.
  certificate.validity.notBefore = new Date(now - DAY_MS);
  certificate.validity.notAfter = new Date(now + days * DAY_MS);
  certificate.setSubject(subjectOf(plan));
  certificate.setIssuer(subjectOf(plan));
  certificate.setExtensions(extensionsOf(plan));
  certificate.sign(signer(key.privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '');
}

/** A certificate request (PKCS#10, RFC 2986), as PEM, for an authority to sign. @throws MaterialError */
export function makeRequest(plan: CertificatePlan, key: NewKey): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(key.publicKey);
  request.setSubject(subjectOf(plan));
  request.setAttributes([{ name: 'extensionRequest', extensions: extensionsOf(plan) }]);
  request.sign(signer(key.privateKey), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll('\r', '');
}

function subjectOf(plan: CertificatePlan): forge.pki.CertificateField[] {
  const organization = { name: 'organizationName', value: plan.organization, valueTagClass: forge.asn1.Type.UTF8 };
  return [
    { name: 'commonName', value: plan.commonName, valueTagClass: forge.asn1.Type.UTF8 } as never,
    ...(plan.organization === '' ? [] : [organization as never]),
  ];
}

function extensionsOf(plan: CertificatePlan): object[] {
  const altNames = plan.names.map((name) => {
    if (isIP(name) !== 0) return { type: 7, ip: name };
    if (/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) {
      return { type: 2, value: name.toLowerCase() };
    }
    throw new MaterialError('names', `“${name}” is neither a host name nor an IP address.`);
  });
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: plan.use === 'server', clientAuth: plan.use === 'client' },
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
  ];
}

/** DigestInfo of SHA-256 (RFC 8017, 9.2, note 1). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs by OpenSSL: the library would take a tenth of a second of everybody's time for it. */
function signer(privateKey: string): forge.pki.rsa.PrivateKey {
  const sign = (digest: forge.md.MessageDigest): string => {
    const info = Buffer.concat([SHA256_INFO, Buffer.from(digest.digest().getBytes(), 'binary')]);
    return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, info).toString('binary');
  };
  return { sign } as unknown as forge.pki.rsa.PrivateKey;
}
