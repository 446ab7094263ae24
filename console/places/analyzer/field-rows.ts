import type { FeedField, FeedProfileView, MappingReviewView } from '../../../src/contract/feed-analysis.ts';

/** One line of the table of fields: a field or a component. */
export interface FieldRow {
  readonly field: FeedField;
  readonly segment: string;
  readonly isComponent: boolean;
  /** Fields of ours that are read from here. */
  readonly targets: string;
}

export const SHOWN = ['all', 'unmapped', 'departures', 'own'] as const;
export type Shown = (typeof SHOWN)[number];

/** Every field with its components, in the order of the message. */
export function fieldRows(profile: FeedProfileView, review: MappingReviewView | null): FieldRow[] {
  const targets = new Map<string, string[]>();
  for (const { label, sources } of review?.targets ?? []) {
    for (const { text } of sources) {
      const path = /^[A-Z][A-Z0-9]{2}-\d+(\.\d+)?/.exec(text.replaceAll(/\[\d+\]/g, ''))?.[0];
      if (path === undefined) continue;
      for (const each of path.includes('.') ? [path] : [path, `${path}.1`]) {
        targets.set(each, [...(targets.get(each) ?? []), label]);
      }
    }
  }
  const row = (field: FeedField, segment: string, isComponent: boolean): FieldRow => {
    const found = targets.get(field.path) ?? (isComponent ? undefined : targets.get(`${field.path}.1`)) ?? [];
    const own = field.components.length > 0 && !isComponent ? (targets.get(field.path) ?? []) : found;
    return { field, segment, isComponent, targets: [...new Set(own)].join(', ') };
  };
  return profile.segments.flatMap(({ segment, fields }) =>
    fields.flatMap((field) => [
      row(field, segment, false),
      ...field.components.map((part) => row(part, segment, true)),
    ]),
  );
}

/** The rows that a person asked for: by what is special about them, and by words. */
export function filterRows(
  rows: readonly FieldRow[],
  shown: Shown,
  typed: string,
  unmapped: ReadonlySet<string>,
): FieldRow[] {
  const words = typed.trim().toLowerCase();
  return rows.filter(({ field, segment, targets }) => {
    if (shown === 'unmapped' && !unmapped.has(field.path)) return false;
    if (shown === 'departures' && field.deviations.length === 0) return false;
    if (shown === 'own' && !segment.startsWith('Z')) return false;
    return words === '' || `${field.path} ${field.name} ${field.kind} ${targets}`.toLowerCase().includes(words);
  });
}

/** `97 %`, never broken between lines; a share that is not all is never shown as all. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.01) return '< 1\u00a0%';
  return `${Math.floor(share * 100)}\u00a0%`;
}
