import { describe, expect, it } from 'vitest';
import { parseSort, sortRows, toggleSort, writeSort } from './sorting.ts';

describe('sorting by several columns', () => {
  it('is held by the URL as text', () => {
    expect(parseSort('name,-errors')).toEqual([
      { key: 'name', down: false },
      { key: 'errors', down: true },
    ]);
    expect(writeSort(parseSort('name,-errors'))).toBe('name,-errors');
    expect(parseSort(undefined)).toEqual([]);
    expect(parseSort('-,')).toEqual([]);
    expect(writeSort([])).toBeUndefined();
  });
  it('goes up, down and off with each press, keeping the others with Shift', () => {
    const up = toggleSort([], 'a', false);
    const down = toggleSort(up, 'a', false);
    expect(writeSort(up)).toBe('a');
    expect(writeSort(down)).toBe('-a');
    expect(toggleSort(down, 'a', false)).toEqual([]);
    expect(writeSort(toggleSort(up, 'b', true))).toBe('a,b');
    expect(writeSort(toggleSort(parseSort('a,b'), 'a', true))).toBe('-a,b');
    expect(writeSort(toggleSort(parseSort('a,b'), 'c', false))).toBe('c');
  });
  it('compares numbers as numbers and text as people do, empty values last either way', () => {
    const rows = [
      { n: 10, s: 'b10' },
      { n: 9, s: 'B9' },
      { n: null, s: '' },
    ];
    const values = (row: { n: number | null; s: string }, key: string) => (key === 'n' ? row.n : row.s);
    expect(sortRows(rows, parseSort('n'), values).map((row) => row.n)).toEqual([9, 10, null]);
    expect(sortRows(rows, parseSort('-n'), values).map((row) => row.n)).toEqual([10, 9, null]);
    expect(sortRows(rows, parseSort('s'), values).map((row) => row.s)).toEqual(['B9', 'b10', '']);
  });
  it('sorts alike rows by the next column, and leaves the given order otherwise', () => {
    const rows = [
      { a: 1, b: 2 },
      { a: 1, b: 1 },
      { a: 0, b: 3 },
    ];
    const values = (row: { a: number; b: number }, key: string) => (key === 'a' ? row.a : row.b);
    expect(sortRows(rows, parseSort('a,-b'), values).map((row) => row.b)).toEqual([3, 2, 1]);
    expect(sortRows(rows, parseSort('a'), values).map((row) => row.b)).toEqual([3, 2, 1]);
    expect(sortRows(rows, [], values)).toBe(rows);
  });
});
