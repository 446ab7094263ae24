import { z } from 'zod';
import { MappingError } from './mapping-error.ts';

/*
 * The mapping format: which field of a message fills which field of the record, as data. docs/mapping-format.md says it
 * with examples.
 */

/** `PID-5.1`, or `$name` for a position that each system may set for itself. */
const pathText = z.string().min(1).max(60);
/** A part of a repetition: component, or component.subcomponent. */
const partText = z.string().regex(/^\d{1,3}(\.\d{1,3})?$/, 'a part is a component such as "3", or "4.1"');
const values = z.array(z.string().max(200)).min(1).max(500);
const pattern = z.string().min(1).max(200);

/** What a value must be like. All that is given must hold; values are compared without regard to case. */
const test = {
  /** Filled, or not filled. */
  present: z.boolean().optional(),
  oneOf: values.optional(),
  /** An absent value passes. */
  notOneOf: values.optional(),
  /** A regular expression that is found in the value. */
  matches: pattern.optional(),
};

export interface PathCondition {
  readonly path: string;
  readonly present?: boolean | undefined;
  readonly oneOf?: readonly string[] | undefined;
  readonly notOneOf?: readonly string[] | undefined;
  readonly matches?: string | undefined;
}
export type Condition =
  | PathCondition
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  | { readonly not: Condition };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ path: pathText, ...test }),
    z.strictObject({ any: z.array(condition).min(1).max(20) }),
    z.strictObject({ all: z.array(condition).min(1).max(20) }),
    z.strictObject({ not: condition }),
  ]),
);

/** Reads one repetition of a field, chosen by what its parts say, or all of them. */
const fieldSource = z.strictObject({
  field: pathText,
  where: z
    .array(z.strictObject({ part: partText, ...test }))
    .max(10)
    .optional(),
  part: partText.optional(),
  /** Reads a whole composite: a telephone (XTN: written out, or put together from its parts) or an e-mail address. */
  as: z.enum(['telephone', 'email']).optional(),
  /** All repetitions that fit, as a list, instead of the first. */
  all: z.boolean().optional(),
});
export type FieldSource = z.infer<typeof fieldSource>;

const source = z.union([pathText, fieldSource]);
export type SourceDocument = z.infer<typeof source>;

/** A function of the library by name, its arguments beside it. */
const step = z.object({ fn: z.string().min(1).max(40) }).catchall(z.unknown());
export type StepDocument = z.infer<typeof step>;

const rule = z.strictObject({
  /** The field of the record, or of the list's item. */
  target: z.string().min(1).max(60),
  /** Where the value is; of several the first that says something. May be left out when a step makes the value. */
  source: z.union([source, z.array(source).min(1).max(10)]).optional(),
  steps: z.array(step).max(20).optional(),
  /** The message is refused when there is no value. */
  required: z.boolean().optional(),
  /** Stands in for an absent value; never for one that the sender deletes. */
  default: z.string().max(200).optional(),
  /**
   * When the source's field is there but this part of it is not, the record's value is removed: a new address without
   * a second line must not keep the old one's.
   */
  clearWithField: z.boolean().optional(),
  when: condition.optional(),
  validate: z
    .strictObject({
      oneOf: values.optional(),
      matches: pattern.optional(),
      maxLength: z.number().int().min(1).max(1000).optional(),
      severity: z.enum(['error', 'warning']).optional(),
    })
    .optional(),
  note: z.string().max(500).optional(),
});
export type RuleDocument = z.infer<typeof rule>;

const group = z.strictObject({
  /** The list of the record that the items go to; several groups may fill one list. */
  target: z.string().min(1).max(60),
  each: z.union([
    z.strictObject({ repetition: pathText }),
    z.strictObject({
      segment: z.string().regex(/^[A-Z][A-Z0-9]{2}$/),
      /** Segments that belong to it: those that follow it, up to the next of its kind. */
      with: z
        .array(z.string().regex(/^[A-Z][A-Z0-9]{2}$/))
        .max(10)
        .optional(),
    }),
  ]),
  when: condition.optional(),
  /** An item that has none of these is no item. */
  needs: z.array(z.string()).min(1).max(20),
  rules: z.array(rule).min(1).max(100),
  note: z.string().max(500).optional(),
});
export type GroupDocument = z.infer<typeof group>;

export const mappingDocument = z.strictObject({
  format: z.literal('practice-studio-mapping/1'),
  key: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  version: z.number().int().min(1),
  title: z.string().min(1).max(200),
  source: z.literal('hl7v2'),
  target: z.literal('patient'),
  /** The messages that it is for: `ADT^A04`. */
  messages: z.array(z.string().regex(/^[A-Z0-9]{3}\^[A-Z0-9]{3}$/)).min(1),
  /**
   * Places that differ from customer to customer; a system may set its own path for each. One without a path says
   * nothing until a system sets it.
   */
  positions: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
      z.strictObject({ label: z.string().max(200), path: pathText.optional() }),
    )
    .optional(),
  /**
   * Codes of this sender that come before those of a code table: by the table's key, the sender's code and ours. What
   * the table itself says of other codes stays.
   */
  codes: z
    .record(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
      z.record(z.string().min(1).max(200), z.string().min(1).max(200)),
    )
    .optional(),
  rules: z.array(rule).max(300),
  groups: z.array(group).max(50),
});
export type MappingDocument = z.infer<typeof mappingDocument>;

/**
 * Reads a mapping document (parsed JSON).
 *
 * @throws MappingError with every fault and its place in the document.
 */
export function parseMapping(document: unknown): MappingDocument {
  const parsed = mappingDocument.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new MappingError(
    parsed.error.issues.map((issue) => ({ place: placeOf(issue.path) || 'the document', reason: issue.message })),
  );
}

/** `['rules', 3, 'target']` as `rules[3].target`. */
function placeOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  }
  return text;
}
