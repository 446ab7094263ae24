import { DICTIONARY_VERSIONS } from './generated/dictionary-tables.ts';
import { CODE_TABLE, LENGTH_TABLE } from './generated/limit-tables.ts';
import { versionNumber } from './version.ts';

// What the standard says of lengths and codes, beside the names of dictionary.ts. Both tables are text of which a line is
// taken apart when it is first asked for.

const VERSION_NUMBERS = DICTIONARY_VERSIONS.map((version) => versionNumber(version) ?? 0);
const DEFAULT_VERSION = DICTIONARY_VERSIONS.indexOf('2.5.1');

let lengths: Map<string, string> | undefined;
let codes: Map<string, string> | undefined;
const codeMaps = new Map<string, ReadonlyMap<string, string>>();

/** The longest that a field may be in a version, in characters; undefined where the version sets no limit. */
export function maxFieldLength(version: string | undefined, segment: string, field: number): number | undefined {
  lengths ??= linesByName(LENGTH_TABLE);
  const variants = lengths.get(segment)?.split('\t')[field];
  if (variants === undefined || variants === '') return undefined;
  const wanted = versionNumber(version);
  const after = wanted === undefined ? -1 : VERSION_NUMBERS.findIndex((known) => known > wanted);
  const index =
    wanted === undefined ? DEFAULT_VERSION : after === -1 ? VERSION_NUMBERS.length - 1 : Math.max(0, after - 1);
  for (const variant of variants.split('|')) {
    const [mask = '', length = ''] = variant.split('^');
    if ((Number.parseInt(mask, 36) & (1 << index)) !== 0) return Number(length);
  }
  return undefined;
}

/** The codes of an HL7 table (four digits) with their meanings; undefined for a table that has none of its own. */
export function tableCodes(table: string): ReadonlyMap<string, string> | undefined {
  const known = codeMaps.get(table);
  if (known !== undefined) return known;
  codes ??= linesByName(CODE_TABLE);
  const line = codes.get(table);
  if (line === undefined) return undefined;
  const [, ...entries] = line.split('\t');
  const map = new Map(
    entries.map((entry): [string, string] => {
      const at = entry.indexOf('^');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
  codeMaps.set(table, map);
  return map;
}

function linesByName(text: string): Map<string, string> {
  return new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('\t')), line]));
}
