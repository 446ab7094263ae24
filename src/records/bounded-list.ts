/** Items of one list that a view shows at most; a sender can fill a list with tens of thousands. */
export const MAX_SHOWN = 200;

/** A plain value with every list in it cut to its first {@link MAX_SHOWN} items. */
export function boundedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_SHOWN).map(boundedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, boundedValue(inner)]));
}

/** How many items of a list are beyond what is shown. */
export function beyondShown(length: number): number {
  return Math.max(0, length - MAX_SHOWN);
}
