import type { PracticeMessage } from './practice.ts';

/** What a sender does wrong now and then. */
export const FAULTS = {
  unparseable_header: 'The first segment is no header: nothing about the message can be read.',
  missing_identifier: 'PID-3 is empty: it is not known which patient is meant.',
  impossible_birth_date: 'PID-7 is 19851345.',
  unknown_gender: 'PID-8 is a code that no table knows.',
  truncated: 'The message stops in the middle of PID-3.',
  wrong_character: 'The name has bytes that are not of the character set which MSH-18 names.',
  duplicate: 'The message before is sent again, byte for byte.',
  reused_control_id: 'Another message has the control id of the one before.',
} as const;
export type Fault = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[];

/** Text here is Latin-1: one character for each byte. */
const SPOILED: Readonly<Record<Exclude<Fault, 'duplicate'>, (text: string, previous: PracticeMessage) => string>> = {
  unparseable_header: (text) => text.replace(/^MSH\|\^~\\&\|/, 'M5H\0'),
  missing_identifier: (text) => withField(text, 'PID', 3, ''),
  impossible_birth_date: (text) => withField(text, 'PID', 7, '19851345'),
  unknown_gender: (text) => withField(text, 'PID', 8, 'Q'),
  truncated: (text) => text.slice(0, text.indexOf('^^^', text.indexOf('\rPID|')) + 4),
  wrong_character: (text) => withField(withField(text, 'PID', 5, 'MU\xc3(OZ^ANA^\xff'), 'MSH', 18, 'UNICODE UTF-8'),
  reused_control_id: (text, previous) => withField(text, 'MSH', 10, previous.controlId),
};

/** Makes a good message bad. `previous` is the last message that was sent as it should be. */
export function spoil(fault: Fault, message: PracticeMessage, previous: PracticeMessage): PracticeMessage {
  if (fault === 'duplicate') return previous;
  const bytes = Buffer.from(SPOILED[fault](message.bytes.toString('latin1'), previous), 'latin1');
  return { ...message, bytes, controlId: fault === 'reused_control_id' ? previous.controlId : message.controlId };
}

/** The text with one field of the first such segment replaced; numbered as HL7 does (MSH-1 is the separator). */
function withField(text: string, segment: string, field: number, value: string): string {
  const lines = text.split('\r');
  const at = lines.findIndex((line) => line.startsWith(`${segment}|`));
  const fields = (lines[at] ?? '').split('|');
  const index = segment === 'MSH' ? field - 1 : field;
  while (fields.length <= index) fields.push('');
  fields[index] = value;
  lines[at] = fields.join('|');
  return lines.join('\r');
}
