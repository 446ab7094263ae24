export interface MllpClientOptions {
  readonly host: string;
  readonly port: number;
  /** Default 10 seconds. */
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

export type MllpClientEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly unacknowledged: number; readonly cause?: unknown }
  | { readonly kind: 'connect_failed'; readonly retryInMs: number; readonly cause: unknown }
  /** A message that answers nothing that was sent, or bytes that are no message. */
  | { readonly kind: 'stray'; readonly bytes: number };

export interface SendOptions {
  /** From the call to the acknowledgment, waiting for a connection included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface MllpClient {
  readonly connected: boolean;
  /**
   * Sends one message and gives the content of its acknowledgment. Connects when there is no connection; messages go out
   * in the order of the calls and acknowledgments are matched in that order.
   *
   * @throws MllpError `mllp_timeout`, `mllp_connection_lost`, `mllp_unsendable`, `mllp_aborted`, `mllp_closed`; its `delivery` tells whether the
   * message may have arrived
   */
  send(message: Uint8Array, options: SendOptions): Promise<Buffer>;
  /** Closes the connection; what waits is rejected with `mllp_closed`. */
  close(): Promise<void>;
}
