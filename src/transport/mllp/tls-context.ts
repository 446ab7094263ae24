import { X509Certificate, constants } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { MllpError } from './mllp-error.ts';

/**
 * Forward secrecy and authenticated encryption only (RFC 9325, section 4.2): TLS 1.3 suites, and of TLS 1.2 those with
 * ECDHE and an AEAD cipher.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** A certificate with its private key, as PEM. */
export interface TlsIdentity {
  /** The certificate, then those that issued it. */
  readonly certificates: string;
  readonly privateKey: string;
}

/**
 * What both ends of a connection may speak. No renegotiation (a peer could change its certificate in the middle, or keep
 * us busy with it), and no resumption by tickets: whoever connects again shows the certificate again.
 */
export const TLS_RULES: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  honorCipherOrder: true,
  secureOptions:
    constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
};

/**
 * Makes what a handshake needs. `authorities` are the only ones that the other side may come from: those that come with
 * Node are left out on purpose.
 *
 * @throws MllpError `mllp_tls_unusable` when certificate and key do not fit or cannot be read
 */
export function secureContextOf(identity: TlsIdentity | undefined, authorities: string | undefined): SecureContext {
  try {
    return createSecureContext({
      ...TLS_RULES,
      ...(identity === undefined ? {} : { cert: identity.certificates, key: identity.privateKey }),
      ...(authorities === undefined ? {} : { ca: splitCertificates(authorities) }),
    });
  } catch (cause) {
    throw new MllpError('mllp_tls_unusable', '', { cause });
  }
}

/** The certificates of a PEM text, one by one; what stands between them is left out. */
export function splitCertificates(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g)].map(
    ([text]) => text,
  );
}

/** The certificate of an identity. @throws MllpError `mllp_tls_unusable` */
export function leafOf(identity: TlsIdentity): X509Certificate {
  try {
    return new X509Certificate(splitCertificates(identity.certificates)[0] ?? '');
  } catch (cause) {
    throw new MllpError('mllp_tls_unusable', '', { cause });
  }
}
