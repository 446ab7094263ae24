import type { FhirCoding } from '../../formats/fhir/fhir-types.ts';
import type { CodeMap } from './to-fhir-format.ts';

export interface CompiledCodeMap {
  readonly table: string;
  /** What a code leads to; undefined when the map does not know it. Case and blanks do not count. */
  find(code: string): FhirCoding | undefined;
  /** Whether a coding system, as v2 names it, is the one that the map is for. */
  isFor(system: string): boolean;
}

/** Compiles a code map. Codes are found as they are written, else by their display, as feeds often write it in the place of the code. */
export function compileCodeMap(map: CodeMap): CompiledCodeMap {
  const found = new Map<string, FhirCoding>();
  const add = (key: string, coding: FhirCoding): void => {
    const upper = key.toUpperCase();
    if (!found.has(upper)) found.set(upper, coding);
  };
  for (const code of map.same?.split(/\s+/) ?? []) add(code, Object.freeze({ system: map.to, code }));
  const displays: [string, FhirCoding][] = [];
  for (const [code, target] of Object.entries(map.codes ?? {})) {
    const coding = codingOf(target, map.to);
    add(code, coding);
    if (coding.display !== undefined) displays.push([coding.display, coding]);
    if (coding.code !== undefined) displays.push([coding.code, coding]);
  }
  for (const [key, target] of Object.entries(map.also ?? {}))
    add(key, found.get(target.toUpperCase()) ?? codingOf(target, map.to));
  for (const [display, coding] of displays) add(display, coding);
  const names = new Set(map.from.split(' ').flatMap((name) => [name, `HL7${name}`, `HL7-${name}`]));
  names.add('HL7');
  return {
    table: map.table,
    find: (code) => found.get(code.toUpperCase()),
    isFor: (system) => names.has(system.toUpperCase()),
  };
}

function codingOf(target: string, system: string): FhirCoding {
  const [code = '', display, other] = target.split('|');
  const coding: FhirCoding = { system: other ?? system, code };
  if (display !== undefined && display !== '') coding.display = display;
  return Object.freeze(coding);
}
