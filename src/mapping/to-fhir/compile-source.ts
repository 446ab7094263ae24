import { packName } from '../../formats/hl7v2/segment-index.ts';
import { type Part, childPart, fieldParts } from './part.ts';
import type { Run } from './run.ts';

/** Finds the parts of a message that a rule reads. */
export type Source = (run: Run, part: Part | undefined) => readonly Part[];

const FIELD = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?$/;
const CHILD = /^\.(?:(\d{1,2})(?:\.(\d{1,2}))?)?$/;
const NONE: readonly Part[] = [];

/** Compiles `PID-5`, `ORC-2.1`, `.`, `.4`, `.4.2`. Throws a RangeError for anything else. */
export function compileSource(text: string): Source {
  const field = FIELD.exec(text);
  if (field !== null) return fieldSource(field);
  const child = CHILD.exec(text);
  if (child === null) throw new RangeError(`"${text}" is neither a field such as PID-5.1 nor a part such as .4`);
  const [, first, second] = child;
  if (first === undefined) return (_run, part) => (part === undefined ? NONE : [part]);
  const n = Number(first);
  const m = second === undefined ? undefined : Number(second);
  return (run, part) => {
    let found = part === undefined ? undefined : childPart(run, part, n);
    if (found !== undefined && m !== undefined) found = childPart(run, found, m);
    return found === undefined ? NONE : [found];
  };
}

/** The first of several sources that finds something. */
export function compileSources(texts: string | readonly string[]): Source {
  if (typeof texts === 'string') return compileSource(texts);
  const sources = texts.map(compileSource);
  return (run, part) => {
    for (const source of sources) {
      const parts = source(run, part);
      if (parts.length > 0) return parts;
    }
    return NONE;
  };
}

function fieldSource(match: RegExpExecArray): Source {
  const [, segment = '', field, component, subcomponent] = match;
  const name = packName(segment);
  const n = Number(field);
  const c = component === undefined ? undefined : Number(component);
  const s = subcomponent === undefined ? undefined : Number(subcomponent);
  return (run) => {
    const at = run.latest.get(name);
    if (at === undefined) return NONE;
    const parts = fieldParts(run, at, n);
    if (c === undefined || parts.length === 0) return parts;
    const inner: Part[] = [];
    for (const part of parts) {
      let found = childPart(run, part, c);
      if (found !== undefined && s !== undefined) found = childPart(run, found, s);
      if (found !== undefined) inner.push(found);
    }
    return inner;
  };
}
