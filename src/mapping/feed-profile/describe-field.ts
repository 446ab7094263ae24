import type { Counts } from './counts.ts';
import type { SegmentCollector } from './feed-collection.ts';
import { DEVIATIONS, type Deviation, type FieldProfile, type SeenValue } from './feed-profile.ts';
import type { FieldCollector } from './field-collector.ts';
import { isOpenValue } from './open-values.ts';
import type { PartCollector } from './part-collector.ts';
import { hasText, isCoded, type StandardPart } from './standard-part.ts';
import type { ValueKind } from './value-kind.ts';

/** A value set has at most so many values. */
const MAX_SET = 40;
const EXAMPLES = 5;

interface Around {
  readonly segment: SegmentCollector;
  /** The version that most messages with the segment declare. */
  readonly version: string | undefined;
  readonly types: Counts;
}

/** The profile of a field with its components; a field that never has more than one is described as a whole. */
export function describeField(field: FieldCollector, around: Around): FieldProfile {
  const { whole } = field;
  const path = `${around.segment.segment}-${field.field}`;
  const used = [...field.components.entries()].flatMap(([number, part]) =>
    part === undefined || part.messages === 0 ? [] : [{ number, part }],
  );
  const [only] = used;
  const standard = whole.standard(around.version);
  const single = used.length === 1 && only?.number === 1 ? only.part : undefined;
  const deviations = deviationsOf(whole, single, standard, around);
  if (single !== undefined) {
    const inside = single.standard(around.version);
    const judged = inside === undefined ? standard : { ...inside, name: standard?.name ?? inside.name };
    return {
      ...describePart(path, single, judged, 1, around, field.labels),
      type: standard?.type ?? '',
      required: standard?.required ?? false,
      nulls: whole.nulls,
      repeats: field.repeats,
      deviations,
      components: [],
    };
  }
  return {
    ...describePart(path, whole, standard, 0, around, field.labels),
    kind: used.length === 0 ? 'text' : kindOfComposite(standard?.type),
    repeats: field.repeats,
    deviations,
    components: used.map(({ number, part }) => ({
      ...describePart(
        `${path}.${number}`,
        part,
        part.standard(around.version),
        number,
        around,
        number === 1 ? field.labels : new Map<string, string>(),
      ),
      deviations: deviationsOf(part, undefined, part.standard(around.version), around),
    })),
  };
}

function describePart(
  path: string,
  part: PartCollector,
  standard: StandardPart | undefined,
  component: number,
  around: Around,
  labels: ReadonlyMap<string, string>,
): FieldProfile {
  const { values } = part;
  const coded = isCoded(standard);
  const distinct = values.distinct;
  const kind = kindOf(part, standard, coded);
  const isFew = values.isExact && distinct > 0 && distinct <= MAX_SET;
  const isValueSet =
    isFew && !NEVER_SETS.has(kind) && (coded || (part.filled >= 3 * distinct && distinct <= part.filled / 2));
  const question = { segment: around.segment.segment, component, standard, coded, kind, isValueSet };
  const seen = values.values().map(({ value, count }): SeenValue => {
    const label = (coded || isValueSet) && hasText(standard) ? labels.get(value) : undefined;
    const open = isOpenValue(question, value, count);
    return { value, count, open, ...(label === undefined ? {} : { label }) };
  });
  return {
    path,
    name: standard?.name ?? '',
    type: standard?.type ?? '',
    table: standard?.table ?? '',
    required: standard?.required ?? false,
    messages: part.messages,
    rate: part.messages / around.segment.messages,
    types: [...part.byType].map(([type, messages]) => ({ type, messages, rate: messages / around.types.get(type) })),
    nulls: part.nulls,
    repeats: 1,
    length: part.lengths.profile(),
    kind,
    distinct,
    exact: values.isExact,
    values: isValueSet ? seen : [],
    examples: isValueSet ? [] : seen.slice(0, EXAMPLES),
    precision: part.precisions.list(),
    deviations: [],
    components: [],
  };
}

const NEVER_SETS: ReadonlySet<ValueKind> = new Set<ValueKind>(['date', 'timestamp', 'phone', 'email', 'ssn']);
const CLEAR: ReadonlySet<ValueKind> = new Set<ValueKind>(['date', 'timestamp', 'phone', 'email', 'ssn', 'flag']);

/** What a field holds, from what most of its values look like and how many different ones there are. */
function kindOf(part: PartCollector, standard: StandardPart | undefined, coded: boolean): ValueKind {
  const kinds = part.values.kinds();
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  const [first] = kinds;
  if (first === undefined || total === 0) return 'text';
  const share = (wanted: readonly ValueKind[]): number =>
    kinds.filter(({ kind }) => wanted.includes(kind)).reduce((sum, { count }) => sum + count, 0) / total;
  for (const kind of CLEAR) if (share([kind]) >= 0.8) return kind;
  if (share(['date', 'timestamp']) >= 0.8) return 'timestamp';
  const { distinct } = part.values;
  if (coded) return 'code';
  if (standard?.type === 'NM' || standard?.type === 'SI') return 'number';
  if (part.filled >= 5 * distinct && distinct <= MAX_SET && share(['code', 'id', 'number', 'flag', 'name']) >= 0.8) {
    return share(['number']) >= 0.8 ? 'number' : 'code';
  }
  if (share(['number', 'id', 'code']) >= 0.8) {
    const varied = distinct >= part.filled * 0.5;
    if (share(['number']) >= 0.8) return varied && part.lengths.profile().typical >= 4 ? 'id' : 'number';
    if (varied && share(['id', 'number']) >= 0.5) return 'id';
    return share(['code']) >= 0.5 && !varied ? 'code' : share(['id', 'number']) >= 0.5 ? 'id' : first.kind;
  }
  if (share(['name', 'code']) >= 0.8) return 'name';
  return share([first.kind]) >= 0.8 ? first.kind : 'text';
}

function kindOfComposite(type: string | undefined): ValueKind {
  if (type === 'XPN' || type === 'XCN' || type === 'PN' || type === 'CN') return 'name';
  if (type === 'XTN' || type === 'TN') return 'phone';
  if (type === 'CX' || type === 'CK' || type === 'EI') return 'id';
  if (type === 'CE' || type === 'CWE' || type === 'CNE') return 'code';
  if (type === 'TS') return 'timestamp';
  return 'text';
}

function deviationsOf(
  part: PartCollector,
  inside: PartCollector | undefined,
  standard: StandardPart | undefined,
  around: Around,
): Deviation[] {
  const counts = new Map(part.deviations);
  for (const [code, count] of inside?.deviations ?? []) counts.set(code, (counts.get(code) ?? 0) + count);
  if (standard?.required === true && part.filled < around.segment.occurrences) {
    counts.set('required', around.segment.occurrences - part.filled);
  }
  if (standard?.withdrawn === true && part.filled > 0) counts.set('withdrawn', part.filled);
  // Z-segments are nobody's standard: nothing in them departs from one.
  if (around.segment.segment.startsWith('Z')) counts.delete('unknown');
  return [...counts].map(([code, count]) => {
    const more =
      code === 'length' && standard?.maxLength !== undefined
        ? ` At most ${standard.maxLength} characters, up to ${part.lengths.profile().most} came.`
        : code === 'type'
          ? ` The type is ${standard?.type ?? ''}.`
          : code === 'code' || code === 'local'
            ? ` HL7 table ${standard?.table ?? ''}.`
            : '';
    return { code, count, words: DEVIATIONS[code] + more };
  });
}
