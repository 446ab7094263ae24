import { charsetByLabel, encodeLossy } from './charset.ts';
import { CONDITION_CODES, type ConditionCode } from './condition-codes.ts';
import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.ts';
import type { Envelope } from './envelope.ts';
import { escapeText } from './escape.ts';
import type { Hl7Place } from './hl7-error.ts';
import { toWide } from './wide.ts';
import { versionNumber } from './version.ts';

/** Acknowledgment codes (table 0008): of the original mode and of the enhanced mode's application level, then accept level. */
export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** One thing that is wrong, for the ERR segment. */
export interface AckError {
  readonly location?: Hl7Place;
  readonly conditionCode: ConditionCode;
  /** Table 0516: error, warning, information. */
  readonly severity: 'E' | 'W' | 'I';
  /** For the sender's operator to read. Must hold no patient data. */
  readonly text: string;
}

export interface AckOptions {
  /** What is being acknowledged; absent when nothing could be read of it. */
  readonly request?: Envelope;
  readonly code: AckCode;
  readonly text?: string;
  readonly errors?: readonly AckError[];
  readonly now: Date;
  /** The acknowledgment's own MSH-10. */
  readonly controlId: string;
}

/** Used when the request does not tell a version that is known. */
const FALLBACK_VERSION = '2.5.1';

/**
 * Builds the acknowledgment (HL7 v2 section 2.13.1) in the request's version, delimiters and character set: sender and
 * receiver change places, MSA-2 returns the control id, errors go to ERR — one segment with a repeating ERR-1 before
 * 2.5, one segment each with ERR-2 to ERR-8 from 2.5. Never throws on account of the request.
 */
export function buildAck(options: AckOptions): Buffer {
  const { request } = options;
  const delimiters = request?.delimiters ?? STANDARD_DELIMITERS;
  const version = versionNumber(request?.version) ?? versionNumber(FALLBACK_VERSION) ?? 0;
  const { field, component } = delimiters;
  const value = (text: string): string => escapeText(text, delimiters) ?? keepPlain(text, delimiters);
  const mirror = (n: number): string => request?.fields[n] ?? '';

  const header: string[] = [];
  header[2] = encodingCharacters(delimiters);
  header[3] = mirror(5);
  header[4] = mirror(6);
  header[5] = mirror(3);
  header[6] = mirror(4);
  header[7] = hl7Timestamp(options.now);
  header[9] = messageType(request, version, delimiters);
  header[10] = value(options.controlId);
  header[11] = mirror(11) === '' ? 'P' : mirror(11);
  header[12] = versionNumber(request?.version) === undefined ? FALLBACK_VERSION : mirror(12);
  if (mirror(18) !== '') header[18] = mirror(18);

  const errors = allErrors(options, version);
  const msa = ['MSA', options.code, mirror(10)];
  // 2.7 withdrew MSA-3; before that it is what the sender's operator looks at.
  if (version < 20_700 && options.text !== undefined) msa[3] = value(options.text);
  const firstError = errors[0];
  if (firstError !== undefined && version >= 20_300 && version < 20_500) {
    msa[6] = [firstError.conditionCode, value(CONDITION_CODES[firstError.conditionCode]), 'HL70357'].join(component);
  }

  const join = (fields: readonly string[]): string => Array.from(fields, (text) => text ?? '').join(field);
  const segments = [`MSH${field}${join(header.slice(2))}`, join(msa)];
  if (version >= 20_500) for (const error of errors) segments.push(join(errSegment(error, delimiters, value)));
  else if (errors.length > 0) segments.push(join(['ERR', oldErrField(errors, delimiters, value)]));
  const text = segments.map((segment) => `${segment}\r`).join('');
  if (request?.wide !== undefined) return toWide(text, request.wide);
  return encodeLossy(text, charsetByLabel(request?.charset, delimiters.repetition).name);
}

function encodingCharacters(delimiters: Delimiters): string {
  const { component, repetition, escape, subcomponent, truncation } = delimiters;
  return component + repetition + escape + subcomponent + truncation;
}

/** Without an escape character delimiters cannot be written as data: a blank stands for them. */
function keepPlain(text: string, delimiters: Delimiters): string {
  const { field, component, repetition, subcomponent } = delimiters;
  return Array.from(text, (character) =>
    character < ' ' || [field, component, repetition, subcomponent].includes(character) ? ' ' : character,
  ).join('');
}

/** MSH-9: the code alone before 2.3, with the trigger event in 2.3, with the structure from 2.3.1. */
function messageType(request: Envelope | undefined, version: number, delimiters: Delimiters): string {
  const trigger = request?.fields[9]?.split(delimiters.component || '^')[1] ?? '';
  if (version < 20_300 || delimiters.component === '') return 'ACK';
  if (version < 20_301) return trigger === '' ? 'ACK' : `ACK${delimiters.component}${trigger}`;
  return trigger === '' ? 'ACK' : ['ACK', trigger, 'ACK'].join(delimiters.component);
}

/** From 2.7 text has no other place than an ERR segment, so a refusal with a text alone becomes an error. */
function allErrors(options: AckOptions, version: number): readonly AckError[] {
  const errors = options.errors ?? [];
  const refused = options.code !== 'AA' && options.code !== 'CA';
  if (errors.length > 0 || !refused || version < 20_700 || options.text === undefined) return errors;
  return [{ conditionCode: '207', severity: 'E', text: options.text }];
}

/** ERR from 2.5: location, code, severity and the text as user message (section 2.15.5). */
function errSegment(error: AckError, delimiters: Delimiters, value: (text: string) => string): string[] {
  const { component } = delimiters;
  const code = [error.conditionCode, value(CONDITION_CODES[error.conditionCode]), 'HL70357'].join(component);
  return ['ERR', '', location(error.location, component), code, error.severity, '', '', '', value(error.text)];
}

function location(place: Hl7Place | undefined, component: string): string {
  if (place?.segment === undefined) return '';
  const parts = [
    place.segment,
    place.sequence ?? 1,
    place.field,
    place.field === undefined ? undefined : (place.repetition ?? 1),
    place.component,
    place.component === undefined ? undefined : place.subcomponent,
  ];
  while (parts.at(-1) === undefined) parts.pop();
  return parts.map((part) => String(part ?? '')).join(component);
}

/** ERR-1 before 2.5: segment ^ sequence ^ field ^ code & text & table, repeated for each error. */
function oldErrField(errors: readonly AckError[], delimiters: Delimiters, value: (text: string) => string): string {
  const { component, subcomponent, repetition } = delimiters;
  const fields = errors.map((error) => {
    const place = error.location;
    const name = value(CONDITION_CODES[error.conditionCode]);
    const code = subcomponent === '' ? error.conditionCode : [error.conditionCode, name, 'HL70357'].join(subcomponent);
    return [
      place?.segment ?? '',
      place?.segment === undefined ? '' : String(place.sequence ?? 1),
      String(place?.field ?? ''),
      code,
    ].join(component);
  });
  return repetition === '' ? (fields[0] ?? '') : fields.join(repetition);
}

/** `YYYYMMDDHHMMSS+0000`: a time that means the same everywhere. */
export function hl7Timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-T:]/g, '')}+0000`;
}
