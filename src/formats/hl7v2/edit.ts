import { encodeText } from './charset.ts';
import { escapeText } from './escape.ts';
import { HL7_ERROR_CODES, Hl7Error, type Hl7Place } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import type { Hl7Path } from './path.ts';
import { type ReadAt, partEnd, partStart, read } from './read.ts';
import { toWide, wideLength } from './wide.ts';

/**
 * The message with one value changed and every other byte as it was. `null` writes HL7's explicit null, the empty
 * string empties the place; what is missing on the way to it (fields, repetitions, components) is added. A path without
 * component or subcomponent names the first one, as in `read`: what is read back is what was written.
 *
 * @throws Hl7Error `hl7.no-segment`, `hl7.bad-edit`, `hl7.unencodable`
 */
export function edit(message: Hl7Message, path: Hl7Path, value: string | null, at?: ReadAt): Hl7Message {
  const place = placeOf(path, at);
  const text = value === null ? '""' : escapeText(value, message.delimiters);
  if (text === undefined) {
    throw new Hl7Error(
      HL7_ERROR_CODES.UNENCODABLE,
      'The value needs escaping, but MSH-2 of this message has no escape character.',
      place,
    );
  }
  const parts = { component: path.component ?? 1, subcomponent: path.subcomponent ?? 1 };
  const edited = replace(message, path, at, text, parts);
  if (message.structure !== message.bytes && (read(edited, path, at) ?? '') !== (value ?? '')) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_EDIT,
      `A value before this place does not end its switch of character set (${message.charset.name}), so nothing can follow it.`,
      place,
    );
  }
  return edited;
}

/**
 * The message with a whole repetition (or component, where the path names one) replaced by text that is already
 * escaped, such as a person types who repairs it.
 *
 * @throws Hl7Error as {@link edit}; `hl7.bad-edit` also for text that would break the segment or the field apart.
 */
export function editRaw(message: Hl7Message, path: Hl7Path, raw: string, at?: ReadAt): Hl7Message {
  const { field, repetition } = message.delimiters;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const breaks = /[\u0000-\u0008\u000a-\u001f]/.test(raw) || raw.includes(field);
  if (breaks || (path.component !== undefined && repetition !== '' && raw.includes(repetition))) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_EDIT,
      'The text holds a separator or a line end that does not belong inside this place: write it as an escape sequence.',
      placeOf(path, at),
    );
  }
  return replace(message, path, at, raw, { component: path.component, subcomponent: path.subcomponent });
}

/**
 * The message with a segment inserted so that it becomes segment `index` (0 to segmentCount), given as it stands
 * (escaped, without a line end). It ends as the message's first segment does.
 */
export function withSegmentInserted(message: Hl7Message, index: number, segment: string): Hl7Message {
  if (!Number.isInteger(index) || index < 0 || index > message.segmentCount) {
    throw new RangeError(`There is no place ${index} among ${message.segmentCount} segments.`);
  }
  const { field } = message.delimiters;
  const isSegment = /^[A-Z][A-Z0-9]{2}/.test(segment) && (segment.length === 3 || segment[3] === field);
  if (!isSegment || /[\r\n]/.test(segment)) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_EDIT,
      'A segment is one line of a three-character name and fields after the field separator.',
      { segment: segment.slice(0, 3) },
    );
  }
  if (index === 0 && message.isHeader(0)) {
    throw new Hl7Error(HL7_ERROR_CODES.BAD_EDIT, 'Nothing can stand before the message header.', { segment: 'MSH' });
  }
  const ending = terminator(message);
  if (index < message.segmentCount) {
    const start = message.segmentStart(index);
    return splice(message, start, start, segment + ending, { segment: segment.slice(0, 3) });
  }
  const end = message.segmentEnd(message.segmentCount - 1);
  return splice(message, end, end, ending + segment, { segment: segment.slice(0, 3) });
}

/** The message without one segment and its line end. */
export function withoutSegment(message: Hl7Message, index: number): Hl7Message {
  if (!Number.isInteger(index) || index < 0 || index >= message.segmentCount) {
    throw new RangeError(`There is no segment ${index}.`);
  }
  if (index === 0 && message.isHeader(0)) {
    throw new Hl7Error(HL7_ERROR_CODES.BAD_EDIT, 'The message header cannot be removed.', { segment: 'MSH' });
  }
  // The line end before the last segment stays as the message's last line end.
  const last = index === message.segmentCount - 1;
  const start = message.segmentStart(index);
  const end = last
    ? message.segmentEnd(index) + endingAt(message, message.segmentEnd(index)).length
    : message.segmentStart(index + 1);
  return splice(message, start, end, '', { segment: message.segmentName(index) });
}

interface Parts {
  readonly component: number | undefined;
  readonly subcomponent: number | undefined;
}

function replace(message: Hl7Message, path: Hl7Path, at: ReadAt | undefined, text: string, parts: Parts): Hl7Message {
  const place = placeOf(path, at);
  const segment = at?.segment ?? message.findSegment(path.packedName, path.occurrence);
  if (segment < 0 || segment >= message.segmentCount) {
    throw new Hl7Error(
      HL7_ERROR_CODES.NO_SEGMENT,
      `The message has no ${path.segment} segment ${path.occurrence > 1 ? `number ${path.occurrence} ` : ''}to write to.`,
      place,
    );
  }
  if (message.isHeader(segment) && path.field < 3) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_EDIT,
      'The delimiters in fields 1 and 2 of a header hold the whole message together and cannot be changed in place.',
      place,
    );
  }
  const { delimiters, structure } = message;
  const { codes } = delimiters;
  const offsets = message.fieldOffsets(segment);
  const missing = path.field - (offsets.length - 2);
  let start = missing > 0 ? message.segmentEnd(segment) : (offsets[path.field] ?? 0);
  let end = missing > 0 ? start : (offsets[path.field + 1] ?? 0) - 1;
  // Delimiters to be written before the value, as the message does not reach that far yet.
  let lead = missing > 0 ? delimiters.field.repeat(missing) : '';

  const descend = (character: string, code: number, n: number, what: string): void => {
    if (character === '') {
      if (n === 1) return;
      throw new Hl7Error(HL7_ERROR_CODES.BAD_EDIT, `MSH-2 of this message has no ${what} separator.`, place);
    }
    const found = partStart(structure, start, end, code, n);
    if (found !== -1) {
      start = found;
      end = partEnd(structure, start, end, code);
      return;
    }
    let have = 1;
    for (let i = start; i < end; i++) if (structure[i] === code) have += 1;
    lead += character.repeat(n - have);
    start = end;
  };
  descend(delimiters.repetition, codes.repetition, (at?.repetition ?? path.repetition - 1) + 1, 'repetition');
  if (parts.component !== undefined) {
    descend(delimiters.component, codes.component, parts.component, 'component');
    if (parts.subcomponent !== undefined) {
      descend(delimiters.subcomponent, codes.subcomponent, parts.subcomponent, 'subcomponent');
    }
  }
  // Emptying what is not there leaves the message as it is.
  if (text === '' && lead !== '') return message;
  return splice(message, start, end, lead + text, place);
}

/** The message with `bytes[start, end)` replaced; on the wire too, in its encoding. */
function splice(message: Hl7Message, start: number, end: number, text: string, place: Hl7Place): Hl7Message {
  const { bytes, wide } = message;
  if (message.isView) {
    const text = 'This is a view in which continued fields are joined: edit the message that it was made of.';
    throw new Hl7Error(HL7_ERROR_CODES.BAD_EDIT, text, place);
  }
  const headerless = message.segmentName(0) === 'MSH' ? false : message.delimiters;
  if (wide !== undefined) {
    const wire = message.toBytes();
    const from = wideLength(bytes.subarray(0, start), wide);
    const to = from + wideLength(bytes.subarray(start, end), wide);
    const parts = [wire.subarray(0, from), toWide(text, wide), wire.subarray(to)];
    return parseMessage(Buffer.concat(parts), { headerless });
  }
  const encoded = encodeText(text, message.charset.name);
  if (encoded === undefined) {
    throw new Hl7Error(
      HL7_ERROR_CODES.UNENCODABLE,
      `The value has characters that this message's character set (${message.charset.name}) does not have.`,
      place,
    );
  }
  return parseMessage(Buffer.concat([bytes.subarray(0, start), encoded, bytes.subarray(end)]), { headerless });
}

function placeOf(path: Hl7Path, at: ReadAt | undefined): Hl7Place {
  return {
    segment: path.segment,
    sequence: path.occurrence,
    field: path.field,
    repetition: (at?.repetition ?? path.repetition - 1) + 1,
    ...(path.component === undefined ? {} : { component: path.component }),
    ...(path.subcomponent === undefined ? {} : { subcomponent: path.subcomponent }),
  };
}

function endingAt(message: Hl7Message, at: number): string {
  const byte = message.bytes[at];
  if (byte === 0x0d) return message.bytes[at + 1] === 0x0a ? '\r\n' : '\r';
  return byte === 0x0a ? '\n' : '';
}

function terminator(message: Hl7Message): string {
  return endingAt(message, message.segmentEnd(0)) || '\r';
}
