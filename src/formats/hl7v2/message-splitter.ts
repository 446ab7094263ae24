import { type WideForm, narrowed, unitWidth, wideForm } from './wide.ts';

/** A stretch of a file: one message, or one line of the envelope around messages (FHS, BHS, BTS, FTS). */
export interface MessagePart {
  readonly kind: 'message' | 'envelope';
  /** The first segment's name. */
  readonly name: string;
  /** The bytes as they stand in the file; a view of what was read where that is possible. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Number of the line it begins at, from 1. */
  readonly line: number;
}

/** A part that is longer than the limit: it was passed over, and what follows it is read as usual. */
export interface TooLongPart extends Omit<MessagePart, 'kind'> {
  readonly kind: 'too-long';
  /** All its bytes; `bytes` are the first of them. */
  readonly length: number;
}

/** What is kept of a part that is too long: enough for its header. */
const HEAD_BYTES = 4096;

/** Longest run of blanks and frame characters that is looked through for a header at the front of a line. */
const MAX_FILLER = 65_536;

/** How much is needed to tell wide Unicode: 64 units before a header, of four bytes each. */
const FORM_BYTES = 272;

const ENVELOPE = new Set(['FHS', 'BHS', 'BTS', 'FTS']);

const CR = 0x0d;
const LF = 0x0a;

interface Open {
  readonly name: string;
  readonly offset: number;
  readonly line: number;
}

/**
 * Takes a stream of bytes apart into messages, with or without file and batch envelopes (HL7 v2 section 2.10.3). A
 * message begins where a line begins with MSH and a separator, and ends where the next or an envelope line begins; lines end
 * in CR, LF or CRLF, also mixed. What stands before the first header comes as a message too, so that it is refused
 * with a reason rather than dropped. Files in UTF-16 or UTF-32 come apart alike.
 *
 * Holds one message at most, and of one above `maxBytes` only its beginning.
 */
export class MessageSplitter {
  readonly #maxBytes: number;
  #form: WideForm | undefined | 'unknown' = 'unknown';
  #width = 1;
  /** What was read and not looked at yet. */
  #tail: Buffer = Buffer.alloc(0);
  /** Offset of the tail in the file. */
  #offset = 0;
  #line = 1;
  #atLineStart = true;
  #open: Open | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(options: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  /** The parts that end in these bytes. They are not copied, so they must not be changed afterwards. */
  *push(chunk: Buffer): Generator<MessagePart | TooLongPart, void, undefined> {
    const data = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = data;
    if (this.#form === 'unknown' && data.length < FORM_BYTES) return;
    yield* this.#scan(data, false);
  }

  /** The last part. */
  *end(): Generator<MessagePart | TooLongPart, void, undefined> {
    yield* this.#scan(this.#tail, true);
    if (this.#open !== undefined) yield this.#close(this.#open);
  }

  *#scan(data: Buffer, final: boolean): Generator<MessagePart | TooLongPart, void, undefined> {
    if (this.#form === 'unknown') {
      this.#form = wideForm(data);
      this.#width = this.#form === undefined ? 1 : unitWidth(this.#form);
    }
    const units = this.#form === undefined ? data : narrowed(data, this.#form);
    let at = 0;
    // From where on the bytes belong to the open part and are not held yet.
    let from = 0;
    while (at < units.length) {
      if (this.#atLineStart) {
        const found = probeLine(units, at, final);
        if (found === 'more') break;
        if (found.header !== undefined || (this.#open === undefined && !found.blank)) {
          if (this.#open !== undefined) {
            this.#hold(data, from, at);
            yield this.#close(this.#open);
          }
          const name = found.header ?? units.toString('latin1', at, Math.min(at + 3, lineEnd(units, at)));
          this.#open = { name, offset: this.#offset + at * this.#width, line: this.#line };
          from = at;
        }
        this.#atLineStart = false;
      }
      at = lineEnd(units, at);
      if (at === units.length) break;
      // Whether a line feed belongs to this line end is seen with the next bytes.
      if (units[at] === CR && at + 1 === units.length && !final) break;
      at += units[at] === CR && units[at + 1] === LF ? 2 : 1;
      this.#line += 1;
      this.#atLineStart = true;
      if (this.#open !== undefined && ENVELOPE.has(this.#open.name)) {
        this.#hold(data, from, at);
        yield this.#close(this.#open);
      }
      if (this.#open === undefined) from = at;
    }
    // At the very end half a unit may be left over, which belongs to the last part.
    const seen = final ? data.length : at * this.#width;
    if (this.#open !== undefined) this.#hold(data, from, seen / this.#width);
    this.#tail = data.subarray(seen);
    this.#offset += seen;
  }

  #hold(data: Buffer, from: number, to: number): void {
    const piece = data.subarray(from * this.#width, to * this.#width);
    const before = this.#heldBytes;
    this.#heldBytes += piece.length;
    if (this.#heldBytes <= this.#maxBytes) {
      if (piece.length > 0) this.#held.push(piece);
    } else if (before <= this.#maxBytes) {
      // A copy, so that the rest can be let go of.
      const length = Math.min(HEAD_BYTES, this.#heldBytes);
      this.#held = [Buffer.concat([...this.#held, piece], length)];
    }
  }

  #close(open: Open): MessagePart | TooLongPart {
    const [only, ...more] = this.#held;
    const bytes = more.length === 0 ? (only ?? Buffer.alloc(0)) : Buffer.concat(this.#held);
    const length = this.#heldBytes;
    this.#open = undefined;
    this.#held = [];
    this.#heldBytes = 0;
    if (length > this.#maxBytes) return { kind: 'too-long', ...open, bytes, length };
    return { kind: ENVELOPE.has(open.name) ? 'envelope' : 'message', ...open, bytes };
  }
}

function lineEnd(units: Uint8Array, from: number): number {
  let at = from;
  while (at < units.length && units[at] !== CR && units[at] !== LF) at += 1;
  return at;
}

/** What the line that begins at `at` begins with; `more` when that cannot be told without the bytes that follow. */
function probeLine(
  units: Buffer,
  at: number,
  final: boolean,
): { readonly header: string | undefined; readonly blank: boolean } | 'more' {
  let start = at;
  // What frames and blanks leave before a header does not hide it, nor does a byte order mark.
  for (;;) {
    const byte = units[start];
    if (byte === undefined) break;
    if (byte <= 0x20 && byte !== CR && byte !== LF) start += 1;
    else if (byte === 0xef && units[start + 1] === 0xbb && units[start + 2] === 0xbf) start += 3;
    else break;
  }
  const left = units.length - start;
  if (left < 4 && !final && lineEnd(units, start) === units.length && start - at < MAX_FILLER) return 'more';
  const first = units[start] ?? LF;
  if (first === CR || first === LF) return { header: undefined, blank: true };
  const name = units.toString('latin1', start, start + 3);
  if (name !== 'MSH' && !ENVELOPE.has(name)) return { header: undefined, blank: false };
  const separator = units[start + 3] ?? CR;
  // A trailer may be a name alone; a header without a separator is a word.
  const isTrailer = name === 'BTS' || name === 'FTS';
  const header =
    separator <= 0x20 ? isTrailer : !/[A-Za-z0-9]/.test(String.fromCharCode(separator)) && separator < 0x7f;
  return { header: header ? name : undefined, blank: false };
}
