import type { Condition, MappingDocument, RuleDocument, SourceDocument } from '../mapping-format.ts';

const PATH = /^([A-Z][A-Z0-9]{2})(?:\[\d+\])?-(\d+)(?:\[\d+\])?(?:\.(\d+))?/;

/** What a mapping reads, as `PID-5` for whole fields and `PID-5.1` for components. */
export interface MappedPaths {
  /** Whether the mapping reads any part of the field. */
  field(path: string): boolean;
  /** Whether it reads this component, or the field as a whole. */
  component(path: string): boolean;
}

/** `SEG-F.C` of a path, the first component where it names none; undefined for what is no path. */
export function componentPath(path: string): string | undefined {
  const match = PATH.exec(path);
  return match === null ? undefined : `${match[1]}-${match[2]}.${match[3] ?? '1'}`;
}

/** The paths of a source as the mapping writes it; positions are put in place. */
export function sourcePath(source: SourceDocument, document: MappingDocument): string | undefined {
  const text = typeof source === 'string' ? source : source.field;
  const path = text.startsWith('$') ? document.positions?.[text.slice(1)]?.path : text;
  if (path === undefined || typeof source === 'string' || source.part === undefined) return path;
  return `${path.replace(/\..*$/, '')}.${source.part}`;
}

/** Collects every path that a mapping names: sources, conditions, arguments of functions. */
export function mappedPaths(document: MappingDocument): MappedPaths {
  const wholes = new Set<string>();
  const parts = new Set<string>();
  const add = (text: string | undefined): void => {
    const path = text === undefined ? undefined : componentPath(text);
    if (path !== undefined) parts.add(path);
  };
  const addCondition = (condition: Condition | undefined): void => {
    if (condition === undefined) return;
    if ('any' in condition) condition.any.forEach(addCondition);
    else if ('all' in condition) condition.all.forEach(addCondition);
    else if ('not' in condition) addCondition(condition.not);
    else add(condition.path);
  };
  const addRule = (rule: RuleDocument): void => {
    for (const source of sourcesOf(rule)) {
      const path = sourcePath(source, document);
      add(path);
      if (typeof source !== 'object' || path === undefined) continue;
      const field = path.replace(/\..*$/, '');
      if (source.as !== undefined) wholes.add(field);
      for (const test of source.where ?? []) parts.add(`${field}.${test.part.replace(/\..*$/, '')}`);
    }
    for (const step of rule.steps ?? []) {
      const { paths } = step;
      if (Array.isArray(paths)) for (const path of paths) if (typeof path === 'string') add(path);
    }
    addCondition(rule.when);
  };
  document.rules.forEach(addRule);
  for (const group of document.groups) {
    addCondition(group.when);
    group.rules.forEach(addRule);
  }
  const fields = new Set([...wholes, ...[...parts].map((path) => path.replace(/\..*$/, ''))]);
  return {
    field: (path) => fields.has(path),
    component: (path) => parts.has(path) || wholes.has(path.replace(/\..*$/, '')),
  };
}

/** The sources of a rule, one or several. */
export function sourcesOf(rule: RuleDocument): readonly SourceDocument[] {
  return rule.source === undefined ? [] : Array.isArray(rule.source) ? rule.source : [rule.source];
}
