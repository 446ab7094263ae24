import type { PracticeMessage } from './practice.ts';

/** What makes a message bad. */
export const BAD_MESSAGES = {
  unparseable_header: 'The first segment is no header: nothing about the message can be read.',
  missing_identifier: 'PID-3 is empty: it is not known which patient is meant.',
  impossible_birth_date: 'PID-7 is 19851345.',
  unknown_gender: 'PID-8 is a code that no table knows.',
  truncated: 'The message stops in the middle of PID-3.',
  wrong_character: 'The name has bytes that are not of the character set which MSH-18 names.',
  missing_control_id: 'MSH-10 is empty: the message cannot be acknowledged.',
  missing_type: 'MSH-9 is empty: nobody can tell what the message is for.',
  unknown_event: 'MSH-9 names an event that does not exist (Z99).',
  missing_segment: 'The segment that carries the matter is not there.',
  line_break_in_text: 'The patient’s name has a line end in it that is not escaped.',
  two_in_one: 'Two messages stand in one.',
  wrong_charset: 'Text is windows-1252, and MSH-18 says UTF-8.',
} as const;
export type BadMessage = keyof typeof BAD_MESSAGES;

/** What a sender does wrong. */
export const FAULTS = {
  ...BAD_MESSAGES,
  duplicate: 'The message before is sent again, byte for byte.',
  reused_control_id: 'Another message has the control id of the one before.',
  out_of_order: 'The message comes behind later ones, of the same patient where there is one.',
  half_frame: 'The connection is lost in the middle of a frame; then the message is sent whole.',
  no_end: 'A frame has no end and the connection is closed; then the message is sent whole.',
  garbage: 'Bytes that belong to no frame stand before it.',
  slow: 'A frame comes in small pieces.',
  lost_ack: 'The sender hangs up before it is acknowledged, and sends the same again.',
  burst: 'Many messages come without a pause.',
  silence: 'Nothing comes for a while.',
} as const;
export type Fault = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[];

/** What is bad about single messages, in turn: for a feed that is to have every so many messages one that fails. */
export const IN_TURN = [
  'unparseable_header',
  'missing_identifier',
  'impossible_birth_date',
  'unknown_gender',
  'truncated',
  'wrong_character',
  'duplicate',
  'reused_control_id',
] as const satisfies readonly Fault[];

/** The segment without which a message says nothing. */
const CARRIERS: Readonly<Record<string, string>> = {
  ADT: 'PID',
  DFT: 'FT1',
  MDM: 'TXA',
  ORM: 'ORC',
  OML: 'ORC',
  ORU: 'OBR',
  SIU: 'SCH',
  VXU: 'RXA',
};

/** Text here is Latin-1: one character for each byte. */
const SPOILED: Readonly<
  Record<
    BadMessage | 'reused_control_id',
    (text: string, previous: PracticeMessage, message: PracticeMessage) => string
  >
> = {
  unparseable_header: (text) => text.replace(/^MSH\|\^~\\&\|/, 'M5H\0'),
  missing_identifier: (text) => withField(text, 'PID', 3, ''),
  impossible_birth_date: (text) => withField(text, 'PID', 7, '19851345'),
  unknown_gender: (text) => withField(text, 'PID', 8, 'Q'),
  truncated: (text) => text.slice(0, text.indexOf('^^^', text.indexOf('\rPID|')) + 4),
  wrong_character: (text) => withField(withField(text, 'PID', 5, 'MU\xc3(OZ^ANA^\xff'), 'MSH', 18, 'UNICODE UTF-8'),
  missing_control_id: (text) => withField(text, 'MSH', 10, ''),
  missing_type: (text) => withField(text, 'MSH', 9, ''),
  unknown_event: (text, _, { type }) => withField(text, 'MSH', 9, `${type.slice(0, 3)}^Z99`),
  missing_segment: (text, _, { type }) => {
    const carrier = CARRIERS[type.slice(0, 3)] ?? 'PID';
    return text
      .split('\r')
      .filter((line) => !line.startsWith(`${carrier}|`))
      .join('\r');
  },
  line_break_in_text: (text) => withField(text, 'PID', 5, 'DOE\rJANE^ANN'),
  two_in_one: (text, previous) => text + previous.bytes.toString('latin1'),
  wrong_charset: (text) => withField(withField(text, 'PID', 5, 'PE\xd1A^JOS\xc9^'), 'MSH', 18, 'UNICODE UTF-8'),
  reused_control_id: (text, previous) => withField(text, 'MSH', 10, previous.controlId),
};

/** Whether a fault changes the message itself. */
export function spoils(fault: Fault): fault is BadMessage | 'reused_control_id' {
  return Object.hasOwn(SPOILED, fault);
}

/** Makes a good message bad. `previous` is the last message that was sent as it should be. */
export function spoil(
  fault: BadMessage | 'reused_control_id',
  message: PracticeMessage,
  previous: PracticeMessage,
): PracticeMessage {
  const bytes = Buffer.from(SPOILED[fault](message.bytes.toString('latin1'), previous, message), 'latin1');
  const controlId =
    fault === 'reused_control_id' ? previous.controlId : fault === 'missing_control_id' ? '' : message.controlId;
  return { ...message, bytes, controlId };
}

/** The text with one field of the first such segment replaced; numbered as HL7 does (MSH-1 is the separator). */
function withField(text: string, segment: string, field: number, value: string): string {
  const lines = text.split('\r');
  const at = lines.findIndex((line) => line.startsWith(`${segment}|`));
  if (at < 0) return text;
  const fields = (lines[at] ?? '').split('|');
  const index = segment === 'MSH' ? field - 1 : field;
  while (fields.length <= index) fields.push('');
  fields[index] = value;
  lines[at] = fields.join('|');
  return lines.join('\r');
}
