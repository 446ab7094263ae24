import { MAX_SEQUENCE, sequenceText } from './escape.ts';
import type { Hl7Message } from './message.ts';

/** A range of a message's bytes, as `locate` gives it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longest piece that is given at once, in bytes. */
const PIECE = 64 * 1024;

/**
 * The bytes of ranges of a message without their escape sequences, in pieces of at most 64 KB, one range after the other: for
 * values too large to be made a string of. As `unescapeText` does it, but in the message's own character set, whose switches
 * (`\C..\`, `\M..\`) become the escape bytes of ISO 2022 in ISO-2022-JP and stay as they stand in any other. Pieces are views of the
 * message where that is possible.
 */
export function* unescapeBytes(message: Hl7Message, spans: readonly Span[]): Generator<Buffer, void, undefined> {
  for (const { start, end } of spans) yield* unescapeSpan(message, start, end);
}

function* unescapeSpan(message: Hl7Message, start: number, end: number): Generator<Buffer, void, undefined> {
  const { bytes, structure, delimiters } = message;
  const escape = delimiters.codes.escape;
  const next = (from: number): number => {
    const found = escape === -1 ? -1 : structure.subarray(from, end).indexOf(escape);
    return found === -1 ? end : from + found;
  };
  for (let at = start; at < end;) {
    const open = next(at);
    yield* pieces(bytes, at, open);
    if (open === end) return;
    const close = next(open + 1);
    if (close === end) {
      yield* pieces(bytes, open, end);
      return;
    }
    at = close + 1;
    if (isHex(bytes, open + 1, close)) {
      for (const piece of pieces(bytes, open + 2, close)) yield Buffer.from(piece.toString('latin1'), 'hex');
      continue;
    }
    const body = close - open - 1 > MAX_SEQUENCE ? '' : bytes.toString('latin1', open + 1, close);
    const text = sequenceText(body, delimiters);
    if (text !== undefined) yield Buffer.from(text, 'latin1');
    else if (/^(?:C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?)$/.test(body)) {
      const isSwitched = message.charset.name === 'iso-2022-jp';
      yield isSwitched ? Buffer.from(`1b${body.slice(1)}`, 'hex') : bytes.subarray(open, at);
    } else {
      // Not a sequence: this escape character is data, the next may open one.
      yield* pieces(bytes, open, close);
      at = close;
    }
  }
}

/** An even cut, so that hexadecimal digits stay together. */
function* pieces(bytes: Buffer, start: number, end: number): Generator<Buffer, void, undefined> {
  for (let at = start; at < end; at += PIECE) yield bytes.subarray(at, Math.min(end, at + PIECE));
}

/** Whether `bytes[start, end)` is X and an even number of hexadecimal digits. */
function isHex(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 0x58 || end - start < 3 || (end - start) % 2 === 0) return false;
  for (let i = start + 1; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const lower = byte | 0x20;
    if (!(byte >= 0x30 && byte <= 0x39) && !(lower >= 0x61 && lower <= 0x66)) return false;
  }
  return true;
}
