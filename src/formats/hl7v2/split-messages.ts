import { lineEnd, skipLead } from './segment-index.ts';

/** A stretch of a file: one message, or one line of the envelope around messages (FHS, BHS, BTS, FTS). */
export interface MessagePart {
  readonly kind: 'message' | 'envelope';
  /** The first segment's name. */
  readonly name: string;
  /** A view of the file's bytes, not a copy. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Number of the line it begins at, from 1. */
  readonly line: number;
}

const ENVELOPE = new Set(['FHS', 'BHS', 'BTS', 'FTS']);

/**
 * Takes a file of messages apart, with or without file and batch envelopes (HL7 v2 section 2.10.3). A message begins
 * where a line begins with MSH and a separator and ends where the next or an envelope line begins. What stands before
 * the first header comes as a message too, so that it is refused with a reason rather than dropped.
 */
export function* splitMessages(bytes: Buffer): Generator<MessagePart, void, undefined> {
  let open: { name: string; offset: number; line: number } | undefined;
  let line = 1;
  const first = skipLead(bytes);
  for (let i = 0; i < first; i++) if (endsLine(bytes, i)) line += 1;
  for (let at = first; at < bytes.length;) {
    const end = lineEnd(bytes, at);
    const name = headerAt(bytes, at);
    if (name !== undefined || (open === undefined && !isBlankLine(bytes, at, end))) {
      if (open !== undefined) yield part(bytes, open, at);
      open = { name: name ?? bytes.toString('latin1', at, Math.min(at + 3, end)), offset: at, line };
    }
    at = end + 1;
    if (bytes[end] === 0x0d && bytes[at] === 0x0a) at += 1;
    line += 1;
    if (open !== undefined && ENVELOPE.has(open.name)) {
      yield part(bytes, open, Math.min(at, bytes.length));
      open = undefined;
    }
  }
  if (open !== undefined) yield part(bytes, open, bytes.length);
}

function part(bytes: Buffer, open: { name: string; offset: number; line: number }, end: number): MessagePart {
  const kind = ENVELOPE.has(open.name) ? 'envelope' : 'message';
  return { kind, name: open.name, bytes: bytes.subarray(open.offset, end), offset: open.offset, line: open.line };
}

/** The name of a header or envelope segment that begins at `at`. */
function headerAt(bytes: Buffer, at: number): string | undefined {
  let start = at;
  // What frames and blanks leave before a header does not hide it.
  while ((bytes[start] ?? 0xff) <= 0x20 && bytes[start] !== 0x0d && bytes[start] !== 0x0a) start += 1;
  if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
  const name = bytes.toString('latin1', start, start + 3);
  if (name !== 'MSH' && !ENVELOPE.has(name)) return undefined;
  const separator = bytes[start + 3] ?? 0x0d;
  const isTrailer = name === 'BTS' || name === 'FTS';
  if (separator <= 0x20) return isTrailer ? name : undefined;
  return /[A-Za-z0-9]/.test(String.fromCharCode(separator)) || separator >= 0x7f ? undefined : name;
}

function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) > 0x20) return false;
  return true;
}

function endsLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
}
