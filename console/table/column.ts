import type { ReactNode } from 'react';
import type { SortValue } from './sorting.ts';

/** One column of a table: how wide, what it shows, and by what it sorts. */
export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** Width in px; a column with `grow` takes its share of what is left as well. */
  readonly width: number;
  readonly grow?: number;
  readonly right?: boolean;
  /** In the wire face. */
  readonly mono?: boolean;
  readonly cell: (row: T) => ReactNode;
  /** Present where the table has all rows and may sort them here. */
  readonly sort?: (row: T) => SortValue;
  /** Not shown until chosen. */
  readonly extra?: boolean;
}
