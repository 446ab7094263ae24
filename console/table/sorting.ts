/** Sorting by several columns, as the URL holds it: `name,-open_errors`. */
export interface Sort {
  readonly key: string;
  readonly down: boolean;
}
export type SortValue = string | number | null | undefined;

export function parseSort(text: string | undefined): readonly Sort[] {
  if (text === undefined) return [];
  return text
    .split(',')
    .filter((part) => part.replace('-', '') !== '')
    .map((part) => (part.startsWith('-') ? { key: part.slice(1), down: true } : { key: part, down: false }));
}
export function writeSort(sorts: readonly Sort[]): string | undefined {
  return sorts.length === 0 ? undefined : sorts.map(({ key, down }) => (down ? `-${key}` : key)).join(',');
}

/** Up, down, not at all; `more` (with Shift) keeps the other columns. */
export function toggleSort(sorts: readonly Sort[], key: string, more: boolean): readonly Sort[] {
  const now = sorts.find((sort) => sort.key === key);
  const next = now === undefined ? { key, down: false } : now.down ? undefined : { key, down: true };
  if (!more) return next === undefined ? [] : [next];
  const others = sorts.filter((sort) => sort.key !== key);
  if (now === undefined) return next === undefined ? others : [...others, next];
  return sorts.flatMap((sort) => (sort.key === key ? (next === undefined ? [] : [next]) : [sort]));
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
function compare(left: SortValue, right: SortValue): number {
  const leftEmpty = left === null || left === undefined || left === '';
  const rightEmpty = right === null || right === undefined || right === '';
  if (leftEmpty || rightEmpty) return leftEmpty === rightEmpty ? 0 : leftEmpty ? 1 : -1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return collator.compare(String(left), String(right));
}

/** Sorts a copy; rows alike in every column keep their order; empty values come last either way. */
export function sortRows<T>(
  rows: readonly T[],
  sorts: readonly Sort[],
  valueOf: (row: T, key: string) => SortValue,
): readonly T[] {
  if (sorts.length === 0) return rows;
  return rows.toSorted((left, right) => {
    for (const { key, down } of sorts) {
      const a = valueOf(left, key);
      const b = valueOf(right, key);
      const order = compare(a, b);
      if (order === 0) continue;
      const empty = a === null || a === undefined || a === '' || b === null || b === undefined || b === '';
      return down && !empty ? -order : order;
    }
    return 0;
  });
}
