import {
  isPatientFieldPath,
  PATIENT_FIELDS,
  PATIENT_LISTS,
  patientPathLabel,
  type CodeSet,
  type FieldDefinition,
} from '../../domain/patient/patient-fields.ts';
import { codeLabel } from '../../domain/patient/code-labels.ts';
import type { CodeTable } from '../code-table.ts';
import { languageTag } from '../functions/code-functions.ts';
import type { MappingDocument, RuleDocument } from '../mapping-format.ts';
import type { FeedProfile, FieldProfile } from './feed-profile.ts';
import { leafFields, messagesOf, type LeafField } from './leaf-fields.ts';
import { mappedPaths, sourcePath, sourcesOf, type MappedPaths } from './mapped-paths.ts';
import type { CodeUse, MappingCoverage } from './mapping-coverage.ts';
import type {
  CodeReview,
  MappingReview,
  Proposal,
  ReviewedCode,
  TargetReview,
  UnmappedField,
} from './mapping-review.ts';
import { furtherSources } from './propose-sources.ts';
import { slidingFeePlaces } from './propose-sliding-fee.ts';
import { suggestCode } from './suggest-code.ts';

/** Segments that carry the message, not its matter. */
const ENVELOPE = new Set(['MSH', 'EVN', 'FHS', 'BHS', 'BTS', 'FTS', 'DSC']);

/** Holds a feed's profile against a mapping: what is found, what is missed, and what is proposed. */
export function reviewMapping(
  profile: FeedProfile,
  coverage: MappingCoverage,
  codeTables: readonly CodeTable[],
): MappingReview {
  const { document } = coverage.mapping;
  const types = document.messages;
  const paths = mappedPaths(document);
  const leaves = leafFields(profile, types);
  const fields = new Map(
    profile.segments.flatMap(({ fields: all }) =>
      all.flatMap((field) => [field, ...field.components].map((each): [string, FieldProfile] => [each.path, each])),
    ),
  );
  const unread = leaves.filter(
    (leaf) => !ENVELOPE.has(leaf.segment) && !isRead(leaf, paths) && leaf.profile.type !== 'SI',
  );
  return {
    key: document.key,
    version: document.version,
    title: document.title,
    types,
    messages: coverage.messages,
    failing: coverage.failing,
    targets: targetsOf(document, coverage, fields),
    unmapped: unmappedFields(unread, paths, fields),
    proposals: [
      ...positionProposals(document, leaves, paths, coverage),
      ...furtherSources(unread, coverage, codeTables).map(({ target, leaf, confidence, reasons }): Proposal => ({
        id: `source ${target}`,
        kind: 'source',
        name: '',
        target,
        label: patientPathLabel(target),
        path: leaf.path,
        confidence,
        state: 'proposed',
        evidence: reasons.map(({ words }) => words),
        values: leaf.profile.values.length > 0 ? leaf.profile.values : leaf.profile.examples,
        others: [],
      })),
    ],
    codes: codeReviews(coverage.codes, codeTables, fields, document),
    problems: coverage.problems.map(({ code, severity, place, target, reason, messages }) => ({
      code,
      severity,
      place,
      target,
      words: reason,
      messages,
    })),
  };
}

function isRead(leaf: LeafField, paths: MappedPaths): boolean {
  return paths.component(leaf.path.includes('.') ? leaf.path : `${leaf.path}.1`);
}

/** Components of a field that the mapping knows one by one, other fields as a whole. */
function unmappedFields(
  unread: readonly LeafField[],
  paths: MappedPaths,
  fields: ReadonlyMap<string, FieldProfile>,
): UnmappedField[] {
  const rows = new Map<string, UnmappedField>();
  for (const { path, profile, messages, rate } of unread) {
    const whole = path.replace(/\..*$/, '');
    const shown = paths.field(whole) || whole === path ? path : whole;
    const known = rows.get(shown);
    if (known === undefined || messages > known.messages) {
      const name = shown === path ? profile.name : (fields.get(shown)?.name ?? '');
      rows.set(shown, { path: shown, name, messages, rate });
    }
  }
  return [...rows.values()];
}

function targetsOf(
  document: MappingDocument,
  coverage: MappingCoverage,
  fields: ReadonlyMap<string, FieldProfile>,
): TargetReview[] {
  const rows = new Map<string, { required: boolean; sources: Map<string, number> }>();
  const add = (rule: RuleDocument, target: string): void => {
    const row = rows.get(target) ?? { required: false, sources: new Map<string, number>() };
    row.required ||= rule.required === true;
    for (const source of sourcesOf(rule)) {
      const text =
        typeof source === 'string' ? source : `${source.field}${source.part === undefined ? '' : `.${source.part}`}`;
      const path = sourcePath(source, document);
      const rate = path === undefined ? 0 : rateOf(path, fields, document.messages, coverage.messages);
      row.sources.set(text, Math.max(row.sources.get(text) ?? 0, rate));
    }
    rows.set(target, row);
  };
  for (const rule of document.rules) add(rule, rule.target);
  for (const group of document.groups) for (const rule of group.rules) add(rule, `${group.target}.${rule.target}`);
  return [...rows].map(([target, { required, sources }]) => ({
    target,
    label: patientPathLabel(target),
    required,
    sources: [...sources].map(([text, rate]) => ({ text, rate })),
    filled: coverage.filled.get(target)?.filled ?? 0,
    of: coverage.filled.get(target)?.of ?? 0,
  }));
}

function rateOf(
  path: string,
  fields: ReadonlyMap<string, FieldProfile>,
  types: readonly string[],
  total: number,
): number {
  const bare = path.replaceAll(/\[\d+\]/g, '').replace(/^([^.]*\.\d+)\..*$/, '$1');
  const field = fields.get(bare) ?? fields.get(bare.replace(/\.1$/, ''));
  return field === undefined || total === 0 ? 0 : messagesOf(field, types) / total;
}

function positionProposals(
  document: MappingDocument,
  leaves: readonly LeafField[],
  paths: MappedPaths,
  coverage: MappingCoverage,
): Proposal[] {
  const position = document.positions?.['sliding_fee'];
  if (position === undefined) return [];
  const [best, ...others] = slidingFeePlaces(leaves);
  if (best === undefined) return [];
  const target = 'sliding_fee_class';
  const said = coverage.filled.get(target);
  const isFound = said !== undefined && said.filled >= 0.9 * best.leaf.messages;
  const isCovered = position.path === best.leaf.path || (isFound && isRead(best.leaf, paths));
  return [
    {
      id: 'position sliding_fee',
      kind: 'position',
      name: 'sliding_fee',
      target,
      label: patientPathLabel(target),
      path: best.leaf.path,
      confidence: best.confidence,
      state: isCovered ? 'covered' : 'proposed',
      evidence: [
        ...best.reasons.map(({ words }) => words),
        ...(isCovered ? ['The mapping finds it there already.'] : []),
      ],
      values: best.leaf.profile.values.length > 0 ? best.leaf.profile.values : best.leaf.profile.examples,
      others: others.slice(0, 3).map(({ leaf, confidence }) => ({ path: leaf.path, confidence })),
    },
  ];
}

function codeReviews(
  uses: readonly CodeUse[],
  codeTables: readonly CodeTable[],
  fields: ReadonlyMap<string, FieldProfile>,
  document: MappingDocument,
): CodeReview[] {
  const reviews = new Map<string, CodeReview>();
  for (const use of uses) {
    const table = codeTables.find(({ key }) => key === use.table);
    const set = fieldOf(use.target)?.codeSet;
    if (table === undefined || use.values.distinct === 0) continue;
    const open = openValues(use.rule, document, fields);
    const codes = use.values.values().map(({ value, count }): ReviewedCode => {
      const to = use.translate(value) ?? (use.language ? languageTag(value) : undefined) ?? '';
      const seen = open.get(value);
      const suggested = to === '' ? suggestCode(table, value, seen?.label) : undefined;
      return {
        value,
        count,
        open: to !== '' || seen?.open === true,
        ...(seen?.label === undefined ? {} : { label: seen.label }),
        to,
        proposed: suggested?.to ?? '',
        confidence: suggested?.confidence ?? 0,
        evidence: suggested?.evidence ?? '',
      };
    });
    const known = reviews.get(`${use.table} ${use.target}`);
    reviews.set(`${use.table} ${use.target}`, {
      table: use.table,
      title: table.title,
      target: use.target,
      label: patientPathLabel(use.target),
      choices: choicesOf(table, set),
      codes: merged(known?.codes ?? [], codes),
      exact: use.values.isExact && known?.exact !== false,
    });
  }
  return [...reviews.values()];
}

function merged(before: readonly ReviewedCode[], more: readonly ReviewedCode[]): ReviewedCode[] {
  const all = new Map(before.map((code) => [code.value, code]));
  for (const code of more) {
    const known = all.get(code.value);
    all.set(code.value, known === undefined ? code : { ...known, count: known.count + code.count });
  }
  return [...all.values()].sort((a, b) => b.count - a.count);
}

/** What the profile knows of the values at the places that a rule reads. */
function openValues(
  rule: RuleDocument,
  document: MappingDocument,
  fields: ReadonlyMap<string, FieldProfile>,
): Map<string, { open: boolean; label: string | undefined }> {
  const all = new Map<string, { open: boolean; label: string | undefined }>();
  for (const source of sourcesOf(rule)) {
    const path = sourcePath(source, document);
    const field = path === undefined ? undefined : (fields.get(path) ?? fields.get(path.replace(/\.1$/, '')));
    for (const { value, open, label } of [...(field?.values ?? []), ...(field?.examples ?? [])]) {
      if (!all.has(value)) all.set(value, { open, label });
    }
  }
  return all;
}

/** What a table translates to, with labels, in the order of the table. */
function choicesOf(table: CodeTable, set: CodeSet | undefined): { code: string; label: string }[] {
  return [...new Set(Object.values(table.entries))].map((code) => ({
    code,
    label: set === undefined ? code : codeLabel(set, code),
  }));
}

function fieldOf(target: string): FieldDefinition | undefined {
  if (isPatientFieldPath(target)) return PATIENT_FIELDS[target];
  const [list = '', ...rest] = target.split('.');
  const lists: Readonly<Record<string, { readonly fields: Readonly<Record<string, FieldDefinition>> }>> = PATIENT_LISTS;
  return lists[list]?.fields[rest.join('.')];
}
