import type { FieldChange } from '../../src/contract/messages.ts';

/** One value inside of a field that holds lists or groups of values, with the way to it in words. */
export interface Leaf {
  readonly path: string;
  readonly label: string;
  readonly value: unknown;
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const words = (path: string): string => path.replaceAll(/[_.]+/g, ' ');

/** The filled values of a field; lists of groups count their items from 1. */
export function leavesOfValue(value: unknown): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (now: unknown, path: string, label: string): void => {
    if (isEmpty(now)) return;
    if (Array.isArray(now) && now.some((item) => isGroup(item) || Array.isArray(item))) {
      now.forEach((item, index) =>
        walk(item, `${path}[${index}]`, now.length === 1 ? label : `${label} ${index + 1}`.trim()),
      );
      return;
    }
    if (isGroup(now)) {
      for (const [name, part] of Object.entries(now)) {
        walk(part, path === '' ? name : `${path}.${name}`, `${label} ${words(name)}`.trim());
      }
      return;
    }
    leaves.push({ path, label, value: now });
  };
  walk(value, '', '');
  return leaves;
}

export interface ChangeLine {
  readonly key: string;
  readonly label: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** A change as lines to read: of a field that holds groups of values only what really differs. */
export function changeLines(change: FieldChange): readonly ChangeLine[] {
  const structured = [change.old, change.new].some(
    (value) => isGroup(value) || (Array.isArray(value) && value.some(isGroup)),
  );
  if (!structured) return [{ key: change.path, label: change.label, old: change.old, new: change.new }];
  const before = new Map(leavesOfValue(change.old).map((leaf) => [leaf.path, leaf]));
  const after = new Map(leavesOfValue(change.new).map((leaf) => [leaf.path, leaf]));
  const lines: ChangeLine[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(path);
    const now = after.get(path);
    if (JSON.stringify(old?.value) === JSON.stringify(now?.value)) continue;
    lines.push({
      key: `${change.path} ${path}`,
      label: `${change.label}: ${(now ?? old)?.label ?? ''}`,
      old: old?.value,
      new: now?.value,
    });
  }
  return lines;
}
