import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { SecureContext, Server, TLSSocket } from 'node:tls';
import { createCertificateFilter, readAlternativeNames } from './certificate-filter.ts';
import type { CertificateFilter } from './certificate-filter.ts';
import { refusalOfCertificate, refusalOfHandshake } from './refusals.ts';
import type { RefusalReason } from './refusals.ts';
import { leafOf, secureContextOf, TLS_RULES } from './tls-context.ts';
import type { TlsIdentity } from './tls-context.ts';

export interface ServerTlsOptions {
  /** The first is shown unless the sender asks for a name (SNI) that another one has. At least one. */
  readonly identities: readonly TlsIdentity[];
  /** Whether senders are asked for a certificate, and whether one without is turned away. */
  readonly clientCertificate: 'none' | 'optional' | 'required';
  /** PEM of the authorities that client certificates come from; empty: known by fingerprint alone. */
  readonly clientAuthorities: string;
  /** Which client certificates may connect (see {@link createCertificateFilter}); empty: every trusted one. */
  readonly allowedCertificates: readonly string[];
  /** A handshake that takes longer is ended. Default 10 seconds. */
  readonly handshakeTimeoutMs?: number;
  /** Handshakes under way at once; one more drops the oldest. Default 256. */
  readonly maxHandshakes?: number;
}

export interface TlsGateDeps {
  readonly onSecure: (socket: TLSSocket, peer: Peer) => void;
  readonly onRefused: (peer: Peer, reason: RefusalReason, detail: string) => void;
}

interface Peer {
  readonly address: string;
  readonly port: number;
}

interface Handshake {
  readonly key: string;
  readonly peer: Peer;
  readonly raw: Socket;
}

/**
 * Turns accepted sockets into TLS connections whose other side may be who it says. A handshake under way holds no place
 * among the connections of the listener: their number, and the time of each, are bounded here. Another gate can take its
 * place at any time; what has passed this one goes on.
 */
export class TlsGate {
  readonly #deps: TlsGateDeps;
  readonly #options: ServerTlsOptions;
  readonly #filter: CertificateFilter;
  readonly #maxHandshakes: number;
  readonly #server: Server;
  /** By the peer's address and port; the oldest first. */
  readonly #handshakes = new Map<string, Handshake>();

  /** @throws MllpError `mllp_tls_unusable`, `mllp_bad_certificate_entry` */
  constructor(options: ServerTlsOptions, deps: TlsGateDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#filter = createCertificateFilter(options.allowedCertificates);
    this.#maxHandshakes = options.maxHandshakes ?? 256;
    const [first] = options.identities;
    const asked = options.clientCertificate !== 'none';
    const authorities = asked ? options.clientAuthorities : undefined;
    const contexts = options.identities.map((identity) => ({
      names: leafOf(identity),
      context: secureContextOf(identity, authorities),
    }));
    this.#server = createServer({
      ...TLS_RULES,
      ...(first === undefined ? {} : { cert: first.certificates, key: first.privateKey }),
      ...(authorities === undefined ? {} : { ca: authorities === '' ? [] : authorities }),
      requestCert: asked,
      // It is looked at here, so that the reason of a refusal is known.
      rejectUnauthorized: false,
      handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
      SNICallback: (name, done) => done(null, contextFor(name, contexts)),
    });
    this.#server.on('secureConnection', (socket) => this.#finished(socket));
    this.#server.on('tlsClientError', (error, socket) => this.#failed(error, socket));
  }

  /** Handshakes under way. */
  get pending(): number {
    return this.#handshakes.size;
  }

  /** Begins the handshake of an accepted socket. */
  admit(raw: Socket, address: string): void {
    const port = raw.remotePort ?? 0;
    const key = keyOf(raw);
    if (this.#handshakes.size >= this.#maxHandshakes) {
      const [oldest] = this.#handshakes.values();
      if (oldest !== undefined) this.#refuse(oldest, oldest.raw, 'handshake_dropped', '');
    }
    // Until it is done, a sender that hangs up has hung up; after it, it may end its side and wait for the last answer.
    raw.allowHalfOpen = false;
    const handshake = { key, peer: { address, port }, raw };
    this.#handshakes.set(key, handshake);
    raw.on('error', () => undefined); // told by its close
    raw.on('close', () => {
      if (this.#handshakes.get(key) === handshake) this.#refuse(handshake, raw, 'handshake_ended', '');
    });
    this.#server.emit('connection', raw);
  }

  /** Ends the handshakes under way. */
  close(): void {
    for (const { raw } of this.#handshakes.values()) raw.destroy();
    this.#handshakes.clear();
  }

  #finished(socket: TLSSocket): void {
    const handshake = this.#handshakes.get(keyOf(socket));
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    const certificate = socket.getPeerX509Certificate();
    const refusal = this.#refusal(socket, certificate);
    if (refusal === undefined) {
      socket.allowHalfOpen = true;
      this.#handshakes.delete(handshake.key);
      this.#deps.onSecure(socket, handshake.peer);
      return;
    }
    socket.on('error', () => undefined); // nobody is left to tell
    const subject = certificate?.subject?.split('\n').join(', ').slice(0, 300) ?? '';
    this.#refuse(handshake, socket, refusal, subject);
  }

  #refusal(socket: TLSSocket, certificate: X509Certificate | undefined): RefusalReason | undefined {
    const { clientCertificate, clientAuthorities } = this.#options;
    if (clientCertificate === 'none') return undefined;
    if (certificate === undefined) return clientCertificate === 'required' ? 'no_client_certificate' : undefined;
    if (clientAuthorities === '') {
      // Without authorities a certificate is known by its fingerprint, or not at all; its dates count all the same.
      if (!this.#filter.pins(certificate)) return 'client_certificate_not_allowed';
      const now = Date.now();
      if (Date.parse(certificate.validTo) < now) return 'client_certificate_expired';
      return Date.parse(certificate.validFrom) > now ? 'client_certificate_not_yet_valid' : undefined;
    }
    if (!socket.authorized) return refusalOfCertificate(String(socket.authorizationError));
    return this.#filter.allows(certificate) ? undefined : 'client_certificate_not_allowed';
  }

  #failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const handshake = this.#handshakes.get(keyOf(socket));
    const code = error.code ?? '';
    if (handshake === undefined) socket.destroy();
    else this.#refuse(handshake, socket, refusalOfHandshake(code), code);
  }

  /** `socket`: the TLS connection where there is one; destroying what lies under it would pull its ground away. */
  #refuse(handshake: Handshake, socket: Socket, reason: RefusalReason, detail: string): void {
    this.#handshakes.delete(handshake.key);
    socket.destroy();
    this.#deps.onRefused(handshake.peer, reason, detail);
  }
}

/** The same for a socket and the TLS connection over it, and like no other's at this listener. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`;
}

/** The context whose certificate has the name that the sender asked for; undefined: the first. */
function contextFor(
  asked: string,
  contexts: readonly { readonly names: X509Certificate; readonly context: SecureContext }[],
): SecureContext | undefined {
  if (contexts.length < 2) return undefined;
  return contexts.find(
    ({ names }) =>
      readAlternativeNames(names.subjectAltName).some(({ kind }) => kind === 'dns') &&
      names.checkHost(asked, { subject: 'never' }) !== undefined,
  )?.context;
}
