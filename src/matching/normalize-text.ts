/** Letters that Unicode does not take apart into a base and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** Small letters without their marks: `Łódź` becomes `lodz`. */
export function foldLetters(text: string): string {
  const lower = text.toLowerCase();
  if (isAscii(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøđðþłı]/gu, (letter) => LETTERS[letter] ?? letter);
}

/**
 * The words of a name as searches compare them: without case, marks and apostrophes, taken apart at blanks, hyphens and
 * other punctuation. `O'Neil-García` becomes `oneil`, `garcia`.
 */
export function nameWords(name: string): string[] {
  const folded = foldLetters(name);
  if (/^[a-z]+$/.test(folded)) return [folded];
  return folded
    .replace(/['’`´ʼ]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** An identifier as searches and keys compare it: letters and digits in capitals, nothing else. */
export function normalizeIdentifier(value: string): string {
  const upper = value.toUpperCase();
  return /^[A-Z0-9]+$/.test(upper) ? upper : upper.replace(/[^\p{L}\p{N}]/gu, '');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
