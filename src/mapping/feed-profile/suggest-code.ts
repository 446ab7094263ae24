import type { CodeTable } from '../code-table.ts';

export interface SuggestedCode {
  readonly to: string;
  readonly confidence: number;
  readonly evidence: string;
}

/** A suggestion below this is a guess, and codes of people are not guessed. */
const CERTAIN = 0.8;

/** Words that change nothing about what a name means. */
const FILLERS = new Set(['OR', 'AND', 'THE', 'OF', 'A', 'AN', 'TO', 'ETHNICITY', 'RACE', 'LANGUAGE', 'ORIGIN']);

/**
 * What a code that a table does not know may mean: by the text that the sender writes beside it, by its words, or by its
 * spelling. Undefined where nothing is certain enough, or where two meanings are equally near.
 */
export function suggestCode(table: CodeTable, value: string, label: string | undefined): SuggestedCode | undefined {
  const byLabel = label === undefined || label.trim() === '' ? undefined : nearest(table, label);
  const byValue = value.length < 3 ? undefined : nearest(table, value);
  const labelled =
    byLabel === undefined
      ? undefined
      : {
          ...byLabel,
          confidence: byLabel.confidence * 0.98,
          evidence: `The sender writes a text beside the code. ${byLabel.evidence}`,
        };
  if (labelled !== undefined && byValue !== undefined && labelled.to !== byValue.to) return undefined;
  const best = [labelled, byValue]
    .filter((each): each is SuggestedCode => each !== undefined)
    .sort((a, b) => b.confidence - a.confidence)[0];
  return best === undefined || best.confidence < CERTAIN ? undefined : best;
}

function nearest(table: CodeTable, text: string): SuggestedCode | undefined {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return undefined;
  const joined = wanted.join(' ');
  let best: SuggestedCode | undefined;
  let rival = 0;
  for (const [entry, to] of Object.entries(table.entries)) {
    const words = wordsOf(entry);
    const found = words.length === 0 ? undefined : likeness(wanted, joined, words);
    if (found === undefined) continue;
    if (best?.to !== to) {
      if (best !== undefined && found.confidence <= best.confidence) {
        rival = Math.max(rival, found.confidence);
        continue;
      }
      rival = Math.max(rival, best?.confidence ?? 0);
    } else if (found.confidence <= best.confidence) continue;
    best = { to, ...found };
  }
  if (best !== undefined && rival < best.confidence) return best;
  return best === undefined ? eachWord(table, wanted) : undefined;
}

/** WHITE (CAUCASIAN): every word is a name by itself, and all mean the same. */
function eachWord(table: CodeTable, wanted: readonly string[]): SuggestedCode | undefined {
  if (wanted.length < 2 || wanted.some((word) => word.length < 4)) return undefined;
  const names = new Map(Object.entries(table.entries).map(([entry, to]) => [wordsOf(entry).join(' '), to]));
  const [first, ...others] = wanted.map((word) => names.get(word));
  if (first === undefined || others.some((to) => to !== first)) return undefined;
  return {
    to: first,
    confidence: 0.9,
    evidence: 'Each of its words is a name of the code table, and all mean the same.',
  };
}

function likeness(
  wanted: readonly string[],
  joined: string,
  words: readonly string[],
): Omit<SuggestedCode, 'to'> | undefined {
  const other = words.join(' ');
  if (joined === other) return { confidence: 1, evidence: 'The code table has the same words.' };
  const same = wanted.filter((word) => words.includes(word)).length;
  if (same === words.length && same === wanted.length) {
    return { confidence: 0.95, evidence: 'The code table has the same words in another order.' };
  }
  // NOT HISPANIC must never become HISPANIC.
  if (wanted.includes('NOT') !== words.includes('NOT') || wanted.includes('NON') !== words.includes('NON')) {
    return undefined;
  }
  if (other.length >= 6 && joined.length >= 6 && Math.abs(other.length - joined.length) <= 2) {
    const distance = editDistance(joined, other, 2);
    if (distance === 1) return { confidence: 0.9, evidence: 'One letter differs from a name of the code table.' };
    if (distance === 2 && other.length >= 9) {
      return { confidence: 0.82, evidence: 'Two letters differ from a name of the code table.' };
    }
  }
  return undefined;
}

function wordsOf(text: string): string[] {
  return text
    .toUpperCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '' && !FILLERS.has(word));
}

/** Levenshtein distance, or `most + 1` when it is greater than `most`. */
function editDistance(one: string, other: string, most: number): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      const value = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      next.push(value);
      if (value < least) least = value;
    }
    if (least > most) return most + 1;
    row = next;
  }
  return Math.min(row[other.length] ?? 0, most + 1);
}
