import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import { type R4Element, type R4Structure, r4Structure } from '../../formats/fhir/r4-structure.ts';

/** Writes values into one element of a resource or data type. */
export interface Writer {
  readonly element: R4Element;
  /** The elements of what is written, when it is an object. */
  readonly structure: R4Structure | undefined;
  /** Puts the value in: added to a list, else only where there is none yet. */
  write(target: FhirObject, value: unknown): void;
  /** Whether a further value would be taken. */
  takes(target: FhirObject): boolean;
}

/** An element on the way; of one that repeats the first item, the last one, or a new one. */
interface Stop {
  readonly name: string;
  readonly list: boolean;
  readonly item: 'first' | 'last' | 'new';
}

const ITEMS: Readonly<Record<string, Stop['item']>> = { '[+]': 'new', '[-1]': 'last' };

/**
 * Compiles a path below a structure: `maritalStatus`, `hospitalization.admitSource`, `_birthDate.extension`. On the way
 * through an element that repeats its first item is meant, and made when there is none; `diagnosis[+].condition` makes a new
 * item, `diagnosis[-1].use` means the last one.
 *
 * @param join whether further texts are added to one that is there, on lines of their own
 * @throws RangeError when R4 has no such element.
 */
export function compileWriter(structure: R4Structure, path: string, join = false): Writer {
  if (path.endsWith('[x]')) return compileChoice(structure, path);
  const names = path.split('.');
  let at: R4Structure | undefined = structure;
  let element: R4Element | undefined;
  let owner: R4Structure | undefined;
  const stops: Stop[] = [];
  for (const written of names) {
    const mark = /\[.*\]$/.exec(written)?.[0] ?? '';
    const name = written.slice(0, written.length - mark.length);
    const shadow = name.startsWith('_');
    owner = at;
    element = at?.elements.get(shadow ? name.slice(1) : name);
    if (element === undefined) throw new RangeError(`${structure.name} has no element "${path}"`);
    stops.push({ name, list: element.list && !shadow, item: ITEMS[mark] ?? 'first' });
    at = shadow ? r4Structure('Extension') : (element.structure ?? r4Structure(element.type));
  }
  const last = stops.pop();
  if (last === undefined || element === undefined) throw new RangeError('a path must not be empty');
  const { name, list } = last;
  const before = stops;
  const rivals = choiceRivals(owner, element);
  return {
    element,
    structure: at,
    write(target, value) {
      const object = before.length === 0 ? target : walk(target, before);
      for (const rival of rivals) if (object[rival] !== undefined) return;
      if (join && typeof object[name] === 'string') object[name] = `${object[name]}\n${String(value)}`;
      else if (!list) object[name] ??= value;
      else if (object[name] === undefined) object[name] = [value];
      else (object[name] as unknown[]).push(value);
    },
    takes(target) {
      return list || join || (before.length === 0 ? target : peek(target, before))?.[name] === undefined;
    },
  };
}

/** The other elements of a choice, of which only one may be there. */
function choiceRivals(owner: R4Structure | undefined, { name, choice }: R4Element): readonly string[] {
  if (choice === undefined || owner === undefined) return [];
  return [...owner.elements.values()]
    .filter((each) => each.choice === choice && each.name !== name)
    .map((each) => each.name);
}

/** `value[x]`: what is written names its element itself. */
function compileChoice(structure: R4Structure, path: string): Writer {
  const choices = [...structure.elements.values()].filter(({ choice }) => choice === path);
  const [element] = choices;
  if (element === undefined) throw new RangeError(`${structure.name} has no element "${path}"`);
  return {
    element,
    structure: undefined,
    write(target, value) {
      const { element: name, value: content } = value as { readonly element: string; readonly value: unknown };
      target[name] ??= content;
    },
    takes: (target) => choices.every(({ name }) => target[name] === undefined),
  };
}

/** The object at the end of the way, made where it is missing. */
function walk(target: FhirObject, stops: readonly Stop[]): FhirObject {
  let object = target;
  for (const { name, list, item } of stops) {
    if (list) {
      const items = (object[name] ??= []) as FhirObject[];
      if (items.length === 0 || item === 'new') items.push({});
      object = (item === 'first' ? items[0] : items.at(-1)) ?? {};
    } else object = (object[name] ??= {}) as FhirObject;
  }
  return object;
}

function peek(target: FhirObject, stops: readonly Stop[]): FhirObject | undefined {
  let object: FhirObject | undefined = target;
  for (const { name, list, item } of stops) {
    if (item === 'new') return undefined;
    const next: unknown = object[name];
    object = (list ? (next as FhirObject[] | undefined)?.at(item === 'last' ? -1 : 0) : next) as FhirObject | undefined;
    if (object === undefined) return undefined;
  }
  return object;
}
