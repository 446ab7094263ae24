import type { AddressInfo, Socket } from 'node:net';
import { AssemblyBudget } from './assembly-budget.ts';
import { createListener } from './listener.ts';
import { MllpError } from './mllp-error.ts';
import { createPeerFilter, normalizeAddress } from './peer-filter.ts';
import { BLOCKED_BY, ServerConnection } from './server-connection.ts';
import type { ConnectionHost, ConnectionLimits } from './server-connection.ts';
import type { RefusalReason } from './refusals.ts';
import { resolveServerOptions } from './server-options.ts';
import type { ResolvedServerOptions } from './server-options.ts';
import type {
  MllpServer,
  MllpServerDeps,
  MllpServerEvent,
  MllpServerOptions,
  MllpServerStats,
} from './server-types.ts';
import { tlsFactsOf } from './tls-facts.ts';
import type { TlsFacts } from './tls-facts.ts';
import { TlsGate } from './tls-gate.ts';
import type { ServerTlsOptions } from './tls-gate.ts';

/** How long a closed connection waits for the peer to close too. */
const LINGER_MS = 2_000;

/**
 * Makes an MLLP listener. It knows bytes, not HL7: frames go to `deps.onFrame`, each with the place for its reply.
 *
 * @example
 * const server = createMllpServer({ port: 6661 }, {
 *   onFrame: async (frame, reply) => { await store(frame); reply.end(acknowledge(frame)); },
 *   onRejected: (rejection, reply) => { reply.end(refuse(rejection)); },
 * });
 * const { port } = await server.listen();
 *
 * @throws MllpError `mllp_bad_option`, `mllp_bad_peer_range`, `mllp_bad_certificate_entry`, `mllp_tls_unusable`
 */
export function createMllpServer(options: MllpServerOptions, deps: MllpServerDeps): MllpServer {
  return new Listener(resolveServerOptions(options), options.tls, deps);
}

class Listener implements MllpServer, ConnectionHost {
  readonly limits: ConnectionLimits;
  readonly deps: MllpServerDeps;
  tick = 0;
  readonly #options: ResolvedServerOptions;
  readonly #allowed: (address: string) => boolean;
  readonly #assembly: AssemblyBudget;
  readonly #server = createListener((socket) => this.#accept(socket));
  readonly #connections = new Set<ServerConnection>();
  readonly #connectionsOfPeer = new Map<string, number>();
  readonly #pauseReasons = new Set<string>();
  readonly #waitingForBytes = new Set<ServerConnection>();
  /** The one in force, after those that still have a handshake to end. */
  #gates: TlsGate[] = [];
  #scheduled = new Set<ServerConnection>();
  #settling = false;
  #ticker: NodeJS.Timeout | undefined = undefined;
  #opened = 0;
  #inFlightFrames = 0;
  #inFlightBytes = 0;
  #framesReceived = 0;
  #closing: Promise<void> | undefined = undefined;
  #allGone: (() => void) | undefined = undefined;

  constructor(options: ResolvedServerOptions, tls: ServerTlsOptions | undefined, deps: MllpServerDeps) {
    this.#options = options;
    this.deps = deps;
    this.#allowed = createPeerFilter(options.allowedPeers);
    this.#assembly = new AssemblyBudget(options.maxInFlightBytes);
    const ticks = (ms: number) => (ms > 0 ? Math.max(1, Math.round(ms / options.tickMs)) : 0);
    this.limits = {
      maxFrameBytes: options.maxFrameBytes,
      maxInFlight: options.maxInFlightPerConnection,
      idleTicks: ticks(options.idleTimeoutMs),
      frameTicks: ticks(options.frameTimeoutMs),
      writeTicks: ticks(options.writeTimeoutMs),
      lingerTicks: ticks(LINGER_MS),
    };
    if (tls !== undefined) this.#gates = [this.#makeGate(tls)];
  }

  listen(): Promise<{ readonly port: number }> {
    return new Promise((resolve, reject) => {
      const { host, port } = this.#options;
      const onError = (cause: NodeJS.ErrnoException) => {
        const code = cause.code === 'EADDRINUSE' ? 'mllp_port_in_use' : 'mllp_listen_failed';
        reject(
          new MllpError(code, `(${host}, port ${port}${cause.code === undefined ? '' : `, ${cause.code}`})`, { cause }),
        );
      };
      this.#server.once('error', onError);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', onError);
        this.#server.on('error', (cause) => this.emit({ kind: 'listener_failed', cause }));
        this.#ticker = setInterval(() => this.#onTick(), this.#options.tickMs).unref();
        resolve({ port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  pause(reason: string): void {
    const first = this.#pauseReasons.size === 0;
    this.#pauseReasons.add(reason);
    if (first) for (const connection of this.#connections) connection.block(BLOCKED_BY.serverPaused);
    this.emit({ kind: 'paused', reason });
  }

  resume(reason?: string): void {
    if (this.#pauseReasons.size === 0) return;
    if (reason === undefined) this.#pauseReasons.clear();
    else this.#pauseReasons.delete(reason);
    if (this.#pauseReasons.size > 0) return;
    for (const connection of this.#connections) connection.unblock(BLOCKED_BY.serverPaused);
    this.emit({ kind: 'resumed' });
  }

  replaceTls(tls: ServerTlsOptions): void {
    if (this.#gates.length === 0) throw new MllpError('mllp_bad_option', 'This listener was opened without TLS.');
    const next = this.#makeGate(tls);
    // Handshakes that are under way end at the gate that they began at.
    this.#gates = [...this.#gates.filter(({ pending }) => pending > 0), next];
  }

  close(options: { readonly graceMs: number }): Promise<void> {
    this.#closing ??= this.#close(options.graceMs);
    return this.#closing;
  }

  stats(): MllpServerStats {
    return {
      connections: this.#connections.size,
      handshakes: this.#gates.reduce((sum, { pending }) => sum + pending, 0),
      paused: this.#pauseReasons.size > 0,
      inFlightFrames: this.#inFlightFrames,
      inFlightBytes: this.#inFlightBytes,
      unfinishedBytes: this.#assembly.totalBytes,
      framesReceived: this.#framesReceived,
    };
  }

  emit(event: MllpServerEvent): void {
    this.deps.onEvent?.(event);
  }

  schedule(connection: ServerConnection): void {
    this.#scheduled.add(connection);
    if (this.#settling) return;
    this.#settling = true;
    // After the promise callbacks that are already due, so that a whole group commit's acknowledgments go together.
    process.nextTick(() => this.#settle());
  }

  admits(connection: ServerConnection): boolean {
    if (this.#inFlightBytes < this.#options.maxInFlightBytes) return true;
    this.#waitingForBytes.add(connection);
    return false;
  }

  frameTaken(bytes: number): void {
    this.#framesReceived += 1;
    this.#inFlightFrames += 1;
    this.#inFlightBytes += bytes;
  }

  frameReleased(bytes: number): void {
    this.#inFlightFrames -= 1;
    this.#inFlightBytes -= bytes;
    if (this.#waitingForBytes.size === 0 || this.#inFlightBytes * 4 > this.#options.maxInFlightBytes * 3) return;
    const waiting = [...this.#waitingForBytes];
    this.#waitingForBytes.clear();
    for (const connection of waiting) connection.unblock(BLOCKED_BY.serverBytes);
  }

  assemblyChanged(connection: ServerConnection, before: number, after: number): void {
    this.#assembly.update(connection, before, after);
  }

  connectionGone(connection: ServerConnection): void {
    this.#connections.delete(connection);
    this.#waitingForBytes.delete(connection);
    this.#scheduled.delete(connection);
    const left = (this.#connectionsOfPeer.get(connection.peer) ?? 1) - 1;
    if (left > 0) this.#connectionsOfPeer.set(connection.peer, left);
    else this.#connectionsOfPeer.delete(connection.peer);
    if (this.#connections.size === 0) this.#allGone?.();
  }

  #accept(raw: Socket): void {
    const peer = normalizeAddress(raw.remoteAddress ?? '');
    const refusal = this.#refusal(peer);
    const gate = this.#gates.at(-1);
    if (refusal !== undefined) this.#turnAway(raw, peer, refusal);
    else if (gate === undefined) this.#open(raw, peer, raw.remotePort ?? 0, undefined);
    else gate.admit(raw, peer);
  }

  #makeGate(tls: ServerTlsOptions): TlsGate {
    return new TlsGate(tls, {
      onSecure: (socket, { address, port }) => {
        // Others may have come in while the hands were shaken.
        const refusal = this.#refusal(address);
        if (refusal !== undefined) this.#turnAway(socket, address, refusal);
        else this.#open(socket, address, port, tlsFactsOf(socket));
      },
      onRefused: ({ address }, reason, detail) =>
        this.emit({ kind: 'connection_refused', peer: address, reason, detail }),
    });
  }

  #turnAway(socket: Socket, peer: string, reason: RefusalReason): void {
    socket.on('error', () => undefined); // it is being destroyed; nobody is left to tell
    socket.destroy();
    this.emit({ kind: 'connection_refused', peer, reason, detail: '' });
  }

  #open(socket: Socket, peer: string, peerPort: number, tls: TlsFacts | undefined): void {
    this.#opened += 1;
    const connection = new ServerConnection(socket, this, { id: String(this.#opened), peer, peerPort, tls });
    this.#connections.add(connection);
    this.#connectionsOfPeer.set(peer, (this.#connectionsOfPeer.get(peer) ?? 0) + 1);
    this.emit({ kind: 'connection_opened', connection });
    if (this.#pauseReasons.size > 0) connection.block(BLOCKED_BY.serverPaused);
    if (this.#closing !== undefined) connection.finish('server_closed');
  }

  #refusal(peer: string): RefusalReason | undefined {
    if (!this.#allowed(peer)) return 'not_allowed';
    if (this.#connections.size >= this.#options.maxConnections) return 'too_many_connections';
    const ofPeer = this.#connectionsOfPeer.get(peer) ?? 0;
    return ofPeer >= this.#options.maxConnectionsPerPeer ? 'too_many_of_peer' : undefined;
  }

  #settle(): void {
    this.#settling = false;
    const due = this.#scheduled;
    this.#scheduled = new Set();
    for (const connection of due) connection.settle();
  }

  #onTick(): void {
    this.tick += 1;
    for (const connection of this.#connections) connection.checkTime();
  }

  async #close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const gate of this.#gates) gate.close();
    const gone = new Promise<void>((resolve) => (this.#allGone = resolve));
    for (const connection of this.#connections) connection.finish('server_closed');
    let deadline: NodeJS.Timeout | undefined;
    if (this.#connections.size > 0) {
      const late = new Promise<void>((resolve) => (deadline = setTimeout(resolve, graceMs)));
      await Promise.race([gone, late]);
      clearTimeout(deadline);
      for (const connection of this.#connections) connection.cut('server_closed');
    }
    clearInterval(this.#ticker);
    await closed;
  }
}
