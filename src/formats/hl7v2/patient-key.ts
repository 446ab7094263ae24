import type { Envelope } from './envelope.ts';
import { isNull, partEnd, partStart } from './read.ts';
import { lineEnd } from './segment-index.ts';
import { fromWide } from './wide.ts';

/** Identifier types of table 0203 that name the patient in the sender's own index. */
const OWN_TYPES = new Set(['MR', 'MRN', 'PI']);

/**
 * Whom a message is about, as `id|authority` in raw text: the PID-3 repetition of type MR, MRN or PI, else its first
 * with an identifier, else PID-2, else PID-18; undefined when there is no PID or none of them. Found without parsing
 * the message. Only good for putting one patient's messages in one order: it is patient data, so hash it with a key.
 */
export function peekPatientKey(wire: Buffer, envelope: Envelope): string | undefined {
  const bytes = envelope.wide === undefined ? wire : fromWide(wire, envelope.wide);
  const { field: separator } = envelope.delimiters.codes;
  const start = findSegment(bytes, `PID${envelope.delimiters.field}`);
  if (start === -1) return undefined;
  const end = lineEnd(bytes, start);
  let at = start;
  const field: { start: number; end: number }[] = [];
  for (let n = 0; n <= 18 && at <= end; n++) {
    const stop = partEnd(bytes, at, end, separator);
    field.push({ start: at, end: stop });
    at = stop + 1;
  }
  return (
    keyOf(bytes, field[3], envelope, true) ??
    keyOf(bytes, field[2], envelope, false) ??
    keyOf(bytes, field[18], envelope, false)
  );
}

/** Where a segment begins whose first bytes are `prefix`; -1 when there is none, or only after much that looks like it. */
function findSegment(bytes: Buffer, prefix: string): number {
  let at = bytes.indexOf(prefix, 0, 'latin1');
  for (let tries = 0; at > 0; tries++) {
    if (tries === 1000) return -1;
    const before = bytes[at - 1] ?? 0;
    // A line end, or the blanks and frame characters that may stand before a segment.
    if (before <= 0x20) return at;
    at = bytes.indexOf(prefix, at + 1, 'latin1');
  }
  return at;
}

function keyOf(
  bytes: Buffer,
  field: { start: number; end: number } | undefined,
  envelope: Envelope,
  preferOwn: boolean,
): string | undefined {
  if (field === undefined || field.start >= field.end) return undefined;
  const { component, repetition } = envelope.delimiters.codes;
  let first: string | undefined;
  for (let at = field.start; at <= field.end;) {
    const end = partEnd(bytes, at, field.end, repetition);
    const idEnd = partEnd(bytes, at, end, component);
    if (idEnd > at && !isNull(bytes, at, idEnd)) {
      const isOwn = preferOwn && OWN_TYPES.has(componentText(bytes, at, end, component, 5));
      if (isOwn || first === undefined) {
        const key = `${bytes.toString('latin1', at, idEnd)}|${componentText(bytes, at, end, component, 4)}`;
        if (isOwn || !preferOwn) return key;
        first = key;
      }
    }
    at = end + 1;
  }
  return first;
}

function componentText(bytes: Buffer, start: number, end: number, delimiter: number, n: number): string {
  const from = partStart(bytes, start, end, delimiter, n);
  if (from === -1) return '';
  const to = partEnd(bytes, from, end, delimiter);
  return from === to || isNull(bytes, from, to) ? '' : bytes.toString('latin1', from, to);
}
