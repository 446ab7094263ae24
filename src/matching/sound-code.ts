/**
 * A code that names of like sound share: NYSIIS (Taft, New York State Identification and Intelligence System, 1970) with
 * what its users amend: Y counts as a vowel within a word (Smith, Smyth), mute first letters fall away (Knight, Wright),
 * the code is not cut after six letters. Stored as search tokens: a change of the definition needs a new index.
 *
 * @param word One word of a name in small letters a to z; other characters are passed over.
 */
export function soundCode(word: string): string {
  let text = word.replace(/[^a-z]/g, '').toUpperCase();
  if (text === '') return '';
  text = startOf(text);
  text = endOf(text);
  text = text.charAt(0) + text.slice(1).replaceAll('Y', 'I');

  let code = text.charAt(0);
  let previous = code;
  for (let i = 1; i < text.length; i++) {
    const letter = text.charAt(i);
    let coded: string;
    let taken = 1;
    if (text.startsWith('EV', i)) {
      coded = 'AF';
      taken = 2;
    } else if (isVowel(letter)) coded = 'A';
    else if (letter === 'Q') coded = 'G';
    else if (letter === 'Z') coded = 'S';
    else if (letter === 'M') coded = 'N';
    else if (text.startsWith('KN', i)) {
      coded = 'N';
      taken = 2;
    } else if (letter === 'K') coded = 'C';
    else if (text.startsWith('SCH', i)) {
      coded = 'SSS';
      taken = 3;
    } else if (text.startsWith('PH', i)) {
      coded = 'FF';
      taken = 2;
    } else if (letter === 'H' && (!isVowel(text.charAt(i - 1)) || !isVowel(text.charAt(i + 1)))) coded = previous;
    else if (letter === 'W' && isVowel(text.charAt(i - 1))) coded = previous;
    else coded = letter;
    for (const character of coded) {
      if (character !== previous) code += character;
      previous = character;
    }
    i += taken - 1;
  }
  // Short codes keep their ends: without them half of all short names would sound alike.
  if (code.length > 3 && code.endsWith('S')) code = code.slice(0, -1);
  if (code.endsWith('AY')) code = `${code.slice(0, -2)}Y`;
  if (code.length > 3 && code.endsWith('A')) code = code.slice(0, -1);
  return code;
}

const STARTS: readonly (readonly [string, string])[] = [
  ['MAC', 'MCC'],
  ['KN', 'NN'],
  ['GN', 'NN'],
  ['WR', 'RR'],
  ['K', 'C'],
  ['PH', 'FF'],
  ['PF', 'FF'],
  ['SCH', 'SSS'],
];
const ENDS: readonly (readonly [string, string])[] = [
  ['EE', 'Y'],
  ['IE', 'Y'],
  ['DT', 'D'],
  ['RT', 'D'],
  ['RD', 'D'],
  ['NT', 'D'],
  ['ND', 'D'],
];

function startOf(text: string): string {
  for (const [from, to] of STARTS) if (text.startsWith(from)) return to + text.slice(from.length);
  return text;
}

function endOf(text: string): string {
  for (const [from, to] of ENDS) if (text.length > 2 && text.endsWith(from)) return text.slice(0, -from.length) + to;
  return text;
}

function isVowel(letter: string): boolean {
  return letter === 'A' || letter === 'E' || letter === 'I' || letter === 'O' || letter === 'U';
}
