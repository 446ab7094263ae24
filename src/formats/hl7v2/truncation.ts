import type { Hl7Message } from './message.ts';

/**
 * Segments that a message of the type always ends with or after (HL7 v2 chapters 3, 4, 7 and 9): one that lacks them, and
 * breaks off in the middle of a line, was cut short.
 */
const VISIT = ['PID', 'PV1'] as const;
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  ADT: ['PID'],
  'ADT^A01': VISIT,
  'ADT^A03': VISIT,
  'ADT^A04': VISIT,
  'ADT^A08': VISIT,
  'ADT^A11': VISIT,
  'ADT^A40': ['PID', 'MRG'],
  MDM: ['PID', 'TXA'],
  ORM: ['ORC'],
  OML: ['ORC'],
  ORU: ['OBR'],
  VXU: ['PID', 'RXA'],
};

const CR = 0x0d;
const LF = 0x0a;

/**
 * The name of the segment that a message broke off in; undefined when it is whole as far as can be told. Many feeds leave
 * the terminator of the last segment away, so that its absence says something only together with a missing segment.
 *
 * @param type Message code and trigger event: `ADT^A04`.
 */
export function cutOffSegment(message: Hl7Message, type: string): string | undefined {
  const last = message.segmentCount - 1;
  const { bytes } = message;
  for (let at = message.segmentEnd(last); at < bytes.length; at++) {
    if (bytes[at] === CR || bytes[at] === LF) return undefined;
  }
  const required = REQUIRED[type] ?? REQUIRED[type.split('^')[0] ?? ''] ?? [];
  const isWhole = required.every((name) => message.segmentIndexes(name).length > 0);
  return isWhole ? undefined : message.segmentName(last);
}
