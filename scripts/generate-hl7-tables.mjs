// Writes src/formats/hl7v2/generated/dictionary-tables.ts: what HL7 calls its segments, fields and components, from the
// development dependency hl7-dictionary, small enough to be loaded at start. Takes half a second when
// something changed, milliseconds otherwise. Run before anything that compiles or runs the sources.
//
// One line for each segment and data type:  NAME <tab> names <tab> first field or component <tab> second …
// Each entry is a list of variants, separated by "|", since versions differ:  versions ^ name ^ type ^ flags ^ table
// "versions" is a bit set in base 36 over DICTIONARY_VERSIONS; flags: R required, W withdrawn, + repeats.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(import.meta.url);
const TARGET = fileURLToPath(new URL('../src/formats/hl7v2/generated/dictionary-tables.ts', import.meta.url));
/** Lengths and code tables: only what analyses a feed needs them, so they are a file of their own. */
const LIMITS_TARGET = fileURLToPath(new URL('../src/formats/hl7v2/generated/limit-tables.ts', import.meta.url));

/** The dictionary ends at 2.7.1. 2.8 is that, with what 2.8 and its successors added that messages in use show. */
const ADDED_IN_2_8 = {
  PID: { 35: { desc: 'Taxonomic Classification Code', datatype: 'CWE', opt: 1, rep: 1 } },
  OBX: {
    27: { desc: 'Root Cause', datatype: 'CWE', opt: 1, rep: 1 },
    28: { desc: 'Local Process Control', datatype: 'CWE', opt: 1, rep: 0 },
    29: { desc: 'Observation Type', datatype: 'ID', opt: 1, rep: 1, table: 936 },
    30: { desc: 'Observation Sub-Type', datatype: 'ID', opt: 1, rep: 1, table: 937 },
    31: { desc: 'Action Code', datatype: 'ID', opt: 1, rep: 1, table: 206 },
    32: { desc: 'Observation Value Absent Reason', datatype: 'CWE', opt: 1, rep: 0, table: 960 },
    33: { desc: 'Observation Related Specimen Identifier', datatype: 'EIP', opt: 1, rep: 0 },
  },
  PRT: {
    16: { desc: 'UDI Device Identifier', datatype: 'EI', opt: 1, rep: 1 },
    17: { desc: 'Device Manufacture Date', datatype: 'DTM', opt: 1, rep: 1 },
    18: { desc: 'Device Expiry Date', datatype: 'DTM', opt: 1, rep: 1 },
    19: { desc: 'Device Lot Number', datatype: 'ST', opt: 1, rep: 1 },
    20: { desc: 'Device Serial Number', datatype: 'ST', opt: 1, rep: 1 },
    21: { desc: 'Device Donation Identification', datatype: 'EI', opt: 1, rep: 1 },
    22: { desc: 'Device Type', datatype: 'CNE', opt: 1, rep: 1 },
  },
  IN1: { 55: { desc: 'Insurance Action Code', datatype: 'ID', opt: 1, rep: 1, table: 206 } },
};

function withVersion28(definitions) {
  const base = definitions['2.7.1'];
  const segments = { ...base.segments };
  for (const [name, fields] of Object.entries(ADDED_IN_2_8)) {
    const changed = [...segments[name].fields];
    for (const [number, field] of Object.entries(fields)) changed[Number(number) - 1] = field;
    segments[name] = { ...segments[name], fields: changed };
  }
  return { ...definitions, 2.8: { ...base, segments } };
}

function clean(text) {
  const name = (text ?? '').replace(/\s+/g, ' ').trim();
  if (/[|^\t\n`\\]|\$\{/.test(name))
    throw new Error(`A name holds a character that the table is written with: ${name}`);
  return name;
}

/** Optionality of the dictionary: 1 optional, 2 required, 3 conditional, 4 withdrawn. Repetition: 1 none, 0 any. */
function describe(part) {
  // The dictionary has a few table numbers in the place of the repetition count.
  const repeats = part.rep !== 1 && part.rep < 100;
  const flags = (part.opt === 2 ? 'R' : '') + (part.opt === 4 ? 'W' : '') + (repeats ? '+' : '');
  return [clean(part.desc), part.datatype ?? '', flags, part.table ?? ''].join('^').replace(/\^+$/, '');
}

/** Variants of one entry over the versions, alike ones told once. */
function variants(texts) {
  const masks = new Map();
  for (const [version, text] of texts.entries()) {
    if (text !== undefined) masks.set(text, (masks.get(text) ?? 0) | (1 << version));
  }
  return [...masks].map(([text, mask]) => `${mask.toString(36)}^${text}`).join('|');
}

function lines(versions, kind, parts) {
  const names = [...new Set(versions.flatMap((version) => Object.keys(version[kind])))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return names.map((name) => {
    const definitions = versions.map((version) => version[kind][name]);
    const count = Math.max(...definitions.map((definition) => definition?.[parts].length ?? 0));
    const entries = [variants(definitions.map((definition) => definition && clean(definition.desc)))];
    for (let i = 0; i < count; i++) {
      entries.push(variants(definitions.map((definition) => definition?.[parts][i] && describe(definition[parts][i]))));
    }
    return [name, ...entries].join('\t');
  });
}

/** The text of the generated file. `origin` is what it was made from. */
async function generate(origin) {
  const { default: dictionary } = await import('hl7-dictionary');
  const all = withVersion28(dictionary.definitions);
  const names = Object.keys(all).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const versions = names.map((name) => all[name]);
  return [
    origin,
    `export const DICTIONARY_VERSIONS = ${JSON.stringify(names).replaceAll('"', "'").replaceAll(',', ', ')};`,
    `export const SEGMENT_TABLE = \`${lines(versions, 'segments', 'fields').join('\n')}\`;`,
    `export const TYPE_TABLE = \`${lines(versions, 'fields', 'subfields').join('\n')}\`;`,
    '',
  ].join('\n');
}

/** Longest lengths of the fields: NAME <tab> first field <tab> …, each a list of variants, versions ^ length. */
function lengthLines(versions) {
  const names = [...new Set(versions.flatMap((version) => Object.keys(version.segments)))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return names.map((name) => {
    const definitions = versions.map((version) => version.segments[name]);
    const count = Math.max(...definitions.map((definition) => definition?.fields.length ?? 0));
    const entries = [];
    for (let i = 0; i < count; i++) {
      const lengths = definitions.map((definition) => definition?.fields[i]?.len);
      // 65,536 stands for "as long as it takes".
      entries.push(variants(lengths.map((length) => (length > 0 && length < 65_000 ? String(length) : undefined))));
    }
    return [name, ...entries].join('\t');
  });
}

/** Codes of the HL7 tables: NUMBER <tab> code ^ meaning <tab> … */
function codeLines(tables) {
  return Object.entries(tables).flatMap(([number, { values }]) => {
    const codes = Object.entries(values ?? {})
      .map(([code, meaning]) => [code.trim(), String(meaning ?? '').replace(/[^\x20-\x7e]|[\^`\\$]/g, ' ')])
      .filter(([code]) => /^[^\s^`\\$]+$/.test(code) && code !== '...')
      .map(([code, meaning]) => `${code}^${meaning.replace(/\s+/g, ' ').trim().slice(0, 60)}`);
    return codes.length === 0 ? [] : [[number.padStart(4, '0'), ...codes].join('\t')];
  });
}

/** The text of the second generated file. */
async function generateLimits(origin) {
  const { default: dictionary } = await import('hl7-dictionary');
  const all = withVersion28(dictionary.definitions);
  const names = Object.keys(all).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return [
    origin,
    `export const LENGTH_TABLE = \`${lengthLines(names.map((name) => all[name])).join('\n')}\`;`,
    `export const CODE_TABLE = \`${codeLines(dictionary.tables).join('\n')}\`;`,
    '',
  ].join('\n');
}

/** A first line that tells this script and the dictionary apart from any other, without loading the dictionary. */
function originLine() {
  const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('hl7-dictionary/package.json')));
  const script = createHash('sha256').update(readFileSync(SCRIPT)).digest('hex').slice(0, 16);
  return `// Generated by scripts/generate-hl7-tables.mjs (${script}) from hl7-dictionary ${version}; the script tells the format.`;
}

/** Makes the file where it is missing or out of date; a matter of milliseconds where it is not. Returns whether it did. */
export async function writeHl7Tables() {
  const origin = originLine();
  const isMade = (path) => existsSync(path) && readFileSync(path, 'utf8').startsWith(`${origin}\n`);
  if (isMade(TARGET) && isMade(LIMITS_TARGET)) return false;
  const text = await generate(origin);
  mkdirSync(dirname(TARGET), { recursive: true });
  writeFileSync(TARGET, text);
  writeFileSync(LIMITS_TARGET, await generateLimits(origin));
  console.error(`HL7 names: wrote ${Math.round(text.length / 1024)} KB of tables.`);
  return true;
}

if (process.argv[1] === SCRIPT) await writeHl7Tables();
