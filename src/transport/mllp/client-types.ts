import type { MllpErrorCode } from './mllp-error.ts';
import type { TlsIdentity } from './tls-context.ts';
import type { TlsFacts } from './tls-facts.ts';

export interface ClientTlsOptions {
  /** PEM of the authorities that the receiver's certificate must come from. Default: those of the public web. */
  readonly authorities?: string;
  /** Our own certificate, where the receiver asks for one. */
  readonly identity?: TlsIdentity;
  /** The name that the certificate must be for, and that is asked for (SNI). Default: the host. */
  readonly serverName?: string;
  /**
   * SHA-256 fingerprints of certificates that the receiver may show. Without `authorities` a pinned certificate is
   * trusted as it is, if it is within its dates; with them it must come from there as well.
   */
  readonly pinnedCertificates?: readonly string[];
}

export interface MllpClientOptions {
  readonly host: string;
  readonly port: number;
  /** With it MLLP over TLS. A function is asked at each connection, so that replaced certificates are taken over. */
  readonly tls?: ClientTlsOptions | (() => ClientTlsOptions);
  /** TCP and TLS handshake together. Default 10 seconds. */
  readonly connectTimeoutMs?: number;
  /** Messages sent and not yet acknowledged; 1 is stop and wait, which most receivers expect. Default 1. */
  readonly maxInFlight?: number;
  /** Content bytes of one acknowledgment. Default 1 MiB. */
  readonly maxAckBytes?: number;
  /** Pause after a failed connection: doubles from `firstMs` to `maxMs`, with jitter. Default 250 ms to 30 s. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

export interface MllpClientDeps {
  /** From 0 to below 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
  readonly onEvent?: (event: MllpClientEvent) => void;
}

/** A connection that is open. */
export interface ConnectionFacts {
  /** The address that the host's name was resolved to. */
  readonly address: string;
  readonly port: number;
  /** Undefined without TLS. */
  readonly tls: TlsFacts | undefined;
}

export type MllpClientEvent =
  | { readonly kind: 'connected'; readonly facts: ConnectionFacts }
  | { readonly kind: 'disconnected'; readonly unacknowledged: number; readonly cause?: unknown }
  | {
      readonly kind: 'connect_failed';
      readonly retryInMs: number;
      /** `mllp_connect_failed`, or what is wrong with TLS. */
      readonly code: MllpErrorCode;
      readonly cause: unknown;
    }
  /** So many messages are sent again, as they are, on the next connection. */
  | { readonly kind: 'resending'; readonly messages: number }
  /** A message that answers nothing that was sent, or bytes that are no message. */
  | { readonly kind: 'stray'; readonly bytes: number };

export interface SendOptions {
  /** From the call to the acknowledgment, waiting for a connection and sending again included. */
  readonly timeoutMs: number;
  /** From each sending to its acknowledgment; then the connection is given up. Default: `timeoutMs` is the only limit. */
  readonly ackTimeoutMs?: number;
  /**
   * How often the very same bytes, so the same control id, are sent again on a new connection when no acknowledgment
   * came. Default 0: the caller is told, and decides.
   */
  readonly resends?: number;
  /** Called when the bytes are handed to the connection: 1 the first time, 2 for the first resend. */
  readonly onSent?: (attempt: number) => void;
  /**
   * Whether an acknowledgment is the answer to this message (by MSA-2, say); one that answers no message in flight is
   * reported as stray. Default: acknowledgments answer in the order of the messages.
   */
  readonly answers?: (ack: Buffer) => boolean;
  readonly signal?: AbortSignal;
}

export interface MllpClient {
  readonly connected: boolean;
  /** Messages that wait for a connection or for their turn, and messages sent and not yet acknowledged. */
  readonly load: { readonly waiting: number; readonly inFlight: number };
  /**
   * Connects, if there is no connection, and tells with whom; sends nothing. One attempt, at once.
   *
   * @throws MllpError `mllp_connect_failed`, `mllp_tls_*`, `mllp_closed`
   */
  connect(): Promise<ConnectionFacts>;
  /**
   * Sends one message and gives the content of its acknowledgment. Connects when there is no connection; messages go out
   * in the order of the calls and acknowledgments are matched in that order unless `answers` says otherwise.
   *
   * @throws MllpError `mllp_timeout`, `mllp_connection_lost`, `mllp_tls_refused`, `mllp_unsendable`, `mllp_aborted`,
   * `mllp_closed`; its `delivery` tells whether the message may have arrived, and the `cause` of a message that waited
   * in vain why there was no connection
   */
  send(message: Uint8Array, options: SendOptions): Promise<Buffer>;
  /** Gives up the connection once nothing is in flight; the next message opens another, with the certificates of then. */
  renew(): void;
  /** Closes the connection; what waits is rejected with `mllp_closed`. */
  close(): Promise<void>;
}
