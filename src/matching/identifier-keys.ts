import { identifierScope } from '../domain/patient/identifier-types.ts';
import type { PatientIdentifier } from '../domain/patient/patient-record.ts';
import { normalizeIdentifier } from './normalize-text.ts';

/** What stands where nobody knows the number. */
const PLACEHOLDERS = new Set([
  'UNKNOWN',
  'UNK',
  'NONE',
  'NA',
  'NULL',
  'TBD',
  'PENDING',
  'NEW',
  'TEMP',
  'TEST',
  'DECLINED',
  'NOTAVAILABLE',
]);

/** Is it no identifier but what is written in its place: blank, zeros, a long row of nines, `UNKNOWN`? */
export function isPlaceholderIdentifier(value: string): boolean {
  const text = normalizeIdentifier(value);
  return text === '' || PLACEHOLDERS.has(text) || /^(0+|9{6,}|X+)$/.test(text);
}

/**
 * The keys by which identifiers say, without any doubt, who is meant: `authority|type|value`, normalized. Only types of
 * which a person has one per authority give a key (MR, PI, PT …); account and visit numbers, Social Security numbers and
 * placeholders give none. Two identifiers with the same key are the same person's.
 *
 * @param systemId The system that the message came from: an identifier without an authority is one of that system's.
 */
export function identifierKeys(identifiers: readonly PatientIdentifier[], systemId?: string): string[] {
  const keys = new Set<string>();
  for (const { authority, type, value, system } of identifiers) {
    if (identifierScope(type) !== 'person' || isPlaceholderIdentifier(value)) continue;
    const owner = normalizeAuthority(authority) || `@${system ?? systemId ?? ''}`;
    keys.add(`${owner}|${type ?? ''}|${normalizeValue(value)}`);
  }
  return [...keys];
}

function normalizeAuthority(authority: string | undefined): string {
  return authority === undefined ? '' : authority.trim().toUpperCase();
}

/** Case and blanks do not tell two identifiers apart, punctuation may: 12-3 and 1-23 are two. */
function normalizeValue(value: string): string {
  return value.trim().toUpperCase().replace(/\s+/gu, ' ');
}
