import type { Socket } from 'node:net';
import type { FrameHolder } from './assembly-budget.ts';
import { recognizeForeignProtocol } from './foreign-protocol.ts';
import { FrameDecoder } from './frame-decoder.ts';
import type { FrameEvent } from './frame-decoder.ts';
import { frameMessages } from './framing.ts';
import { ReplySlot } from './reply-slot.ts';
import type { ReplyOwner } from './reply-slot.ts';
import type { CloseReason, MllpReply, MllpServerDeps, MllpServerEvent } from './server-types.ts';
import type { TlsFacts } from './tls-facts.ts';

/** Limits in ticks of the server's coarse clock; 0 means none. */
export interface ConnectionLimits {
  readonly maxFrameBytes: number;
  readonly maxInFlight: number;
  readonly idleTicks: number;
  readonly frameTicks: number;
  readonly writeTicks: number;
  readonly lingerTicks: number;
}

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly limits: ConnectionLimits;
  readonly deps: MllpServerDeps;
  readonly tick: number;
  emit(event: MllpServerEvent): void;
  /** Calls `settle` once when the running code has come to its end: many acknowledgments of a tick become one write. */
  schedule(connection: ServerConnection): void;
  /** False when the server has enough in flight; the connection is then told by `unblock`. */
  admits(connection: ServerConnection): boolean;
  frameTaken(bytes: number): void;
  frameReleased(bytes: number): void;
  assemblyChanged(connection: ServerConnection, before: number, after: number): void;
  connectionGone(connection: ServerConnection): void;
}

/** Who is at the other end. */
export interface ConnectionIdentity {
  readonly id: string;
  readonly peer: string;
  readonly peerPort: number;
  readonly tls: TlsFacts | undefined;
}

/** Reasons not to read the socket; it is read when none holds. */
export const BLOCKED_BY = {
  window: 1,
  serverBytes: 2,
  serverPaused: 4,
  slowReader: 8,
  assembly: 16,
  closing: 32,
} as const;

const NO_TICK = -1;
/** Acknowledgments gathered for one write. */
const FLUSH_BYTES = 64 * 1024;

/** One accepted connection: bytes to frames, replies to bytes, back-pressure both ways. */
export class ServerConnection implements ReplyOwner, FrameHolder {
  readonly id: string;
  readonly peer: string;
  readonly peerPort: number;
  readonly tls: TlsFacts | undefined;
  closed = false;
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #decoder: FrameDecoder;
  #blocked = 0;
  #socketPaused = false;
  #pumping = false;
  #heardAnything = false;
  #peerEnded = false;
  #ending = false;
  #firstReply: ReplySlot | undefined = undefined;
  #lastReply: ReplySlot | undefined = undefined;
  #inFlight = 0;
  #outbox: Uint8Array[] = [];
  #outboxBytes = 0;
  #assemblyBytes = 0;
  #activeTick: number;
  #frameTick = NO_TICK;
  #writeTick = NO_TICK;
  #endTick = NO_TICK;
  #closeReason: CloseReason | undefined = undefined;
  #cause: unknown = undefined;

  constructor(socket: Socket, host: ConnectionHost, identity: ConnectionIdentity) {
    this.#socket = socket;
    this.#host = host;
    this.id = identity.id;
    this.peer = identity.peer;
    this.peerPort = identity.peerPort;
    this.tls = identity.tls;
    this.#activeTick = host.tick;
    this.#decoder = new FrameDecoder({ maxFrameBytes: host.limits.maxFrameBytes });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => {
      this.#writeTick = NO_TICK;
      this.unblock(BLOCKED_BY.slowReader);
    });
    socket.on('end', () => {
      this.#peerEnded = true;
      this.#decoder.end();
      this.settle();
    });
    socket.on('error', (error) => {
      this.#cause ??= error;
      this.#closeReason ??= 'connection_error';
    });
    socket.on('close', () => this.#gone());
  }

  send(message: Uint8Array): boolean {
    if (this.closed || this.#ending) return false;
    this.writeReply(message);
    return true;
  }

  destroy(): void {
    this.cut('destroyed');
  }

  /** Closes at once; what is unanswered stays unanswered. */
  cut(reason: CloseReason, cause?: unknown): void {
    if (this.closed) return;
    this.#closeReason ??= reason;
    this.#cause ??= cause;
    this.#flush(); // the answers that were given go out
    this.#socket.destroy();
    this.#gone();
  }

  /** Reads nothing more, lets open replies be ended and sent, then closes. */
  finish(reason: CloseReason): void {
    if (this.closed || (this.#blocked & BLOCKED_BY.closing) !== 0) return;
    this.#closeReason ??= reason;
    this.block(BLOCKED_BY.closing);
    this.#host.schedule(this);
  }

  block(reason: number): void {
    this.#blocked |= reason;
    if (this.#socketPaused || this.closed || this.#ending) return;
    this.#socketPaused = true;
    this.#socket.pause();
  }

  unblock(reason: number): void {
    if ((this.#blocked & reason) === 0) return;
    this.#blocked &= ~reason;
    if (this.#blocked !== 0 || this.closed) return;
    // The time it was held up is not the peer's.
    this.#activeTick = this.#host.tick;
    if (this.#frameTick !== NO_TICK) this.#frameTick = this.#host.tick;
    this.#host.schedule(this);
  }

  stopAssembling(): void {
    this.block(BLOCKED_BY.assembly);
  }

  goOnAssembling(): void {
    this.unblock(BLOCKED_BY.assembly);
  }

  writeReply(message: Uint8Array): void {
    this.#outbox.push(message);
    this.#outboxBytes += message.length;
    // Also within a tick the peer's reading sets the pace: a full pipe stops the pump.
    if (this.#outboxBytes > FLUSH_BYTES) this.#flush();
    else if (this.#outbox.length === 1) this.#host.schedule(this);
  }

  replyEnded(slot: ReplySlot): void {
    this.#host.frameReleased(slot.frameBytes);
    this.#inFlight -= 1;
    if (this.closed) return;
    if (slot === this.#firstReply) this.#advanceReplies(slot);
    this.#activeTick = this.#host.tick;
    this.unblock(BLOCKED_BY.window);
    if (this.#inFlight === 0 && (this.#peerEnded || this.#blocked !== 0)) this.#host.schedule(this);
  }

  /** Does what the last tick's events ask for: writes, reads on, ends. */
  settle(): void {
    if (this.closed) return;
    this.#flush();
    this.#pump();
    if (this.closed) return;
    if (this.#blocked === 0 && this.#socketPaused) {
      this.#socketPaused = false;
      this.#socket.resume();
    }
    const nothingMoreComes = (this.#peerEnded && this.#blocked === 0) || (this.#blocked & BLOCKED_BY.closing) !== 0;
    if (nothingMoreComes && this.#inFlight === 0) this.#end();
  }

  /** The coarse clock moved: looks at the time limits. */
  checkTime(): void {
    const { limits, tick } = this.#host;
    const over = (since: number, ticks: number) => ticks > 0 && since !== NO_TICK && tick - since > ticks;
    if (over(this.#writeTick, limits.writeTicks)) this.cut('slow_reader');
    else if (over(this.#endTick, limits.lingerTicks) && this.#socket.writableFinished)
      this.cut(this.#closeReason ?? 'peer_ended');
    else if (this.#blocked !== 0 || this.#ending) return;
    else if (over(this.#frameTick, limits.frameTicks)) this.cut('frame_too_slow');
    else if (this.#inFlight === 0 && over(this.#activeTick, limits.idleTicks)) this.finish('idle');
  }

  #receive(chunk: Buffer): void {
    if (this.#ending || this.closed) return; // read only so that the close is clean; its sender has no answer and sends again
    if (!this.#heardAnything) {
      this.#heardAnything = true;
      const protocol = recognizeForeignProtocol(chunk);
      if (protocol !== undefined) this.#host.emit({ kind: 'foreign_protocol', connection: this, protocol });
    }
    this.#decoder.push(chunk);
    this.#pump();
    if (!this.#decoder.insideFrame) return;
    this.#activeTick = this.#host.tick;
    if (this.#frameTick === NO_TICK) this.#frameTick = this.#host.tick;
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#blocked === 0 && !this.closed) {
      if (!this.#host.admits(this)) {
        this.block(BLOCKED_BY.serverBytes);
        break;
      }
      const event = this.#decoder.next();
      if (event === undefined) break;
      this.#frameTick = NO_TICK;
      this.#take(event);
      if (this.#inFlight >= this.#host.limits.maxInFlight) this.block(BLOCKED_BY.window);
    }
    this.#pumping = false;
    this.#reportAssembly(this.closed ? 0 : this.#decoder.assemblyBytes);
  }

  #take(event: FrameEvent): void {
    if (event.kind === 'garbage') {
      this.#host.emit({ kind: 'garbage', connection: this, count: event.count });
      return;
    }
    this.#activeTick = this.#host.tick;
    const { deps } = this.#host;
    if (event.kind !== 'frame') {
      const { kind, head, size } = event;
      this.#handOver(head.length, (reply) => deps.onRejected({ kind, head, size }, reply));
    } else if (event.bytes.length === 0) {
      this.#handOver(0, (reply) => deps.onRejected({ kind: 'empty', head: event.bytes, size: 0 }, reply));
    } else {
      this.#handOver(event.bytes.length, (reply) => deps.onFrame(event.bytes, reply));
    }
  }

  #handOver(bytes: number, handler: (reply: MllpReply) => void | Promise<void>): void {
    const slot = this.#openReply(bytes);
    try {
      const running = handler(slot);
      if (running !== undefined) running.catch((cause: unknown) => this.#handlerFailed(slot, cause));
    } catch (cause) {
      this.#handlerFailed(slot, cause);
    }
  }

  #handlerFailed(slot: ReplySlot, cause: unknown): void {
    // Later replies must not pass for this one's, so the connection goes; its sender gets no answer and sends again.
    this.#host.emit({ kind: 'handler_failed', connection: this, cause });
    this.cut('handler_failed', cause);
    slot.end();
  }

  #openReply(frameBytes: number): ReplySlot {
    const slot = new ReplySlot(this, frameBytes);
    this.#inFlight += 1;
    this.#host.frameTaken(frameBytes);
    if (this.#lastReply === undefined) {
      this.#firstReply = slot;
      slot.first = true;
    } else this.#lastReply.next = slot;
    this.#lastReply = slot;
    return slot;
  }

  #advanceReplies(ended: ReplySlot): void {
    let slot = ended.next;
    while (slot !== undefined) {
      slot.becomeFirst();
      if (!slot.ended) break;
      slot = slot.next;
    }
    this.#firstReply = slot;
    if (slot === undefined) this.#lastReply = undefined;
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const framed = frameMessages(this.#outbox);
    this.#outbox = [];
    this.#outboxBytes = 0;
    if (this.#socket.write(framed)) return;
    if (this.#writeTick === NO_TICK) this.#writeTick = this.#host.tick;
    this.block(BLOCKED_BY.slowReader);
  }

  /** Ends our side; what the peer still sends is read and thrown away, as closing over unread bytes would reset the
   * connection and could take acknowledgments with it that the peer has not read yet. */
  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#endTick = this.#host.tick;
    if (this.#writeTick === NO_TICK) this.#writeTick = this.#host.tick;
    this.#socket.end(() => (this.#writeTick = NO_TICK));
    this.#socket.resume();
  }

  #gone(): void {
    if (this.closed) return;
    this.closed = true;
    let unanswered = 0;
    for (let slot = this.#firstReply; slot !== undefined; slot = slot.next) if (slot.abandon()) unanswered += 1;
    this.#firstReply = undefined;
    this.#lastReply = undefined;
    this.#outbox = [];
    const unfinishedBytes = this.#decoder.insideFrame ? this.#decoder.frameBytes : 0;
    this.#reportAssembly(0);
    this.#host.connectionGone(this);
    this.#host.emit({
      kind: 'connection_closed',
      connection: this,
      reason: this.#closeReason ?? 'peer_ended',
      unanswered,
      unfinishedBytes,
      ...(this.#cause === undefined ? {} : { cause: this.#cause }),
    });
  }

  #reportAssembly(bytes: number): void {
    if (bytes === this.#assemblyBytes) return;
    const before = this.#assemblyBytes;
    this.#assemblyBytes = bytes;
    this.#host.assemblyChanged(this, before, bytes);
  }
}
