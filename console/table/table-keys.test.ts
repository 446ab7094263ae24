import { describe, expect, it } from 'vitest';
import { rangeOf, tableMove } from './table-keys.ts';

const press = (key: string, extra: { shift?: boolean; ctrl?: boolean } = {}) => ({
  key,
  shift: extra.shift ?? false,
  ctrl: extra.ctrl ?? false,
});
const place = { active: 5, count: 100, page: 20, selectable: true };

describe('the keyboard of a table', () => {
  it('goes by row, page and to the ends, and stays inside', () => {
    expect(tableMove(press('ArrowDown'), place)).toEqual({ kind: 'go', to: 6, extend: false });
    expect(tableMove(press('j'), place)).toEqual({ kind: 'go', to: 6, extend: false });
    expect(tableMove(press('k'), place)).toEqual({ kind: 'go', to: 4, extend: false });
    expect(tableMove(press('PageUp'), place)).toEqual({ kind: 'go', to: 0, extend: false });
    expect(tableMove(press('End'), place)).toEqual({ kind: 'go', to: 99, extend: false });
    expect(tableMove(press('ArrowDown'), { ...place, active: 99 })).toEqual({ kind: 'go', to: 99, extend: false });
    expect(tableMove(press('j'), { ...place, active: -1 })).toEqual({ kind: 'go', to: 0, extend: false });
  });
  it('extends the selection with Shift, only where rows can be selected', () => {
    expect(tableMove(press('ArrowDown', { shift: true }), place)).toEqual({ kind: 'go', to: 6, extend: true });
    expect(tableMove(press('ArrowDown', { shift: true }), { ...place, selectable: false })).toMatchObject({
      extend: false,
    });
  });
  it('opens, marks, marks all and leaves', () => {
    expect(tableMove(press('Enter'), place)).toEqual({ kind: 'open' });
    expect(tableMove(press('Enter'), { ...place, active: -1 })).toBeUndefined();
    expect(tableMove(press(' '), place)).toEqual({ kind: 'toggle' });
    expect(tableMove(press('a', { ctrl: true }), place)).toEqual({ kind: 'select-all' });
    expect(tableMove(press('Escape'), place)).toEqual({ kind: 'leave' });
  });
  it('leaves the browser its own keys, and an empty table alone', () => {
    expect(tableMove(press('r', { ctrl: true }), place)).toBeUndefined();
    expect(tableMove(press('Tab'), place)).toBeUndefined();
    expect(tableMove(press('ArrowDown'), { ...place, count: 0, active: -1 })).toBeUndefined();
  });
  it('takes a range in either direction', () => {
    expect(rangeOf(['a', 'b', 'c', 'd'], 1, 3)).toEqual(['b', 'c', 'd']);
    expect(rangeOf(['a', 'b', 'c', 'd'], 2, 0)).toEqual(['a', 'b', 'c']);
  });
});
