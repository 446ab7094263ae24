import type { TLSSocket } from 'node:tls';

/** What two ends have agreed upon, for a person to read: no secrets. */
export interface TlsFacts {
  /** For example `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Of the other side; null when it showed none. */
  readonly certificate: PeerCertificate | null;
}

export interface PeerCertificate {
  /** For example `CN=feed.example, O=Practice`. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256, 64 hex digits. */
  readonly fingerprint: string;
  readonly notAfter: Date;
}

/** Reads what a finished handshake has agreed upon. */
export function tlsFactsOf(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    certificate:
      certificate === undefined
        ? null
        : {
            subject: oneLine(certificate.subject),
            issuer: oneLine(certificate.issuer),
            fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
            notAfter: new Date(certificate.validTo),
          },
  };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ').slice(0, 300);
}
