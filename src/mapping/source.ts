import { formatPlace } from '../formats/hl7v2/hl7-error.ts';
import { compilePath, type Hl7Path } from '../formats/hl7v2/path.ts';
import { readEmail, readTelephone } from './composites.ts';
import { type FieldPart, fieldPart } from './field-view.ts';
import type { FieldSource, SourceDocument } from './mapping-format.ts';
import type { Run, Value } from './run.ts';
import { compileTest, type TextTest } from './text-test.ts';

/** Where a rule's value is, compiled. */
export interface Source {
  /** As the document writes it, for people. */
  readonly text: string;
  /** The field that it reads, whatever part: `PV1-7`. */
  readonly field: string;
  read(run: Run): Value;
  /** Whether the field (the repetition last read) holds anything, whatever its parts. */
  fieldPresent(run: Run): boolean;
  /** The place of the last read in the message: `PID-3[2].4`. */
  place(run: Run): string;
}

/** Where a path is read relative to the group that it stands in. */
export interface GroupScope {
  readonly segment: string;
  /** The field whose repetitions the group goes through. */
  readonly field?: number;
  readonly companions: readonly string[];
}

/** A path that is read as plain text, blanks around it taken off. */
export interface PathReader {
  readonly text: string;
  read(run: Run): string | null | undefined;
}

/** Puts the path of a named position in the place of `$name`; undefined when it is not set. @throws Error for an unknown name. */
export type PositionResolver = (path: string) => string | undefined;

type SegmentFinder = (run: Run) => number;

/** Finds the segment that a path means: the group's own, one that belongs to it, or the message's n-th. */
function segmentFinder(path: Hl7Path, scope: GroupScope | undefined): SegmentFinder {
  if (scope !== undefined && path.occurrence === 1) {
    if (path.segment === scope.segment) return (run) => run.segment;
    const slot = scope.companions.indexOf(path.segment);
    if (slot !== -1) return (run) => run.companions[slot] ?? -1;
  }
  return (run) => run.view.segment(path);
}

/** Takes blanks off; what is blank as a whole says nothing. */
export function clean(value: string | null | undefined): string | null | undefined {
  if (value === null || value === undefined) return value;
  const length = value.length;
  if (length === 0) return undefined;
  const last = value.charCodeAt(length - 1);
  if (value.charCodeAt(0) > 32 && last > 32 && last < 128) return value;
  const trimmed = value.trim();
  return trimmed === '' ? undefined : trimmed;
}

function placeAt(run: Run, path: Hl7Path, segment: number, repetition: number): string {
  const sequence =
    segment < 0 ? path.occurrence : run.message.segmentIndexes(path.segment).indexOf(segment) + 1 || path.occurrence;
  return formatPlace({
    segment: path.segment,
    sequence,
    field: path.field,
    repetition: repetition + 1,
    ...(path.component === undefined ? {} : { component: path.component }),
    ...(path.subcomponent === undefined ? {} : { subcomponent: path.subcomponent }),
  });
}

/** @throws Hl7Error `hl7.bad-path` */
function pathSource(text: string, scope: GroupScope | undefined): Source {
  const part = fieldPart(text);
  const { path } = part;
  const whole = fieldPart(`${path.segment}-${path.field}`);
  const find = segmentFinder(path, scope);
  const repeated =
    scope?.field !== undefined && path.segment === scope.segment && path.field === scope.field && path.repetition === 1;
  const fixed = path.repetition - 1;
  return {
    text,
    field: whole.path.text,
    read: (run) => clean(run.view.read(find(run), part, repeated ? run.repetition : fixed)),
    fieldPresent: (run) => run.view.filled(find(run), whole, repeated ? run.repetition : fixed),
    place: (run) => placeAt(run, path, find(run), repeated ? run.repetition : fixed),
  };
}

interface PartTest {
  readonly part: FieldPart;
  readonly passes: TextTest;
}

/** @throws Hl7Error `hl7.bad-path` */
function fieldSource(document: FieldSource, scope: GroupScope | undefined): Source {
  const given = compilePath(document.field);
  const base = `${given.segment}-${given.field}`;
  const whole = fieldPart(base);
  const part = document.part === undefined ? whole : fieldPart(`${base}.${document.part}`);
  const find = segmentFinder(given, scope);
  const tests: PartTest[] = (document.where ?? []).map((where) => ({
    part: fieldPart(`${base}.${where.part}`),
    passes: compileTest(where),
  }));
  const readPart =
    document.as === 'telephone'
      ? readTelephone(base)
      : document.as === 'email'
        ? readEmail(base)
        : (run: Run, segment: number, repetition: number) => run.view.read(segment, part, repetition);
  const passes = (run: Run, segment: number, repetition: number): boolean => {
    for (const test of tests) {
      if (!test.passes(clean(run.view.read(segment, test.part, repetition)))) return false;
    }
    return true;
  };
  const readAll = (run: Run, segment: number, count: number): Value => {
    const list: string[] = [];
    for (let i = 0; i < count; i++) {
      const value = passes(run, segment, i) ? clean(readPart(run, segment, i)) : undefined;
      if (typeof value === 'string') list.push(value);
    }
    return list.length === 0 ? undefined : list;
  };
  /** The first repetition that fits and holds anything, or -1. */
  const choose = (run: Run, segment: number, count: number): number => {
    for (let i = 0; i < count; i++) if (passes(run, segment, i) && run.view.filled(segment, whole, i)) return i;
    return -1;
  };
  const choice =
    scope === undefined && document.as === undefined && given.occurrence === 1
      ? choiceNumber(`${base} ${JSON.stringify(document.where ?? [])}`)
      : undefined;
  return {
    text: describe(document),
    field: base,
    read(run) {
      run.chosen = 0;
      const segment = find(run);
      const count = run.view.count(segment, whole.field);
      if (count === 0) return undefined;
      if (count === 1 && run.view.read(segment, whole, 0) === null) return null;
      if (document.all === true) return readAll(run, segment, count);
      if (choice !== undefined) {
        const chosen = (run.choices[choice] ??= choose(run, segment, count));
        if (chosen === -1) return undefined;
        run.chosen = chosen;
        return clean(run.view.read(segment, part, chosen));
      }
      for (let i = 0; i < count; i++) {
        if (!passes(run, segment, i)) continue;
        const value = clean(readPart(run, segment, i));
        // A whole composite may be found in a later repetition; parts must all come from the same one.
        if (value === undefined && (document.as !== undefined || !run.view.filled(segment, whole, i))) continue;
        run.chosen = i;
        return value;
      }
      return undefined;
    },
    fieldPresent(run) {
      const segment = find(run);
      return run.view.filled(segment, whole, run.chosen) && passes(run, segment, run.chosen);
    },
    place: (run) => placeAt(run, document.all === true ? whole.path : part.path, find(run), run.chosen),
  };
}

const choiceNumbers = new Map<string, number>();

/** A number for each way of choosing a repetition, small enough to be an index. */
function choiceNumber(key: string): number {
  let number = choiceNumbers.get(key);
  if (number === undefined) {
    number = choiceNumbers.size;
    choiceNumbers.set(key, number);
  }
  return number;
}

function describe(document: FieldSource): string {
  const where = (document.where ?? []).map((test) => {
    if (test.oneOf) return `.${test.part} = ${test.oneOf.join(' or ')}`;
    if (test.notOneOf) return `.${test.part} ≠ ${test.notOneOf.join(', ')}`;
    if (test.matches !== undefined) return `.${test.part} matches ${test.matches}`;
    return `.${test.part} ${test.present === false ? 'empty' : 'filled'}`;
  });
  const part = document.part === undefined ? '' : `.${document.part}`;
  const as = document.as === undefined ? '' : ` as ${document.as}`;
  const all = document.all === true ? ' (all)' : '';
  return `${document.field}${part}${as}${all}${where.length === 0 ? '' : ` where ${where.join(' and ')}`}`;
}

/**
 * Compiles a source of the document; undefined when it is a position that nobody has set.
 *
 * @throws Hl7Error `hl7.bad-path`
 */
export function compileSource(
  document: SourceDocument,
  scope: GroupScope | undefined,
  resolve: PositionResolver,
): Source | undefined {
  if (typeof document === 'string') {
    const path = resolve(document);
    return path === undefined ? undefined : pathSource(path, scope);
  }
  const field = resolve(document.field);
  return field === undefined ? undefined : fieldSource({ ...document, field }, scope);
}

/** @throws Hl7Error `hl7.bad-path` */
export function compileReader(text: string, scope: GroupScope | undefined, resolve: PositionResolver): PathReader {
  const path = resolve(text);
  if (path === undefined) return { text, read: () => undefined };
  const source = pathSource(path, scope);
  return { text, read: (run) => source.read(run) as string | null | undefined };
}
