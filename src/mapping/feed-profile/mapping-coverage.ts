import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { type CodeTable, compileCodeTable, withOwnCodes } from '../code-table.ts';
import { compileMapping, type CompiledMapping, type MappingResult } from '../compile-mapping.ts';
import type { MappingDocument, RuleDocument, StepDocument } from '../mapping-format.ts';
import type { MappingProblem } from '../mapping-problems.ts';
import { ValueCounter } from './value-counter.ts';

/** Kinds of problem at one place that are told apart. */
const MAX_PROBLEMS = 300;

/** The codes that reach one code table by one rule. */
export interface CodeUse {
  readonly table: string;
  /** Qualified: `race`, `related_persons.relationship`. */
  readonly target: string;
  readonly rule: RuleDocument;
  /** Whether the step after the table reads language tags by itself. */
  readonly language: boolean;
  readonly values: ValueCounter;
  readonly translate: (code: string) => string | undefined;
}

export interface CountedProblem extends MappingProblem {
  messages: number;
}

/** What a mapping said about a feed. */
export interface MappingCoverage {
  readonly mapping: CompiledMapping;
  /** Messages of its types. */
  readonly messages: number;
  readonly failing: number;
  /** How often each target was filled, of how many messages or items. */
  readonly filled: ReadonlyMap<string, { readonly filled: number; readonly of: number }>;
  readonly codes: readonly CodeUse[];
  readonly problems: readonly CountedProblem[];
}

export interface CoverageCollector {
  /** Maps a message of the mapping's types; undefined for others. */
  add(message: Hl7Message, type: string): MappingResult | undefined;
  coverage(): MappingCoverage;
}

interface Tally {
  filled: number;
  of: number;
}

/** Runs every message through a mapping and counts what each of its rules finds. */
export function createCoverageCollector(
  mapping: CompiledMapping,
  codeTables: readonly CodeTable[],
  country: string,
): CoverageCollector {
  // The same mapping, stopped in front of its code tables, shows the codes that reach them.
  const untranslated = compileMapping(withoutTables(mapping.document), codeTables, { country });
  const codes = codeUses(mapping.document, codeTables);
  const filled = new Map<string, Tally>();
  const problems = new Map<string, CountedProblem>();
  let messages = 0;
  let failing = 0;
  const tally = (target: string, isFilled: boolean): void => {
    const known = filled.get(target) ?? { filled: 0, of: 0 };
    known.of += 1;
    if (isFilled) known.filled += 1;
    filled.set(target, known);
  };

  function addProblems(found: readonly MappingProblem[]): void {
    const seen = new Set<string>();
    for (const problem of found) {
      const place = problem.place.replaceAll(/\[\d+\]/g, '');
      const key = `${problem.code} ${place} ${problem.target}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const known = problems.get(key);
      if (known !== undefined) known.messages += 1;
      else if (problems.size < MAX_PROBLEMS) problems.set(key, { ...problem, place, messages: 1 });
    }
  }

  return {
    add(message, type) {
      if (!mapping.handles(type)) return undefined;
      messages += 1;
      const result = mapping.evaluate(message);
      if (result.problems.some(({ severity }) => severity === 'error')) failing += 1;
      addProblems(result.problems);
      for (const target of new Set(mapping.rules.map((rule) => rule.target))) {
        tally(target, (result.input.fields as Readonly<Record<string, unknown>>)[target] != null);
      }
      for (const [g, group] of mapping.groups.entries()) {
        const rows = result.values[mapping.rules.length + g];
        if (!Array.isArray(rows)) continue;
        for (const row of rows as readonly (readonly unknown[])[]) {
          if (row.every((value) => value === 0 || value === null)) continue;
          const targets = new Map<string, boolean>();
          for (const [r, rule] of group.rules.entries()) {
            const said = row[r] !== 0 && row[r] !== null;
            targets.set(rule.target, said || targets.get(rule.target) === true);
          }
          for (const [target, said] of targets) tally(`${group.target}.${target}`, said);
        }
      }
      collectCodes(untranslated.evaluate(message).values, codes);
      return result;
    },
    coverage: () => ({
      mapping,
      messages,
      failing,
      filled,
      codes: codes.map(({ use }) => use),
      problems: [...problems.values()].sort((a, b) => b.messages - a.messages),
    }),
  };
}

/** Where in the compact values of a mapping a rule's value stands. */
interface PlacedUse {
  readonly group: number | undefined;
  readonly rule: number;
  /** Number of the mapping's own rules, which come before the groups. */
  readonly base: number;
  readonly use: CodeUse;
}

function collectCodes(values: MappingResult['values'], codes: readonly PlacedUse[]): void {
  const count = (said: unknown, use: CodeUse): void => {
    for (const value of Array.isArray(said) ? said : [said]) if (typeof value === 'string') use.values.add(value);
  };
  for (const { group, rule, base, use } of codes) {
    if (group === undefined) count(values[rule], use);
    else {
      const rows = values[base + group];
      if (Array.isArray(rows)) for (const row of rows as readonly (readonly unknown[])[]) count(row[rule], use);
    }
  }
}

function tableStep(rule: RuleDocument): number {
  return (rule.steps ?? []).findIndex(({ fn }) => fn === 'codeTable');
}

function codeUses(document: MappingDocument, codeTables: readonly CodeTable[]): PlacedUse[] {
  const base = document.rules.length;
  const uses: PlacedUse[] = [];
  const add = (rule: RuleDocument, index: number, group: number | undefined, target: string): void => {
    const at = tableStep(rule);
    const step: StepDocument | undefined = rule.steps?.[at];
    const key = step?.['table'];
    const table = codeTables.find((each) => each.key === key);
    if (table === undefined) return;
    uses.push({
      group,
      rule: index,
      base,
      use: {
        table: table.key,
        target,
        rule,
        language: rule.steps?.[at + 1]?.fn === 'language',
        values: new ValueCounter(),
        translate: compileCodeTable(withOwnCodes(table, document.codes?.[table.key])),
      },
    });
  };
  for (const [i, rule] of document.rules.entries()) add(rule, i, undefined, rule.target);
  for (const [g, group] of document.groups.entries()) {
    for (const [i, rule] of group.rules.entries()) add(rule, i, g, `${group.target}.${rule.target}`);
  }
  return uses;
}

/** The mapping with each rule ended before its code table; nothing in it is required or judged. */
function withoutTables(document: MappingDocument): MappingDocument {
  const cut = (rule: RuleDocument): RuleDocument => {
    const at = tableStep(rule);
    const { required: _required, default: _default, validate: _validate, ...kept } = rule;
    return at === -1 ? rule : { ...kept, steps: (rule.steps ?? []).slice(0, at) };
  };
  return {
    ...document,
    rules: document.rules.map(cut),
    groups: document.groups.map((group) => ({ ...group, rules: group.rules.map(cut) })),
  };
}
