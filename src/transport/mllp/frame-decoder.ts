import { CARRIAGE_RETURN, END_BLOCK, LINE_FEED, START_BLOCK } from './framing.ts';

/** What the bytes of one connection turned out to be, in their order. */
export type FrameEvent =
  | { readonly kind: 'frame'; readonly bytes: Buffer }
  /** Bytes outside frames; only their number is kept. */
  | { readonly kind: 'garbage'; readonly count: number }
  /** A frame over the cap. `head` is enough to name its control id; `ended` is false when its end block never came. */
  | { readonly kind: 'oversized'; readonly head: Buffer; readonly size: number; readonly ended: boolean }
  /** A frame within the cap whose end block never came: another message began inside it, or the bytes ended. */
  | { readonly kind: 'truncated'; readonly head: Buffer; readonly size: number };

export interface FrameDecoderOptions {
  /** Content bytes a frame may have. */
  readonly maxFrameBytes: number;
  /** Content bytes kept of an oversized or truncated frame. Default 4096. */
  readonly headBytes?: number;
}

const DEFAULT_HEAD_BYTES = 4096;
/** A start block and the header letters that may be stored before they show themselves to be the next message's. */
const PROBE_BYTES = 4;
/** Below this a plain loop is cheaper than the call into native code. */
const SHORT_SCAN = 24;
const INITIAL_ASSEMBLY_BYTES = 2048;

const BETWEEN = 0;
const GARBAGE = 1;
const IN_FRAME = 2;

/**
 * Incremental MLLP decoder. `push` a chunk, then pull events with `next` until it gives undefined. Each byte is looked
 * at once, whatever the chunking; what is held is at most one chunk plus one frame of `maxFrameBytes`.
 *
 * How it reads what the standard leaves open, so that a good frame is never lost behind a bad one:
 * - A frame ends at the first end block, whether or not a carriage return follows. Carriage returns and line feeds
 *   directly after a frame (and before the first) are nothing; any other byte outside a frame is garbage up to the next
 *   start block.
 * - A start block inside a frame begins a new message when a segment that opens one follows it: MSH, FHS or BHS and a
 *   punctuation character. What was before it is reported as truncated (or oversized). Any other start
 *   block inside a frame is data: word processors put this byte into text as a soft line break.
 * - A frame over the cap is not kept but followed to its end by the same rules.
 *
 * Character sets with bytes below 0x20 inside characters (UTF-16, UTF-32) cannot travel in MLLP blocks; the standard
 * excludes them. UTF-16 gets through as long as no character has the byte of the end block.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number;
  readonly #headBytes: number;
  #chunk: Buffer | undefined;
  #position = 0;
  // Where the chunk's next block characters are; -1 when there is none, stale when before the position.
  #nextStart = -2;
  #nextEnd = -2;
  #state = BETWEEN;
  #garbage = 0;
  /** Content bytes of the current frame before this chunk's part of it. */
  #size = 0;
  /** Content of the current frame from earlier chunks; undefined for none, or when the frame is over the cap. */
  #assembly: Buffer | undefined;
  #head: Buffer | undefined;
  /** Header letters matched behind a start block inside the frame; -1 when none is being looked at. */
  #probe = -1;
  #probeFirstLetter = 0;
  #ended = false;

  constructor(options: FrameDecoderOptions) {
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#headBytes = Math.min(options.headBytes ?? DEFAULT_HEAD_BYTES, options.maxFrameBytes);
  }

  /** Memory held for an unfinished frame, in bytes. */
  get assemblyBytes(): number {
    return this.#assembly?.length ?? this.#head?.length ?? 0;
  }

  /** True between a start block and the end of its frame. */
  get insideFrame(): boolean {
    return this.#state === IN_FRAME;
  }

  /** Content bytes of the frame that is not at its end yet, as far as they were read. */
  get frameBytes(): number {
    return this.#size;
  }

  /** Gives the next bytes. The decoder keeps a reference, so the chunk must not be written to afterwards. */
  push(chunk: Buffer): void {
    if (this.#chunk !== undefined) throw new Error('FrameDecoder.push before the last chunk was read to its end');
    if (chunk.length === 0) return;
    this.#chunk = chunk;
    this.#position = 0;
    this.#nextStart = -2;
    this.#nextEnd = -2;
  }

  /** No more bytes will come: what is unfinished is reported by the following `next`. */
  end(): void {
    this.#ended = true;
  }

  /** The next event, or undefined when more bytes are needed. */
  next(): FrameEvent | undefined {
    const chunk = this.#chunk;
    if (chunk !== undefined) {
      const event = this.#scan(chunk);
      if (event !== undefined) return event;
      this.#chunk = undefined;
    }
    return this.#ended ? this.#finish() : undefined;
  }

  #scan(chunk: Buffer): FrameEvent | undefined {
    while (this.#position < chunk.length) {
      if (this.#state === IN_FRAME) return this.#scanFrame(chunk);
      if (this.#state === BETWEEN) this.#skipLineEnds(chunk);
      else {
        const event = this.#skipGarbage(chunk);
        if (event !== undefined) return event;
      }
    }
    return undefined;
  }

  #skipLineEnds(chunk: Buffer): void {
    const byte = chunk[this.#position];
    if (byte === START_BLOCK) {
      this.#position += 1;
      this.#beginFrame();
    } else if (byte === CARRIAGE_RETURN || byte === LINE_FEED) this.#position += 1;
    else this.#state = GARBAGE;
  }

  #skipGarbage(chunk: Buffer): FrameEvent | undefined {
    const start = this.#findStart(chunk);
    if (start < 0) {
      this.#garbage += chunk.length - this.#position;
      this.#position = chunk.length;
      return undefined;
    }
    const count = this.#garbage + start - this.#position;
    this.#position = start + 1;
    this.#garbage = 0;
    this.#beginFrame();
    return { kind: 'garbage', count };
  }

  #beginFrame(): void {
    this.#state = IN_FRAME;
    this.#release();
  }

  #release(): void {
    this.#size = 0;
    this.#assembly = undefined;
    this.#head = undefined;
    this.#probe = -1;
  }

  /** Reads on in the current frame; undefined when the chunk is used up. */
  #scanFrame(chunk: Buffer): FrameEvent | undefined {
    const from = this.#position;
    let at = from;
    while (at < chunk.length) {
      if (this.#probe >= 0) {
        const verdict = this.#probeByte(chunk[at] as number);
        if (verdict === 'header') {
          this.#position = at;
          return this.#restart(chunk, from);
        }
        if (verdict === 'more') at += 1;
        continue; // 'data': the same byte again, it may be a block character
      }
      this.#position = at;
      const end = this.#findEnd(chunk);
      const start = this.#findStart(chunk);
      if (start >= 0 && (end < 0 || start < end)) {
        at = start + 1;
        this.#probe = 0;
      } else if (end >= 0) {
        this.#position = end + 1;
        this.#state = BETWEEN;
        return this.#complete(chunk, from, end);
      } else at = chunk.length;
    }
    this.#position = chunk.length;
    this.#keep(chunk, from, chunk.length);
    return undefined;
  }

  #probeByte(byte: number): 'more' | 'header' | 'data' {
    const letter = this.#probe;
    if (letter === 0) {
      this.#probeFirstLetter = byte;
      if (byte === M || byte === F || byte === B) return this.#probeMore();
    } else if (letter === 1) {
      if (byte === (this.#probeFirstLetter === M ? S : H)) return this.#probeMore();
    } else if (letter === 2) {
      if (byte === (this.#probeFirstLetter === M ? H : S)) return this.#probeMore();
    } else if (isPunctuation(byte)) return 'header';
    this.#probe = -1;
    return 'data';
  }

  #probeMore(): 'more' {
    this.#probe += 1;
    return 'more';
  }

  /** A header was seen that ends before the position: closes the unfinished frame and begins the next with those letters. */
  #restart(chunk: Buffer, from: number): FrameEvent {
    const letters = this.#probeFirstLetter === M ? 'MSH' : this.#probeFirstLetter === F ? 'FHS' : 'BHS';
    const startsAt = this.#position - PROBE_BYTES;
    let event: FrameEvent;
    if (startsAt >= from) event = this.#abandon(chunk, from, startsAt);
    else {
      // The start block came with an earlier chunk, so its bytes were taken for content: give them back.
      this.#size -= from - startsAt;
      event = this.#abandon(chunk, from, from);
    }
    this.#beginFrame();
    if (startsAt >= from) this.#position = startsAt + 1;
    else {
      this.#assembly = Buffer.allocUnsafe(INITIAL_ASSEMBLY_BYTES);
      this.#size = this.#assembly.write(letters, 'latin1');
    }
    return event;
  }

  #complete(chunk: Buffer, from: number, to: number): FrameEvent {
    const size = this.#size + to - from;
    if (size > this.#maxFrameBytes) {
      const head = this.#headOf(chunk, from, to);
      this.#release();
      return { kind: 'oversized', head, size, ended: true };
    }
    if (this.#size === 0) {
      const part = chunk.subarray(from, to);
      // A frame that shares its chunk with much else is copied, so that holding it does not hold the whole chunk.
      return { kind: 'frame', bytes: part.length * 4 < chunk.length ? Buffer.from(part) : part };
    }
    this.#keep(chunk, from, to);
    const bytes = (this.#assembly as Buffer).subarray(0, size);
    this.#release();
    return { kind: 'frame', bytes };
  }

  #abandon(chunk: Buffer | undefined, from: number, to: number): FrameEvent {
    const size = this.#size + to - from;
    if (size === 0) return { kind: 'garbage', count: 1 }; // a doubled start block
    const head = this.#headOf(chunk, from, to);
    return size > this.#maxFrameBytes
      ? { kind: 'oversized', head, size, ended: false }
      : { kind: 'truncated', head, size };
  }

  #headOf(chunk: Buffer | undefined, from: number, to: number): Buffer {
    const kept = (this.#head ?? this.#assembly)?.subarray(0, Math.min(this.#size, this.#headBytes));
    const missing = this.#headBytes - (kept?.length ?? 0);
    const rest = chunk?.subarray(from, Math.min(to, from + missing)) ?? Buffer.alloc(0);
    return kept === undefined ? Buffer.from(rest) : Buffer.concat([kept, rest]);
  }

  /** Adds a part of the chunk to the unfinished frame, or to nothing but its size once it is over the cap. */
  #keep(chunk: Buffer, from: number, to: number): void {
    const size = this.#size + to - from;
    if (this.#head === undefined && size > this.#maxFrameBytes + PROBE_BYTES) {
      this.#head = this.#headOf(chunk, from, to);
      this.#assembly = undefined;
    }
    if (this.#head === undefined && size > 0) {
      this.#reserve(size);
      chunk.copy(this.#assembly as Buffer, this.#size, from, to);
    }
    this.#size = size;
  }

  /** Doubling keeps the copying linear in the frame's length. */
  #reserve(size: number): void {
    const before = this.#assembly;
    if (before !== undefined && before.length >= size) return;
    const limit = this.#maxFrameBytes + PROBE_BYTES;
    const wish = before === undefined ? INITIAL_ASSEMBLY_BYTES : size * 2;
    const capacity = Math.max(size, Math.min(limit, wish));
    const grown = Buffer.allocUnsafe(capacity);
    before?.copy(grown, 0, 0, this.#size);
    this.#assembly = grown;
  }

  #finish(): FrameEvent | undefined {
    if (this.#state === IN_FRAME) {
      const event = this.#abandon(undefined, 0, 0);
      this.#release();
      this.#state = BETWEEN;
      return event;
    }
    if (this.#state === GARBAGE) {
      const count = this.#garbage;
      this.#garbage = 0;
      this.#state = BETWEEN;
      return { kind: 'garbage', count };
    }
    return undefined;
  }

  #findStart(chunk: Buffer): number {
    if (this.#nextStart !== -1 && this.#nextStart < this.#position) {
      this.#nextStart = indexOfByte(chunk, START_BLOCK, this.#position);
    }
    return this.#nextStart;
  }

  #findEnd(chunk: Buffer): number {
    if (this.#nextEnd !== -1 && this.#nextEnd < this.#position) {
      this.#nextEnd = indexOfByte(chunk, END_BLOCK, this.#position);
    }
    return this.#nextEnd;
  }
}

const M = 0x4d;
const S = 0x53;
const H = 0x48;
const F = 0x46;
const B = 0x42;

/** Printable ASCII that is no letter, digit or space: what HL7 v2 allows as a field separator in use. */
function isPunctuation(byte: number): boolean {
  return (
    (byte > 0x20 && byte < 0x30) ||
    (byte > 0x39 && byte < 0x41) ||
    (byte > 0x5a && byte < 0x61) ||
    (byte > 0x7a && byte < 0x7f)
  );
}

function indexOfByte(chunk: Buffer, byte: number, from: number): number {
  if (chunk[from] === byte) return from; // runs of block characters would otherwise cost a native call each
  if (chunk.length - from > SHORT_SCAN) return chunk.indexOf(byte, from);
  for (let at = from; at < chunk.length; at += 1) if (chunk[at] === byte) return at;
  return -1;
}
