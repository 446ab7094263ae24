import type { ForeignProtocol } from './foreign-protocol.ts';
import type { RefusalReason } from './refusals.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { ServerTlsOptions } from './tls-gate.ts';

export interface MllpServerOptions {
  /** Default loopback. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Content bytes of one frame. Default 16 MiB. */
  readonly maxFrameBytes?: number;
  /** A connection without a message for so long is closed; 0 never. Default 15 minutes. */
  readonly idleTimeoutMs?: number;
  /** A frame must be complete so long after its first byte; 0 never. Default 5 minutes. */
  readonly frameTimeoutMs?: number;
  /** A peer that does not read its acknowledgments for so long is cut. Default 30 seconds. */
  readonly writeTimeoutMs?: number;
  /** Default 1024. */
  readonly maxConnections?: number;
  /** Connections of one address. Default 256. */
  readonly maxConnectionsPerPeer?: number;
  /** Addresses and CIDR ranges (IPv4, IPv6) that may connect. Default: all. */
  readonly allowedPeers?: readonly string[];
  /** Frames of one connection that may wait for their reply; beyond it the socket is not read. Default 64. */
  readonly maxInFlightPerConnection?: number;
  /**
   * Bytes of all frames that wait for their reply; beyond it no socket is read. Unfinished frames may hold as much
   * again. Default 64 MiB.
   */
  readonly maxInFlightBytes?: number;
  /** With it the listener speaks MLLP over TLS (MLLPS) and nothing else. */
  readonly tls?: ServerTlsOptions;
}

export interface MllpServerDeps {
  /**
   * A complete frame. `reply` must be ended once, now or later; until then the frame counts as in flight. The bytes may
   * be kept. When this throws or rejects, the connection is cut, so that the sender sends again.
   */
  readonly onFrame: (frame: Buffer, reply: MllpReply) => void | Promise<void>;
  /** Something that is no acceptable frame. `reply` must be ended as well, with or without a negative acknowledgment. */
  readonly onRejected: (rejection: MllpRejection, reply: MllpReply) => void | Promise<void>;
  readonly onEvent?: (event: MllpServerEvent) => void;
}

export interface MllpRejection {
  readonly kind: 'oversized' | 'truncated' | 'empty';
  /** The first bytes of the content (at most 4 KiB): enough to name the control id. */
  readonly head: Buffer;
  /** Content bytes in all. */
  readonly size: number;
}

export interface MllpConnection {
  readonly id: string;
  /** Address of the other side, without port. */
  readonly peer: string;
  readonly peerPort: number;
  readonly closed: boolean;
  /** What the handshake agreed upon; undefined without TLS. */
  readonly tls: TlsFacts | undefined;
  /**
   * Sends a message at once, outside the order of replies: for application acknowledgments that come long after their
   * commit acknowledgment. False when the connection is gone.
   */
  send(message: Uint8Array): boolean;
  /** Cuts the connection: what is unanswered stays so, and its sender will send it again. */
  destroy(): void;
}

/** What became of a reply: `written` was handed to the operating system, which is all that TCP tells. */
export type ReplyFate = 'open' | 'waiting' | 'written' | 'lost' | 'none';

/**
 * The place of one frame's acknowledgments among those of its connection. They go out in the order of the frames: what is
 * sent early waits for the replies before it to be ended.
 */
export interface MllpReply {
  readonly connection: MllpConnection;
  readonly fate: ReplyFate;
  /** Adds an acknowledgment. False when the connection is gone or the reply ended. */
  send(message: Uint8Array): boolean;
  /** Ends the reply, with a last acknowledgment if given. False when that cannot be sent any more. */
  end(message?: Uint8Array): boolean;
}

export type CloseReason =
  | 'peer_ended'
  | 'idle'
  | 'frame_too_slow'
  | 'slow_reader'
  | 'connection_error'
  | 'handler_failed'
  | 'destroyed'
  | 'server_closed';

/** For logs and counters; holds no content. */
export type MllpServerEvent =
  | { readonly kind: 'connection_opened'; readonly connection: MllpConnection }
  | {
      readonly kind: 'connection_closed';
      readonly connection: MllpConnection;
      readonly reason: CloseReason;
      /** Frames handed over whose acknowledgment was not written. */
      readonly unanswered: number;
      /** Bytes of a frame whose end did not come. */
      readonly unfinishedBytes: number;
      readonly cause?: unknown;
    }
  | {
      readonly kind: 'connection_refused';
      readonly peer: string;
      readonly reason: RefusalReason;
      /** The subject of a client certificate, or the code of the handshake's error; may be empty. */
      readonly detail: string;
    }
  | { readonly kind: 'garbage'; readonly connection: MllpConnection; readonly count: number }
  | { readonly kind: 'foreign_protocol'; readonly connection: MllpConnection; readonly protocol: ForeignProtocol }
  | { readonly kind: 'handler_failed'; readonly connection: MllpConnection; readonly cause: unknown }
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'listener_failed'; readonly cause: unknown };

export interface MllpServerStats {
  readonly connections: number;
  /** TLS handshakes under way; they are no connections yet. */
  readonly handshakes: number;
  readonly paused: boolean;
  readonly inFlightFrames: number;
  readonly inFlightBytes: number;
  readonly unfinishedBytes: number;
  readonly framesReceived: number;
}

export interface MllpServer {
  /**
   * Opens the port.
   *
   * @throws MllpError `mllp_port_in_use` or `mllp_listen_failed`
   */
  listen(): Promise<{ readonly port: number }>;
  /**
   * Stops reading every socket; peers feel it as back-pressure and nothing is lost. Connections are still accepted.
   * Several reasons may hold at once.
   */
  pause(reason: string): void;
  /** Takes back one reason, or all; reading goes on when none is left. */
  resume(reason?: string): void;
  /**
   * Takes other certificates and rules for the connections to come; open ones go on.
   *
   * @throws MllpError `mllp_tls_unusable`, `mllp_bad_certificate_entry` (the old ones stay), or `mllp_bad_option` for a
   * listener without TLS
   */
  replaceTls(tls: ServerTlsOptions): void;
  /** Stops accepting and reading, waits up to `graceMs` for open replies, then closes what is left. */
  close(options: { readonly graceMs: number }): Promise<void>;
  stats(): MllpServerStats;
}
