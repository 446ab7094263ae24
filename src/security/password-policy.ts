import { SecurityError } from './security-error.ts';

const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
const MIN_DIFFERENT = 5;
/** Different letters and digits that must be left when words, names and runs are taken out. */
const MIN_LEFT = 6;

/** Words that the passwords tried first are made of; ours, short on purpose: length does the rest. */
const COMMON_WORDS = [
  'password',
  'passwort',
  'passphrase',
  'letmein',
  'welcome',
  'changeme',
  'iloveyou',
  'administrator',
  'admin',
  'secret',
  'default',
  'monkey',
  'dragon',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'trustno',
  'master',
  'login',
  'hospital',
  'clinic',
  'medical',
  'doctor',
  'practice',
  'studio',
  'practicestudio',
  'integration',
  'integrations',
  'nextgen',
  'summer',
  'winter',
  'spring',
  'autumn',
];
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
];
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** A password as it is hashed: the same characters typed on another keyboard give the same bytes (NIST SP 800-63B, 5.1.1.2). */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Refuses passwords that are tried first: short ones, ones of few different characters or of runs and repeats, and
 * ones that are little more than a common word, the log-in name, the person's name or the product's. No rules of
 * composition (NIST SP 800-63B, 5.1.1.2). Throws `password_weak` with the reason.
 */
export function checkPassword(password: string, person: { readonly login: string; readonly name: string }): void {
  const text = normalizePassword(password);
  const length = [...text].length;
  if (length < MIN_LENGTH) weak(`It has ${length} characters; at least ${MIN_LENGTH} are needed.`);
  if (length > MAX_LENGTH) weak(`It has ${length} characters; at most ${MAX_LENGTH} are taken.`);
  const lower = text.toLowerCase();
  if (new Set(lower).size < MIN_DIFFERENT) weak('It repeats a few characters.');
  if (isRepeat(lower)) weak('It repeats one piece.');

  const words = [...COMMON_WORDS, ...personWords(person)].toSorted((one, two) => two.length - one.length);
  // Read as typed and with digits and signs as the letters they stand for: `P@ssw0rd` is no better than `password`.
  for (const reading of [lower, unleet(lower)]) {
    let rest = withoutRuns(reading);
    for (const word of words) rest = rest.replaceAll(word, '');
    const left = new Set(rest.replaceAll(/[^\p{L}\p{N}]/gu, '')).size;
    if (left < MIN_LEFT) weak('It is little more than a common word, a name or a run of the keyboard.');
  }
}

function personWords({ login, name }: { readonly login: string; readonly name: string }): string[] {
  return [...login.split('@').flatMap((part) => part.split(/[^\p{L}\p{N}]+/u)), ...name.split(/[^\p{L}\p{N}]+/u)]
    .map((word) => unleet(word.toLowerCase()))
    .filter((word) => word.length >= 3);
}

function unleet(text: string): string {
  return [...text].map((character) => LEET[character] ?? character).join('');
}

/** Takes out runs of at least four neighbours, forwards and backwards: `abcd`, `4321`, `qwer`. */
function withoutRuns(text: string): string {
  let out = '';
  for (let i = 0; i < text.length;) {
    const length = runLength(text, i);
    if (length < 4) out += text[i];
    i += length < 4 ? 1 : length;
  }
  return out;
}

function runLength(text: string, start: number): number {
  let longest = 1;
  for (const run of RUNS) {
    for (const line of [run, [...run].toReversed().join('')]) {
      const at = line.indexOf(text[start] ?? '');
      if (at < 0) continue;
      let length = 1;
      while (line[at + length] !== undefined && text[start + length] === line[at + length]) length += 1;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}

function isRepeat(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}

function weak(reason: string): never {
  throw new SecurityError('password_weak', { detail: reason });
}
