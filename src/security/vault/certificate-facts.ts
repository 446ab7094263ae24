import { X509Certificate } from 'node:crypto';

/** What a certificate says of itself; all of it is shown in every handshake. */
export interface CertificateFacts {
  /** For example `CN=hub.practice.example, O=Practice`. */
  readonly subject: string;
  readonly issuer: string;
  /** As written in the certificate: `DNS:hub.practice.example, IP Address:10.1.2.3`; empty when there are none. */
  readonly alternativeNames: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256, 64 hex digits. */
  readonly fingerprint: string;
  readonly serial: string;
  /** For example `RSA 3072` or `EC P-256`. */
  readonly publicKey: string;
  readonly authority: boolean;
  readonly selfSigned: boolean;
}

const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The certificates of a PEM text; throws where one of them cannot be read. */
export function readCertificates(pem: string): X509Certificate[] {
  return [...pem.matchAll(CERTIFICATE)].map(([text]) => new X509Certificate(text));
}

/** As PEM text, one after the other. */
export function certificatesPem(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => `${certificate.toString().trim()}\n`).join('');
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    alternativeNames: certificate.subjectAltName ?? '',
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serial: certificate.serialNumber.toLowerCase(),
    publicKey: keyText(certificate),
    authority: certificate.ca,
    selfSigned: isSelfSigned(certificate),
  };
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function keyText({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  if (namedCurve !== undefined) return `EC ${CURVES[namedCurve] ?? namedCurve}`;
  return publicKey.asymmetricKeyType ?? 'unknown';
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
