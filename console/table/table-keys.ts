/** The keyboard of every table, as a pure step from what is pressed to what happens. */

export interface KeyPress {
  readonly key: string;
  readonly shift: boolean;
  readonly ctrl: boolean;
}
export interface TablePlace {
  /** Index of the active row, or -1 before any is. */
  readonly active: number;
  readonly count: number;
  /** Rows that fit the window. */
  readonly page: number;
  readonly selectable: boolean;
}
export type TableMove =
  | { readonly kind: 'go'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'select-all' }
  | { readonly kind: 'leave' };

export function tableMove(press: KeyPress, place: TablePlace): TableMove | undefined {
  const last = place.count - 1;
  const go = (to: number): TableMove | undefined =>
    last < 0 ? undefined : { kind: 'go', to: Math.max(0, Math.min(last, to)), extend: press.shift && place.selectable };
  if (press.ctrl) {
    if (press.key === 'a' && place.selectable && last >= 0) return { kind: 'select-all' };
    return undefined;
  }
  switch (press.key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return go(place.active + 1);
    case 'ArrowUp':
    case 'k':
    case 'K':
      return go(place.active - 1);
    case 'PageDown':
      return go(place.active + place.page);
    case 'PageUp':
      return go(place.active - place.page);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case 'Enter':
      return place.active >= 0 ? { kind: 'open' } : undefined;
    case ' ':
      return place.active >= 0 && place.selectable ? { kind: 'toggle' } : undefined;
    case 'Escape':
      return { kind: 'leave' };
    default:
      return undefined;
  }
}

/** The keys of the rows from one index to another, in either direction. */
export function rangeOf(keys: readonly string[], from: number, to: number): readonly string[] {
  return keys.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
}
