import { PATIENT_FIELDS, PATIENT_LISTS, type FieldDefinition } from './patient-fields.ts';
import type { Heard, PatientChange, PatientRecord } from './patient-record.ts';

/** The version of the stored form. A reader knows all versions up to its own. */
const STORED_VERSION = 1;

interface KeyMap {
  readonly toShort: ReadonlyMap<string, string>;
  readonly toPath: ReadonlyMap<string, string>;
}

function keyMap(fields: Readonly<Record<string, FieldDefinition>>): KeyMap {
  const toShort = new Map<string, string>();
  const toPath = new Map<string, string>();
  for (const [path, definition] of Object.entries(fields)) {
    toShort.set(path, definition.short);
    toPath.set(definition.short, path);
  }
  // An item's source travels beside its fields.
  toShort.set('src', '_');
  toPath.set('_', 'src');
  return { toShort, toPath };
}

const FIELD_KEYS = keyMap(PATIENT_FIELDS);
const LIST_KEYS: readonly { readonly name: string; readonly short: string; readonly keys: KeyMap }[] = Object.entries(
  PATIENT_LISTS,
).map(([name, list]) => ({ name, short: list.short, keys: keyMap(list.fields) }));

type Flat = Record<string, unknown>;

/**
 * The record as compact JSON with short keys, as it is encrypted and stored. The other way: {@link decodePatientRecord}.
 */
export function encodePatientRecord(record: PatientRecord): string {
  const stored: Flat = { v: STORED_VERSION, f: rename(record.fields, FIELD_KEYS.toShort), s: record.sources };
  for (const path in record.provenance) {
    // Written only when some field has a source of its own.
    void path;
    stored['p'] = rename(record.provenance, FIELD_KEYS.toShort);
    break;
  }
  const lists = record.lists as Readonly<Record<string, readonly object[] | undefined>>;
  for (const { name, short, keys } of LIST_KEYS) {
    const items = lists[name];
    if (items === undefined || items.length === 0) continue;
    stored[short] = items.map((item) => rename(item, keys.toShort));
  }
  if (record.heard !== undefined) stored['h'] = record.heard.map(storedHeard);
  if (record.merged !== undefined) stored['m'] = record.merged;
  return JSON.stringify(stored);
}

type StoredHeard = readonly [systemId: string, at: number, paths: string];

/** Paths by their short keys, with blanks between. */
function storedHeard({ systemId, at, paths }: Heard): StoredHeard {
  return [systemId, at, paths.map((path) => FIELD_KEYS.toShort.get(path) ?? path).join(' ')];
}

function openHeard([systemId, at, paths]: StoredHeard): Heard {
  return { systemId, at, paths: paths.split(' ').map((short) => FIELD_KEYS.toPath.get(short) ?? short) };
}

/**
 * Reads what {@link encodePatientRecord} wrote.
 *
 * @throws Error when the text is not a stored patient of a version that this program knows.
 */
export function decodePatientRecord(text: string): PatientRecord {
  const stored = JSON.parse(text) as Flat;
  if (stored['v'] !== STORED_VERSION) {
    throw new Error(`The stored patient is of version ${String(stored['v'])}; this program reads ${STORED_VERSION}.`);
  }
  const lists: Record<string, object[]> = {};
  for (const { name, short, keys } of LIST_KEYS) {
    const items = stored[short] as object[] | undefined;
    if (items !== undefined) lists[name] = items.map((item) => rename(item, keys.toPath));
  }
  return {
    fields: rename(stored['f'] as object, FIELD_KEYS.toPath),
    lists,
    sources: stored['s'] as PatientRecord['sources'],
    provenance: stored['p'] === undefined ? {} : rename(stored['p'] as object, FIELD_KEYS.toPath),
    ...(stored['h'] === undefined ? {} : { heard: (stored['h'] as StoredHeard[]).map(openHeard) }),
    ...(stored['m'] === undefined ? {} : { merged: stored['m'] as string[] }),
  };
}

const LIST_BY_NAME = new Map(LIST_KEYS.map((list) => [list.name, list]));
const LIST_BY_SHORT = new Map(LIST_KEYS.map((list) => [list.short, list]));

type StoredChange = readonly [path: string, old: PatientChange['old'], next: PatientChange['new']];

/**
 * The changes of one message as compact JSON: `[path, old, new]` with short keys. The other way:
 * {@link decodePatientChanges}.
 */
export function encodePatientChanges(changes: readonly PatientChange[]): string {
  return JSON.stringify(
    changes.map(({ path, old, new: next }): StoredChange => {
      const list = LIST_BY_NAME.get(path);
      if (list === undefined) return [FIELD_KEYS.toShort.get(path) ?? path, old, next];
      return [`=${list.short}`, renameItems(old, list.keys.toShort), renameItems(next, list.keys.toShort)];
    }),
  );
}

/** Reads what {@link encodePatientChanges} wrote. */
export function decodePatientChanges(text: string): PatientChange[] {
  return (JSON.parse(text) as StoredChange[]).map(([path, old, next]) => {
    const list = path.startsWith('=') ? LIST_BY_SHORT.get(path.slice(1)) : undefined;
    if (list === undefined) {
      return { path: (FIELD_KEYS.toPath.get(path) ?? path) as PatientChange['path'], old, new: next };
    }
    return {
      path: list.name as PatientChange['path'],
      old: renameItems(old, list.keys.toPath),
      new: renameItems(next, list.keys.toPath),
    };
  });
}

function renameItems(value: PatientChange['old'], names: ReadonlyMap<string, string>): PatientChange['old'] {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) =>
    typeof item === 'object' && item !== null ? rename(item, names) : item,
  ) as readonly object[];
}

function rename(from: object, names: ReadonlyMap<string, string>): Flat {
  const to: Flat = {};
  const values = from as Flat;
  for (const key in values) {
    const value = values[key];
    // A key that the map does not know is kept as it is: nothing is lost by a table that forgot it.
    if (value !== undefined) to[names.get(key) ?? key] = value;
  }
  return to;
}
