import { type Source, compileSource } from './compile-source.ts';
import { childText, partText } from './part.ts';
import { type ConvertedResource, keyText } from './resource-store.ts';
import type { Run } from './run.ts';
import type { KeyMap } from './to-fhir-format.ts';

/** A part of a key, written as it stands in the key. */
type KeyPart = (run: Run) => string | undefined;

export interface CompiledKey {
  readonly scope: KeyMap['scope'];
  readonly parts: readonly KeyPart[];
  /** The slots whose keys are parts of it. */
  readonly slots: readonly string[];
}

/** Compiles the ways to know a resource again. A part is `PATH`, several with `|` between, `@slot`, or `= text`; `?` may be missing. */
export function compileKeys(keys: readonly KeyMap[]): readonly CompiledKey[] {
  return keys.map(({ scope, parts }) => ({
    scope,
    parts: parts.map(compilePart),
    slots: parts.filter((part) => part.startsWith('@')).map((part) => part.slice(1).replace('?', '')),
  }));
}

function compilePart(text: string): KeyPart {
  const optional = text.endsWith('?');
  const name = optional ? text.slice(0, -1) : text;
  const part = name.startsWith('@')
    ? slotPart(name.slice(1))
    : name.startsWith('=')
      ? () => name.slice(1)
      : pathPart(name);
  return optional ? (run) => part(run) ?? '' : part;
}

function slotPart(slot: string): KeyPart {
  return (run) => {
    const key = run.slots.get(slot)?.key;
    return key === undefined || key.scope === 'message' ? undefined : `{${key.text}}`;
  };
}

function pathPart(text: string): KeyPart {
  const sources: readonly Source[] = text.split('|').map(compileSource);
  return (run) => {
    for (const source of sources) {
      const part = source(run, undefined)[0];
      if (part === undefined) continue;
      const value = partText(run, part);
      if (value !== undefined) return keyText([value]);
      const second = childText(run, part, 2);
      if (second !== undefined) return keyText([second]);
    }
    return undefined;
  };
}

/** Gives the first key all of whose parts are there. */
export function giveKey(run: Run, entry: ConvertedResource, keys: readonly CompiledKey[]): void {
  for (const { scope, parts, slots } of keys) {
    const values: string[] = [];
    for (const part of parts) {
      const value = part(run);
      if (value === undefined) break;
      values.push(value);
    }
    if (values.length < parts.length) continue;
    // What belongs to something that is unique within a patient is no more unique itself.
    const within = slots.some((slot) => run.slots.get(slot)?.key.scope === 'patient') ? 'patient' : scope;
    run.store.setKey(entry, within, values.join('|'));
    return;
  }
}
