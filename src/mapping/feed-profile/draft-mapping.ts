import type { MappingDocument, RuleDocument } from '../mapping-format.ts';
import { sourcesOf } from './mapped-paths.ts';

/** What a person accepted or changed. */
export interface MappingDraft {
  /** Paths of positions by name; an empty text takes a path away. */
  readonly positions: Readonly<Record<string, string>>;
  /** Further places of fields; `first` is looked at before the places that the mapping has, else after them. */
  readonly sources: readonly { readonly target: string; readonly path: string; readonly first: boolean }[];
  /** Codes of the sender: by code table, the sender's code and ours. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A mapping changed as a draft says, under another key and version. A source goes to the first rule of its target that
 * has no condition, so that the steps of that rule (dates, code tables) hold for it too; a target that no rule fills
 * gets one.
 */
export function draftMapping(
  base: MappingDocument,
  draft: MappingDraft,
  as: { readonly key: string; readonly version: number; readonly title: string },
): MappingDocument {
  const positions = { ...base.positions };
  for (const [name, path] of Object.entries(draft.positions)) {
    const label = positions[name]?.label ?? name;
    positions[name] = path === '' ? { label } : { label, path };
  }
  const rules = [...base.rules];
  for (const { target, path, first } of draft.sources) {
    const at = rules.findIndex((rule) => rule.target === target && rule.when === undefined);
    const rule = rules[at];
    if (rule === undefined) rules.push({ target, source: path });
    else rules[at] = withSource(rule, path, first);
  }
  const codes: Record<string, Record<string, string>> = {};
  for (const [table, own] of [...Object.entries(base.codes ?? {}), ...Object.entries(draft.codes)]) {
    codes[table] = { ...codes[table], ...own };
  }
  const { codes: _codes, positions: _positions, ...rest } = base;
  return {
    ...rest,
    ...as,
    ...(Object.keys(positions).length === 0 ? {} : { positions }),
    ...(Object.keys(codes).length === 0 ? {} : { codes }),
    rules,
  };
}

function withSource(rule: RuleDocument, path: string, first: boolean): RuleDocument {
  const others = sourcesOf(rule).filter((source) => source !== path);
  return { ...rule, source: first ? [path, ...others] : [...others, path] };
}
