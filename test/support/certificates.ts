import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate with its key, made for one run of the tests; nothing of the kind is ever stored in the project. */
export interface TestIdentity {
  /** PEM: the certificate, then that of its authority where `chain` was asked for. */
  readonly certificates: string;
  readonly privateKey: string;
  readonly x509: X509Certificate;
  /** SHA-256, 64 hex digits. */
  readonly fingerprint: string;
}

export interface TestCertificatePlan {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names, or IP addresses. */
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  readonly use?: 'server' | 'client';
}

const DAY_MS = 86_400_000;
/** Making keys is the slow part, and nobody looks at them: four for all certificates of a run. */
const keys = new Map<number, { readonly pem: string; readonly pair: forge.pki.rsa.KeyPair }>();
let made = 0;

function nextKey() {
  const place = made++ % 4;
  let key = keys.get(place);
  if (key === undefined) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const secret = forge.pki.privateKeyFromPem(pem);
    key = { pem, pair: { privateKey: secret, publicKey: forge.pki.setRsaPublicKey(secret.n, secret.e) } };
    keys.set(place, key);
  }
  return key;
}

/** An authority that signs certificates of a test. */
export interface TestAuthority extends TestIdentity {
  issue(plan: TestCertificatePlan): TestIdentity;
}

export function makeAuthority(commonName = 'Test authority', validity: { from?: Date; to?: Date } = {}): TestAuthority {
  const key = nextKey();
  const subject = [{ name: 'commonName', value: commonName }];
  const own = sign({
    subject,
    issuer: subject,
    publicKey: key.pair.publicKey,
    signingKey: key.pair.privateKey,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
    ...validity,
  });
  return {
    ...identityOf(own, key.pem),
    issue(plan) {
      const leafKey = nextKey();
      const attributes = [{ name: 'commonName', value: plan.commonName }];
      if (plan.organization !== undefined) attributes.push({ name: 'organizationName', value: plan.organization });
      const certificate = sign({
        subject: attributes,
        issuer: subject,
        publicKey: leafKey.pair.publicKey,
        signingKey: key.pair.privateKey,
        extensions: leafExtensions(plan),
        ...(plan.from === undefined ? {} : { from: plan.from }),
        ...(plan.to === undefined ? {} : { to: plan.to }),
      });
      return identityOf(certificate, leafKey.pem);
    },
  };
}

/** A certificate that vouches for itself. */
export function makeSelfSigned(plan: TestCertificatePlan): TestIdentity {
  const key = nextKey();
  const subject = [{ name: 'commonName', value: plan.commonName }];
  const certificate = sign({
    subject,
    issuer: subject,
    publicKey: key.pair.publicKey,
    signingKey: key.pair.privateKey,
    extensions: leafExtensions(plan),
    ...(plan.from === undefined ? {} : { from: plan.from }),
    ...(plan.to === undefined ? {} : { to: plan.to }),
  });
  return identityOf(certificate, key.pem);
}

function leafExtensions(plan: TestCertificatePlan): object[] {
  const altNames = (plan.names ?? []).map((name) =>
    /^[\d.]+$|:/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
  );
  return [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    ...(plan.use === undefined ? [] : [{ name: 'extKeyUsage', [`${plan.use}Auth`]: true }]),
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
  ];
}

function sign(plan: {
  readonly subject: readonly forge.pki.CertificateField[];
  readonly issuer: readonly forge.pki.CertificateField[];
  readonly publicKey: forge.pki.rsa.PublicKey;
  readonly signingKey: forge.pki.rsa.PrivateKey;
  readonly extensions: readonly object[];
  readonly from?: Date;
  readonly to?: Date;
}): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = plan.publicKey;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = plan.from ?? new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = plan.to ?? new Date(Date.now() + 365 * DAY_MS);
  certificate.setSubject([...plan.subject]);
  certificate.setIssuer([...plan.issuer]);
  certificate.setExtensions([...plan.extensions]);
  certificate.sign(plan.signingKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

function identityOf(certificates: string, privateKey: string): TestIdentity {
  const x509 = new X509Certificate(certificates);
  return { certificates, privateKey, x509, fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase() };
}
