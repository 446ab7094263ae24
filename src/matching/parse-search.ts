import type { PatientRecord } from '../domain/patient/patient-record.ts';
import { nameWords, normalizeIdentifier } from './normalize-text.ts';
import { LOCAL_DIGITS, patientIdentifiers, patientNameWords, patientPhones, wordTokens } from './search-tokens.ts';
import { soundCode } from './sound-code.ts';

export interface SearchOptions {
  /** Also names that sound like what was typed. */
  readonly soundsLike: boolean;
}

/** One thing that a person typed; all of them have to fit. */
interface Term {
  /** A patient that fits has at least one of these; with none the term only narrows what others find. */
  readonly tokens: readonly string[];
  matches(patient: PatientFacts): boolean;
}

/** What a patient is compared by, made once for all terms. */
interface PatientFacts {
  readonly words: readonly string[];
  readonly identifiers: readonly string[];
  readonly phones: readonly string[];
  readonly born: string;
}

const EXACT_ONLY: SearchOptions = { soundsLike: false };

/**
 * What a typed text asks for: of each entry a patient must have at least one token. Understands names in any order
 * (`doe john`, `Doe, J`), identifiers, birth dates (1980-05-15, 05/15/1980, 19800515), phone numbers with or without area
 * code, Social Security numbers, and all of them together. Empty when there is nothing to look for (one letter).
 */
export function parseSearch(text: string, options: SearchOptions = EXACT_ONLY): string[][] {
  return parseTerms(text, options)
    .map((term) => [...term.tokens])
    .filter((tokens) => tokens.length > 0);
}

/**
 * Whether a record is what the text asks for. Tokens find a little more than that: prefixes end after ten letters, in very
 * long names after fewer, and single letters have none.
 */
export function matchesSearch(record: PatientRecord, text: string, options: SearchOptions = EXACT_ONLY): boolean {
  const born = record.fields.date_of_birth;
  const facts: PatientFacts = {
    words: patientNameWords(record),
    identifiers: patientIdentifiers(record),
    phones: patientPhones(record),
    born: typeof born === 'string' ? born : '',
  };
  return parseTerms(text, options).every((term) => term.matches(facts));
}

/** Forms that hold blanks or punctuation, before the rest is cut at blanks. Each reads its match into a term. */
const FORMS: readonly { readonly pattern: RegExp; readonly term: (match: RegExpExecArray) => Term | undefined }[] = [
  {
    pattern: /(?<![\p{L}\p{N}-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\p{L}\p{N}-])/u,
    term: ([, year, month, day]) => dateTerm(year, month, day),
  },
  {
    pattern: /(?<![\p{L}\p{N}-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\p{L}\p{N}-])/u,
    // Month first, as the practices write it; the other way round where it cannot be.
    term: ([, first, , second, year]) => dateTerm(year, first, second) ?? dateTerm(year, second, first),
  },
  {
    pattern: /(?<![\p{L}\p{N}-])(\d{3})-(\d{2})-(\d{4})(?![\p{L}\p{N}-])/u,
    term: ([, area, group, serial]) => identifierTerm(`${area}${group}${serial}`),
  },
  {
    pattern: /(?<![\p{L}\p{N}-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\p{L}\p{N}-])/u,
    term: ([phone]) => phoneTerm(phone.replace(/\D/g, '')),
  },
  {
    pattern: /(?<![\p{L}\p{N}])\+\d[\d ().-]{6,18}\d(?![\p{L}\p{N}])/u,
    term: ([phone]) => phoneTerm(phone.replace(/\D/g, '')),
  },
  {
    pattern: /(?<![\p{L}\p{N}-])\d{3}[.-]\d{4}(?![\p{L}\p{N}-])/u,
    term: ([phone]) => anyOf(phoneTerm(phone.replace(/\D/g, '')), identifierTerm(phone)),
  },
];

function parseTerms(text: string, options: SearchOptions): Term[] {
  const terms: Term[] = [];
  let rest = text.slice(0, 200);
  for (const { pattern, term } of FORMS) {
    for (;;) {
      const match = pattern.exec(rest);
      const found = match === null ? undefined : term(match);
      if (match === null || found === undefined) break;
      terms.push(found);
      rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
    }
  }
  for (const chunk of rest.split(/[\s,;]+/u)) {
    if (/\d/.test(chunk)) terms.push(numberTerm(chunk, options));
    else for (const word of nameWords(chunk)) terms.push(nameTerm(word, options));
  }
  return terms;
}

function nameTerm(word: string, options: SearchOptions): Term {
  const sound = options.soundsLike ? soundCode(word) : '';
  const tokens = wordTokens(word);
  if (sound !== '' && tokens.length > 0) tokens.push(`s:${sound}`);
  return {
    tokens,
    matches: ({ words }) =>
      words.some((name) => name.startsWith(word) || (sound !== '' && word.length > 1 && soundCode(name) === sound)),
  };
}

/** Digits, with or without letters: an identifier, and what else so many digits may be. */
function numberTerm(chunk: string, options: SearchOptions): Term {
  const identifier = identifierTerm(chunk);
  if (!/^\d+$/.test(chunk)) {
    // Patients of test systems have names such as Test12.
    const [word, ...more] = /^\p{L}/u.test(chunk) ? nameWords(chunk) : [];
    return word === undefined || more.length > 0 ? identifier : anyOf(identifier, nameTerm(word, options));
  }
  if (chunk.length === 8) {
    const date = dateTerm(chunk.slice(0, 4), chunk.slice(4, 6), chunk.slice(6));
    return date === undefined ? identifier : anyOf(identifier, date);
  }
  return chunk.length === LOCAL_DIGITS || chunk.length >= 10 ? anyOf(identifier, phoneTerm(chunk)) : identifier;
}

function identifierTerm(text: string): Term {
  const identifier = normalizeIdentifier(text);
  return { tokens: [`i:${identifier}`], matches: ({ identifiers }) => identifiers.includes(identifier) };
}

function phoneTerm(digits: string): Term {
  // Ten digits may be a North American number without its country, or the whole of another country's.
  const tokens = digits.length === LOCAL_DIGITS ? [`p:${digits}`] : [`p:+${digits}`];
  if (digits.length === 10) tokens.push(`p:+1${digits}`);
  return { tokens, matches: ({ phones }) => phones.some((phone) => phone.endsWith(digits)) };
}

function dateTerm(year = '', month = '', day = ''): Term | undefined {
  const m = Number(month);
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > 31 || Number(year) < 1800 || Number(year) > 2199) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return { tokens: [`d:${date}`], matches: ({ born }) => born === date };
}

function anyOf(one: Term, other: Term): Term {
  return {
    tokens: [...one.tokens, ...other.tokens],
    matches: (facts) => one.matches(facts) || other.matches(facts),
  };
}
