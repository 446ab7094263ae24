import type { PatientFieldPath, PatientListName } from '../domain/patient/patient-fields.ts';
import type { PatientChange, PatientRecord } from '../domain/patient/patient-record.ts';
import { isPlaceholderIdentifier } from './identifier-keys.ts';
import { nameWords, normalizeIdentifier } from './normalize-text.ts';
import { soundCode } from './sound-code.ts';

/** Letters of a word that prefixes go up to; what is typed beyond is compared with the record itself. */
const MAX_PREFIX = 10;
const MIN_PREFIX = 2;
/** Tokens of a patient, but for the coarse ones of names that are too long for them. */
const MAX_TOKENS = 64;
const MAX_IDENTIFIERS = 20;
const MAX_SOUNDS = 12;
/** No person has as many; a field that was filled with something else must not make the index long. */
const MAX_WORDS = 100;
/** Digits of a phone number without its area code. */
export const LOCAL_DIGITS = 7;

const NAME_FIELDS = ['last_name', 'first_name', 'middle_name', 'maiden_name', 'suffix'] as const;
const PHONE_FIELDS = ['phone_home', 'phone_mobile', 'phone_work'] as const;
const NUMBER_FIELDS = ['external_id', 'account_number', 'ssn'] as const;
const SEARCHED: ReadonlySet<PatientFieldPath | PatientListName> = new Set([
  ...NAME_FIELDS,
  ...PHONE_FIELDS,
  ...NUMBER_FIELDS,
  'date_of_birth',
  'identifiers',
] as const);

/** Whether any of these changes makes other search tokens. */
export function changesSearch(changes: readonly Pick<PatientChange, 'path'>[]): boolean {
  return changes.some(({ path }) => SEARCHED.has(path));
}

/**
 * The words of each name of a patient, and names of several words written together, as `Mary-Ann` may be typed.
 */
export function patientNameWords(record: PatientRecord): string[] {
  const words: string[] = [];
  for (const field of NAME_FIELDS) {
    const name = record.fields[field];
    if (typeof name !== 'string') continue;
    const parts = nameWords(name).slice(0, MAX_WORDS - words.length);
    for (const part of parts) if (!words.includes(part)) words.push(part);
    const together = parts.length > 1 ? parts.join('') : '';
    if (together !== '' && !words.includes(together)) words.push(together);
  }
  return words;
}

/** A patient's identifiers as searches compare them, placeholders left out. */
export function patientIdentifiers(record: PatientRecord): string[] {
  const found = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value !== 'string' || isPlaceholderIdentifier(value)) return;
    found.add(normalizeIdentifier(value));
  };
  for (const field of NUMBER_FIELDS) add(record.fields[field]);
  for (const identifier of record.lists.identifiers ?? []) add(identifier.value);
  return [...found];
}

/** The digits of a patient's phone numbers, extensions left out. */
export function patientPhones(record: PatientRecord): string[] {
  const phones: string[] = [];
  for (const field of PHONE_FIELDS) {
    const phone = record.fields[field];
    if (typeof phone !== 'string') continue;
    const semicolon = phone.indexOf(';');
    const digits = (semicolon === -1 ? phone : phone.slice(0, semicolon)).replace(/\D/g, '');
    if (digits.length >= LOCAL_DIGITS && !phones.includes(digits)) phones.push(digits);
  }
  return phones;
}

/**
 * What a patient can be found by. The letter in front says the kind:
 * - `i` an identifier of any type, in whole;
 * - `d` the birth date as exact as it is known;
 * - `p` a phone number, as E.164 and its last seven digits;
 * - `s` the sound of a word of a name;
 * - `n` the first 2 to 10 letters of a word of a name;
 * - `o` the first 2 letters of a word whose longer prefixes found no room, as they do in names of very many letters: whoever
 *   types the word asks for both (see {@link wordTokens}), so that it is found at any length.
 */
export function searchTokens(record: PatientRecord): string[] {
  const tokens: string[] = [];
  for (const identifier of patientIdentifiers(record).slice(0, MAX_IDENTIFIERS)) tokens.push(`i:${identifier}`);
  const born = record.fields.date_of_birth;
  if (typeof born === 'string') tokens.push(`d:${born}`);
  for (const digits of patientPhones(record)) {
    tokens.push(`p:+${digits}`);
    const local = `p:${digits.slice(-LOCAL_DIGITS)}`;
    if (!tokens.includes(local)) tokens.push(local);
  }
  const words = patientNameWords(record);
  for (const word of words.slice(0, MAX_SOUNDS)) {
    const sound = `s:${soundCode(word)}`;
    if (sound.length > 2 && !tokens.includes(sound)) tokens.push(sound);
  }
  // Shortest first over all words, so that no word loses its short prefixes to another's long ones.
  const prefixes = new Set<string>();
  const room = MAX_TOKENS - tokens.length;
  for (let length = MIN_PREFIX; length <= MAX_PREFIX && prefixes.size < room; length++) {
    for (const word of words) {
      if (word.length >= length && prefixes.size < room) prefixes.add(word.slice(0, length));
    }
  }
  for (const prefix of prefixes) tokens.push(`n:${prefix}`);
  if (prefixes.size < room) return tokens;
  for (const word of words) {
    if (word.length < MIN_PREFIX || prefixes.has(word.slice(0, MAX_PREFIX))) continue;
    const coarse = `o:${word.slice(0, MIN_PREFIX)}`;
    if (!tokens.includes(coarse)) tokens.push(coarse);
  }
  return tokens;
}

/** What a patient has one of whose name has a word that begins with this one; nothing for a single letter. */
export function wordTokens(word: string): string[] {
  return word.length < MIN_PREFIX ? [] : [`n:${word.slice(0, MAX_PREFIX)}`, `o:${word.slice(0, MIN_PREFIX)}`];
}
