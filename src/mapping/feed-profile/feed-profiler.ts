import { isAscii, isUtf8 } from 'node:buffer';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { compilePath } from '../../formats/hl7v2/path.ts';
import { isNull, partEnd, read, textOf } from '../../formats/hl7v2/read.ts';
import { describeFeed } from './describe-feed.ts';
import { emptyCollection, emptySegment, type FeedCollection } from './feed-collection.ts';
import type { FeedProfile } from './feed-profile.ts';
import { FieldCollector } from './field-collector.ts';
import type { MessageInHand } from './part-collector.ts';

export interface ProfilerLimits {
  /** Fields and components that are told apart. Default 8,000, about 60 MB where every one is full. */
  readonly maxParts?: number;
  /** Control ids that are remembered. Default 250,000. */
  readonly maxControlIds?: number;
}

/** Fields and components beyond these numbers are none that anybody maps. */
const MAX_FIELDS = 200;
const MAX_COMPONENTS = 40;
const MAX_SEGMENTS = 200;
/** Longer values (embedded documents) are measured, and looked at by their beginning. */
const MAX_VALUE_BYTES = 240;

const path = {
  code: compilePath('MSH-9.1'),
  event: compilePath('MSH-9.2'),
  eventOld: compilePath('EVN-1'),
  version: compilePath('MSH-12.1'),
  application: compilePath('MSH-3.1'),
  facility: compilePath('MSH-4.1'),
  toApplication: compilePath('MSH-5.1'),
  toFacility: compilePath('MSH-6.1'),
  time: compilePath('MSH-7.1'),
  control: compilePath('MSH-10'),
  processing: compilePath('MSH-11.1'),
};

/** Builds a profile message by message, in memory that does not grow with their number. */
export interface FeedProfiler {
  /** The type by which the profile counts a message: `ADT^A04`; `ADT` alone where no event is told. */
  add(message: Hl7Message): string;
  /** Notes something that could not be read. `place` says where, for people: `line 120`. */
  addUnreadable(code: string, place: string): void;
  profile(): FeedProfile;
}

export function createFeedProfiler(limits: ProfilerLimits = {}): FeedProfiler {
  const all = emptyCollection();
  const controlIds = new Set<string>();
  const maxControlIds = limits.maxControlIds ?? 250_000;
  let partsLeft = limits.maxParts ?? 8_000;
  const makePart = (): boolean => {
    if (partsLeft <= 0) {
      all.left += 1;
      return false;
    }
    partsLeft -= 1;
    return true;
  };

  function addControlId(message: Hl7Message): void {
    const id = textAt(message, path.control);
    if (id === '') all.missingControlIds += 1;
    else if (controlIds.has(id)) all.repeatedControlIds += 1;
    else if (controlIds.size < maxControlIds) controlIds.add(id.slice(0, 200));
    else all.controlIdsExact = false;
  }

  function addSegment(message: Hl7Message, index: number, inHand: MessageInHand): void {
    const name = message.segmentName(index);
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) {
      all.stray += 1;
      return;
    }
    let segment = all.segments.get(name);
    if (segment === undefined) {
      if (all.segments.size >= MAX_SEGMENTS) {
        all.left += 1;
        return;
      }
      segment = emptySegment(name);
      all.segments.set(name, segment);
    }
    segment.occurrences += 1;
    if (segment.lastMessage === inHand.number) segment.inThisMessage += 1;
    else {
      segment.lastMessage = inHand.number;
      segment.inThisMessage = 1;
      segment.messages += 1;
      segment.byType.set(inHand.type, (segment.byType.get(inHand.type) ?? 0) + 1);
      segment.versions.add(inHand.version ?? '');
    }
    if (segment.inThisMessage > segment.most) segment.most = segment.inThisMessage;
    const offsets = message.fieldOffsets(index);
    const count = Math.min(offsets.length - 2, MAX_FIELDS);
    for (let number = message.isHeader(index) ? 3 : 1; number <= count; number++) {
      const start = offsets[number] ?? 0;
      const end = (offsets[number + 1] ?? 0) - 1;
      if (end <= start) continue;
      let field = segment.fields[number];
      if (field === undefined) {
        if (!makePart()) continue;
        field = segment.fields[number] = new FieldCollector(name, number);
      }
      addField(message, field, start, end, inHand, makePart);
    }
  }

  return {
    add(message) {
      const type = typeOf(message);
      const version = textAt(message, path.version) || undefined;
      all.messages += 1;
      all.bytes += message.bytes.length;
      all.types.add(type);
      all.versions.add(version ?? 'none');
      addEnvelope(all, message);
      addControlId(message);
      const inHand: MessageInHand = { number: all.messages, type, version };
      for (let index = 0; index < message.segmentCount; index++) addSegment(message, index, inHand);
      return type;
    },
    addUnreadable(code, place) {
      const known = all.unreadable.get(code);
      if (known === undefined) all.unreadable.set(code, { count: 1, first: place });
      else known.count += 1;
    },
    profile: () => describeFeed(all),
  };
}

/** Takes one field of one segment apart. */
function addField(
  message: Hl7Message,
  field: FieldCollector,
  start: number,
  end: number,
  inHand: MessageInHand,
  makePart: () => boolean,
): void {
  const { structure } = message;
  const { repetition, component, subcomponent } = message.delimiters.codes;
  let repeats = 0;
  let isFilled = false;
  for (let at = start; at <= end;) {
    const stop = partEnd(structure, at, end, repetition);
    if (stop > at) {
      repeats += 1;
      if (isNull(structure, at, stop)) field.whole.nulls += 1;
      else {
        isFilled = addRepetition(at, stop) || isFilled;
      }
    }
    at = stop + 1;
  }
  if (!isFilled) return;
  field.whole.filled += 1;
  field.whole.mark(inHand);
  if (repeats > field.repeats) field.repeats = repeats;
  const standard = field.whole.standard(inHand.version);
  if (standard === undefined) field.whole.deviate('unknown');
  else if (repeats > 1 && !standard.repeats) field.whole.deviate('repetition');

  function addRepetition(from: number, to: number): boolean {
    let filled = false;
    let code = '';
    let number = 1;
    for (let at = from; at <= to && number <= MAX_COMPONENTS; number++) {
      const stop = partEnd(structure, at, to, component);
      const first = partEnd(structure, at, stop, subcomponent);
      const cut = Math.min(first, at + MAX_VALUE_BYTES);
      const value = first > at && !isNull(structure, at, first) ? textOf(message, at, cut).trim() : '';
      if (value !== '') {
        filled = true;
        field.component(number, makePart)?.add(value, cut < first ? first - at : value.length, inHand);
        if (number === 1) code = value;
        else if (number === 2 && code !== '') field.label(code, value);
      } else if (stop > first) filled = true;
      at = stop + 1;
    }
    if (filled) {
      const length = to - from;
      field.whole.lengths.add(length);
      const most = field.whole.standard(inHand.version)?.maxLength;
      if (most !== undefined && length > most) field.whole.deviate('length');
    }
    return filled;
  }
}

function typeOf(message: Hl7Message): string {
  const code = textAt(message, path.code);
  const event = textAt(message, path.event) || textAt(message, path.eventOld);
  return (event === '' ? code || 'none' : `${code}^${event}`).slice(0, 20);
}

function addEnvelope(all: FeedCollection, message: Hl7Message): void {
  all.senders.add(`${textAt(message, path.application)} / ${textAt(message, path.facility)}`);
  all.receivers.add(`${textAt(message, path.toApplication)} / ${textAt(message, path.toFacility)}`);
  all.processing.add(textAt(message, path.processing) || 'none');
  const { charset, bytes, delimiters } = message;
  all.declared.add(charset.declared ?? 'none');
  const plain = isAscii(bytes);
  all.used.add(plain ? 'ascii' : charset.name);
  if (!plain) all.beyondAscii += 1;
  if (!charset.known || (charset.name === 'utf-8' && !plain && !isUtf8(bytes))) all.misfits += 1;
  const { field, component, repetition, escape, subcomponent } = delimiters;
  all.delimiters.add(field + component + repetition + escape + subcomponent);
  all.terminators.add(terminatorOf(message));
  const time = textAt(message, path.time);
  if (/^\d{8}/.test(time)) {
    if (all.first === '' || time < all.first) all.first = time.slice(0, 30);
    if (time > all.last) all.last = time.slice(0, 30);
  }
}

function terminatorOf(message: Hl7Message): string {
  const { bytes } = message;
  let found = '';
  for (let index = 0; index < message.segmentCount; index++) {
    const end = message.segmentEnd(index);
    const byte = bytes[end];
    if (byte !== 0x0d && byte !== 0x0a) continue;
    const name = byte === 0x0a ? 'LF' : bytes[end + 1] === 0x0a ? 'CRLF' : 'CR';
    if (found === '') found = name;
    else if (found !== name) return 'mixed';
  }
  return found === '' ? 'none' : found;
}

function textAt(message: Hl7Message, at: ReturnType<typeof compilePath>): string {
  return read(message, at)?.trim() ?? '';
}
