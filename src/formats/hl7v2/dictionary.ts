import { DICTIONARY_VERSIONS, SEGMENT_TABLE, TYPE_TABLE } from './generated/dictionary-tables.ts';
import { versionNumber } from './version.ts';

// What HL7 calls things, by version. The tables are text (see scripts/generate-hl7-tables.mjs) of which a line is
// taken apart when its segment or type is first asked for.

export interface SegmentDescription {
  /** `Patient Identification` for PID. */
  readonly name: string;
  readonly fieldCount: number;
}

export interface PartDescription {
  readonly name: string;
  /** Data type: `XPN`, `ST`, … as the version has it; `VARIES` where another field tells it. */
  readonly type: string;
  /** Number of the HL7 table that its codes come from, four digits. */
  readonly table: string | undefined;
  readonly required: boolean;
  readonly repeats: boolean;
  /** Kept for backward compatibility only; senders should leave it empty. */
  readonly withdrawn: boolean;
}

interface Variant {
  /** Bit set over DICTIONARY_VERSIONS. */
  readonly versions: number;
  readonly part: PartDescription;
}

interface Entry {
  readonly names: readonly Variant[];
  readonly parts: readonly (readonly Variant[])[];
}

/** One of the two tables, its lines found by name and read when needed. */
interface Table {
  readonly lines: Map<string, string>;
  readonly entries: Map<string, Entry>;
}

let segments: Table | undefined;
let types: Table | undefined;

/** Names of the versions that the dictionary has, oldest first. */
export const KNOWN_VERSIONS: readonly string[] = DICTIONARY_VERSIONS;

const VERSION_NUMBERS = DICTIONARY_VERSIONS.map((version) => versionNumber(version) ?? 0);

/** Used for messages that do not tell their version. */
const DEFAULT_VERSION = DICTIONARY_VERSIONS.indexOf('2.5.1');

/**
 * A segment's name in a version, or undefined for one that HL7 does not have (such as a Z-segment). A version that is
 * not known stands for the nearest older one, none for 2.5.1; a segment that the version does not have yet is
 * described as a later one does, since senders are often ahead of the version they declare.
 */
export function describeSegment(version: string | undefined, segment: string): SegmentDescription | undefined {
  const entry = entryOf((segments ??= open(SEGMENT_TABLE)), segment);
  if (entry === undefined) return undefined;
  const index = versionIndex(version);
  const name = pick(entry.names, index)?.name;
  if (name === undefined) return undefined;
  const bit = 1 << nearest(entry.names, index);
  const fieldCount = entry.parts.filter((variants) =>
    variants.some((variant) => (variant.versions & bit) !== 0),
  ).length;
  return { name, fieldCount };
}

/** A field by its HL7 number. See {@link describeSegment} for versions. */
export function describeField(
  version: string | undefined,
  segment: string,
  field: number,
): PartDescription | undefined {
  const entry = entryOf((segments ??= open(SEGMENT_TABLE)), segment);
  return pick(entry?.parts[field - 1] ?? [], versionIndex(version));
}

/** A component of a data type by its number; undefined for types without components. */
export function describeComponent(
  version: string | undefined,
  type: string,
  component: number,
): PartDescription | undefined {
  const entry = entryOf((types ??= open(TYPE_TABLE)), type);
  return pick(entry?.parts[component - 1] ?? [], versionIndex(version));
}

/** A data type's name, such as `Extended Person Name` for XPN. */
export function describeType(version: string | undefined, type: string): string | undefined {
  const entry = entryOf((types ??= open(TYPE_TABLE)), type);
  return pick(entry?.names ?? [], versionIndex(version))?.name;
}

function versionIndex(version: string | undefined): number {
  const wanted = versionNumber(version);
  if (wanted === undefined) return DEFAULT_VERSION;
  const after = VERSION_NUMBERS.findIndex((known) => known > wanted);
  return after === -1 ? VERSION_NUMBERS.length - 1 : Math.max(0, after - 1);
}

/** The version's own variant, else the next later version's, else the last earlier one's. */
function pick(variants: readonly Variant[], index: number): PartDescription | undefined {
  if (variants.length === 0) return undefined;
  const bit = 1 << nearest(variants, index);
  return variants.find((variant) => (variant.versions & bit) !== 0)?.part;
}

function nearest(variants: readonly Variant[], index: number): number {
  let all = 0;
  for (const variant of variants) all |= variant.versions;
  for (let i = index; i < VERSION_NUMBERS.length; i++) if ((all & (1 << i)) !== 0) return i;
  for (let i = index; i >= 0; i--) if ((all & (1 << i)) !== 0) return i;
  return index;
}

function open(text: string): Table {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) lines.set(line.slice(0, line.indexOf('\t')), line);
  return { lines, entries: new Map() };
}

function entryOf(table: Table, name: string): Entry | undefined {
  const known = table.entries.get(name);
  if (known !== undefined) return known;
  const line = table.lines.get(name);
  if (line === undefined) return undefined;
  const [, names = '', ...parts] = line.split('\t');
  const entry: Entry = { names: variantsOf(names), parts: parts.map(variantsOf) };
  table.entries.set(name, entry);
  return entry;
}

function variantsOf(text: string): Variant[] {
  if (text === '') return [];
  return text.split('|').map((variant) => {
    const [versions = '', name = '', type = '', flags = '', table = ''] = variant.split('^');
    return {
      versions: Number.parseInt(versions, 36),
      part: Object.freeze({
        name,
        type,
        table: table === '' ? undefined : table.padStart(4, '0'),
        required: flags.includes('R'),
        repeats: flags.includes('+'),
        withdrawn: flags.includes('W'),
      }),
    };
  });
}
