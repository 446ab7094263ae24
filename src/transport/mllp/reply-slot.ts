import type { MllpConnection, MllpReply, ReplyFate } from './server-types.ts';

/** What a slot needs of its connection. */
export interface ReplyOwner extends MllpConnection {
  /** Sends the messages of a slot that is first in line. */
  writeReply(message: Uint8Array): void;
  replyEnded(slot: ReplySlot): void;
}

/** One frame's place in the line of replies; a linked list, so that a frame costs one object. */
export class ReplySlot implements MllpReply {
  readonly connection: ReplyOwner;
  readonly frameBytes: number;
  fate: ReplyFate = 'open';
  next: ReplySlot | undefined = undefined;
  first = false;
  ended = false;
  #waiting: Uint8Array[] | undefined = undefined;

  constructor(connection: ReplyOwner, frameBytes: number) {
    this.connection = connection;
    this.frameBytes = frameBytes;
  }

  send(message: Uint8Array): boolean {
    if (this.ended) return false;
    if (this.connection.closed) {
      this.fate = 'lost';
      return false;
    }
    if (this.first) this.#write(message);
    else {
      (this.#waiting ??= []).push(message);
      this.fate = 'waiting';
    }
    return true;
  }

  end(message?: Uint8Array): boolean {
    if (this.ended) return false;
    const sent = message === undefined || this.send(message);
    if (this.fate === 'open') this.fate = 'none';
    this.ended = true;
    this.connection.replyEnded(this);
    return sent;
  }

  /** The replies before this one have ended. */
  becomeFirst(): void {
    this.first = true;
    if (this.#waiting === undefined) return;
    for (const message of this.#waiting) this.#write(message);
    this.#waiting = undefined;
  }

  /** The connection is gone: true when an acknowledgment, or all of them, did not go out. */
  abandon(): boolean {
    const lost = this.fate === 'waiting' || this.fate === 'open';
    if (lost) this.fate = 'lost';
    this.#waiting = undefined;
    return lost;
  }

  #write(message: Uint8Array): void {
    this.connection.writeReply(message);
    this.fate = 'written';
  }
}
