import { memo, type ReactNode } from 'react';
import type { Column } from './column.ts';
import classes from './data-table.module.css';

interface TableRowProps<T> {
  readonly row: T;
  readonly id: string;
  readonly index: number;
  /** Distance from the top of the table in px. */
  readonly start: number;
  readonly columns: readonly Column<T>[];
  /** The row in words; undefined where rows cannot be selected. */
  readonly selectLabel: string | undefined;
  readonly selected: boolean;
  readonly active: boolean;
  readonly open: boolean;
  readonly openable: boolean;
  readonly onToggle: (index: number) => void;
}

function Row<T>(props: TableRowProps<T>): ReactNode {
  const { row, index, selectLabel } = props;
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selectLabel === undefined ? undefined : props.selected}
      data-active={props.active}
      data-open={props.open}
      className={`${classes['row']} ${props.openable ? classes['openable'] : ''}`}
      style={{ transform: `translateY(${props.start}px)` }}
      data-index={index}
    >
      {selectLabel === undefined ? null : (
        <div className={`${classes['cell']} ${classes['check']}`} role="gridcell" data-check>
          {/* The browser's own: a hundred of a library's make scrolling jerk. */}
          <input
            type="checkbox"
            className={classes['box']}
            aria-label={`Select ${selectLabel}`}
            tabIndex={-1}
            checked={props.selected}
            onChange={() => props.onToggle(index)}
          />
        </div>
      )}
      {props.columns.map((column) => (
        <div
          key={column.key}
          role="gridcell"
          className={`${classes['cell']} ${column.right === true ? classes['right'] : ''} ${column.mono === true ? 'mono' : ''}`}
          style={{ width: column.width, flex: `${column.grow ?? 0} 0 ${column.width}px` }}
        >
          <span className={classes['clip']}>{column.cell(row)}</span>
        </div>
      ))}
    </div>
  );
}

/** One line of a table; drawn again only when something of it changed, so that scrolling draws just the new ones. */
export const TableRow = memo(Row) as typeof Row;
