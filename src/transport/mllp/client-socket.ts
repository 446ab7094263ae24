import { connect, isIP, Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { createCertificateFilter } from './certificate-filter.ts';
import type { ClientTlsOptions, ConnectionFacts } from './client-types.ts';
import { MllpError } from './mllp-error.ts';
import type { MllpErrorCode } from './mllp-error.ts';
import { splitCertificates, TLS_RULES } from './tls-context.ts';
import { tlsFactsOf } from './tls-facts.ts';

/** Idle time after which the system asks whether the peer is still there; it finds connections that are half open. */
const KEEP_ALIVE_AFTER_MS = 30_000;

export interface ClientSocketDeps {
  readonly host: string;
  readonly port: number;
  readonly tls: ClientTlsOptions | undefined;
  readonly connectTimeoutMs: number;
  readonly onOpen: (facts: ConnectionFacts) => void;
  readonly onData: (chunk: Buffer) => void;
  /** Once, when it is gone; with the reason where there is one. */
  readonly onClose: (cause: MllpError | undefined) => void;
}

/**
 * Opens a connection to a receiver. With TLS it counts as open when the receiver's certificate is trusted, within its
 * dates, for the name asked for, and pinned where certificates are; before that not a byte of a message goes out.
 */
export function openClientSocket(deps: ClientSocketDeps): Socket {
  const { host, port, tls } = deps;
  const base = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS };
  let cause: MllpError | undefined;
  let open = false;
  const fail = (error: unknown): void => {
    cause ??= error instanceof MllpError ? error : failureOf(error, open);
  };
  let socket: Socket;
  try {
    socket = tls === undefined ? connect(base) : connectTls({ ...base, ...tlsOptionsOf(host, tls) });
  } catch (error) {
    // Certificates that cannot be read: the same to the caller as a connection that fails at once.
    socket = new Socket().destroy();
    fail(new MllpError('mllp_tls_unusable', '', { cause: error }));
  }
  const tooSlow = setTimeout(() => {
    fail(new MllpError('mllp_connect_failed', `It was not open within ${deps.connectTimeoutMs} ms.`));
    socket.destroy();
  }, deps.connectTimeoutMs);
  socket.on(tls === undefined ? 'connect' : 'secureConnect', () => {
    const wrong = tls === undefined ? undefined : checkPins(socket as TLSSocket, tls);
    if (wrong !== undefined) {
      fail(wrong);
      socket.destroy();
      return;
    }
    clearTimeout(tooSlow);
    open = true;
    const facts = tls === undefined ? undefined : tlsFactsOf(socket as TLSSocket);
    deps.onOpen({ address: socket.remoteAddress ?? host, port, tls: facts });
  });
  socket.on('data', deps.onData);
  socket.on('error', fail);
  socket.on('close', () => {
    clearTimeout(tooSlow);
    deps.onClose(cause);
  });
  return socket;
}

function tlsOptionsOf(host: string, tls: ClientTlsOptions) {
  const name = tls.serverName ?? host;
  const byPinAlone = tls.authorities === undefined && (tls.pinnedCertificates ?? []).length > 0;
  return {
    ...TLS_RULES,
    ...(tls.authorities === undefined ? {} : { ca: splitCertificates(tls.authorities) }),
    ...(tls.identity === undefined ? {} : { cert: tls.identity.certificates, key: tls.identity.privateKey }),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_asked: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(name, certificate),
    rejectUnauthorized: !byPinAlone,
  };
}

/** What is wrong with the certificate that a receiver showed, as far as OpenSSL has not looked at it. */
function checkPins(socket: TLSSocket, tls: ClientTlsOptions): MllpError | undefined {
  const pinned = tls.pinnedCertificates ?? [];
  if (pinned.length === 0) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || !createCertificateFilter(pinned).pins(certificate)) {
    return new MllpError('mllp_tls_pin', '');
  }
  const now = Date.now();
  const inTime = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
  return inTime ? undefined : new MllpError('mllp_tls_expired', '');
}

const FAILURES: readonly (readonly [RegExp, MllpErrorCode])[] = [
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'mllp_tls_name'],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'mllp_tls_expired'],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/, 'mllp_tls_refused'],
  [/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_PURPOSE|INVALID_CA|PATH_LENGTH)/, 'mllp_tls_untrusted'],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO$)/, 'mllp_tls_failed'],
];

/**
 * A socket's error as one of ours. A refusal of our certificate may come when we think that the connection is open
 * (TLS 1.3): the receiver has read nothing of it by then.
 */
function failureOf(error: unknown, open: boolean): MllpError {
  const code = (error as { code?: unknown }).code;
  const text = typeof code === 'string' ? code : '';
  const known = FAILURES.find(([pattern]) => pattern.test(text))?.[1];
  if (known === 'mllp_tls_refused') return new MllpError(known, `(${text})`, { cause: error });
  if (open)
    return new MllpError('mllp_connection_lost', text === '' ? '' : `(${text})`, { cause: error, delivery: 'unknown' });
  return new MllpError(known ?? 'mllp_connect_failed', text === '' ? '' : `(${text})`, { cause: error });
}
