import { Checkbox, Skeleton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { formatCount, formatMany } from '../parts/format.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import type { Column } from './column.ts';
import { ColumnChooser } from './column-chooser.tsx';
import classes from './data-table.module.css';
import { parseSort, sortRows, toggleSort, writeSort } from './sorting.ts';
import { rangeOf, tableMove } from './table-keys.ts';
import { TableRow } from './table-row.tsx';

const ROW_PX = 32;

export interface DataTableProps<T> {
  /** What the rows are, for assistive technology and for what is kept in this browser: `messages`. */
  readonly name: string;
  readonly rows: readonly T[] | undefined;
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  /** One row in words, for its check box and for what is read out. */
  readonly rowLabel: (row: T) => string;
  readonly empty: ReactNode;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly onOpen?: (row: T) => void;
  /** Key of the row whose details are shown. */
  readonly openKey?: string | undefined;
  /** Escape with nothing selected. */
  readonly onLeave?: () => void;
  /** Sort as the URL holds it; only with `onSort` are headers buttons. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
  /** What can be done with the selected rows. */
  readonly bulk?: ReactNode;
  /** Left of the tools: counts, how fresh it is. */
  readonly summary?: ReactNode;
  readonly hasMore?: boolean;
  readonly loadingMore?: boolean;
  readonly onMore?: () => void;
  /** Height for tables inside a scrolling page; without it the table fills what is there. */
  readonly maxHeight?: number;
}

/** `entries` → `entry`, `systems` → `system`. */
function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/s$/, '');
}

/** The one table of the console: only the rows in sight are in the page, so 100,000 of them stay smooth. */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { columns, rowKey, selected, onSelect, openKey } = props;
  const tableId = useId();
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const anchor = useRef(-1);

  const [kept, keep] = useLocalStorage<readonly string[] | null>({
    key: `practice-studio-columns-${props.name}`,
    defaultValue: null,
  });
  const shown = useMemo(
    () => new Set(kept ?? columns.filter((column) => column.extra !== true).map((column) => column.key)),
    [kept, columns],
  );
  const visible = useMemo(() => columns.filter((column) => shown.has(column.key)), [columns, shown]);
  const width = visible.reduce((sum, column) => sum + column.width, onSelect === undefined ? 0 : 36);

  const sorts = useMemo(() => parseSort(props.sort), [props.sort]);
  const rows = useMemo(() => {
    const byKey = new Map(columns.map((column) => [column.key, column]));
    return sortRows(props.rows ?? [], sorts, (row, key) => byKey.get(key)?.sort?.(row));
  }, [props.rows, sorts, columns]);
  const keys = useMemo(() => rows.map(rowKey), [rows, rowKey]);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    // The sticky header covers the first 30 px.
    scrollPaddingStart: 30,
  });
  const items = virtual.getVirtualItems();

  const lastShown = items.at(-1)?.index ?? 0;
  const { hasMore, loadingMore, onMore } = props;
  useEffect(() => {
    if (hasMore === true && loadingMore !== true && lastShown >= rows.length - 40) onMore?.();
  }, [hasMore, loadingMore, onMore, lastShown, rows.length]);

  const openIndex = openKey === undefined ? -1 : keys.indexOf(openKey);
  useEffect(() => {
    if (openIndex < 0) return;
    setActive(openIndex);
    anchor.current = openIndex;
  }, [openIndex]);

  const toggle = (index: number): void => {
    const key = keys[index];
    if (key === undefined || onSelect === undefined) return;
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    anchor.current = index;
    onSelect(next);
  };
  // Rows are handed one function for good, so that a new selection draws only the rows that it touches.
  const latestToggle = useRef(toggle);
  useEffect(() => {
    latestToggle.current = toggle;
  });
  const toggleRow = useCallback((index: number) => latestToggle.current(index), []);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    // Buttons and links inside of a row keep their own keys.
    if (event.target !== event.currentTarget) return;
    const move = tableMove(
      { key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey },
      {
        active,
        count: rows.length,
        page: Math.max(1, Math.floor((grid.current?.clientHeight ?? 320) / ROW_PX) - 2),
        selectable: onSelect !== undefined,
      },
    );
    if (move === undefined) return;
    event.preventDefault();
    switch (move.kind) {
      case 'go':
        setActive(move.to);
        virtual.scrollToIndex(move.to);
        if (move.extend) {
          if (anchor.current < 0) anchor.current = Math.max(0, active);
          onSelect?.(new Set([...(selected ?? []), ...rangeOf(keys, anchor.current, move.to)]));
        } else anchor.current = move.to;
        break;
      case 'open': {
        const row = rows[active];
        if (row !== undefined) props.onOpen?.(row);
        break;
      }
      case 'toggle':
        toggle(active);
        break;
      case 'select-all':
        onSelect?.(new Set(keys));
        break;
      case 'leave':
        if ((selected?.size ?? 0) > 0) onSelect?.(new Set());
        else props.onLeave?.();
    }
  };

  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1);
    const row = rows[index];
    // Links, buttons and check boxes act by themselves; menus and dialogs are drawn elsewhere but bubble to here.
    if (row === undefined || !event.currentTarget.contains(target)) return;
    if (target.closest('a, button, input, label, [data-check]') !== null) return;
    setActive(index);
    if (event.shiftKey && onSelect !== undefined && anchor.current >= 0) {
      onSelect(new Set([...(selected ?? []), ...rangeOf(keys, anchor.current, index)]));
      return;
    }
    anchor.current = index;
    // Text that is being marked to copy is no click on the row.
    if (document.getSelection()?.isCollapsed === false) return;
    props.onOpen?.(row);
  };

  const selectedCount = selected?.size ?? 0;
  return (
    <div className={classes['wrap']} style={props.maxHeight === undefined ? undefined : { maxHeight: props.maxHeight }}>
      <div className={classes['tools']}>
        <div>
          {selectedCount > 0 ? (
            <span role="status">{formatCount(selectedCount)} selected</span>
          ) : (
            (props.summary ??
            (props.rows === undefined ? '' : formatMany(rows.length, singular(props.name), props.name)))
          )}
        </div>
        {selectedCount > 0 ? <div className={classes['bulk']}>{props.bulk}</div> : null}
        <ColumnChooser columns={columns} shown={shown} onChange={(next) => keep([...next])} />
      </div>
      <div ref={grid} className={classes['scroll']} tabIndex={-1}>
        <div
          className={classes['grid']}
          role="grid"
          tabIndex={0}
          aria-label={props.name}
          aria-rowcount={hasMore === true ? -1 : rows.length + 1}
          aria-colcount={visible.length + (onSelect === undefined ? 0 : 1)}
          aria-multiselectable={onSelect === undefined ? undefined : true}
          aria-activedescendant={
            active >= 0 && items.some((item) => item.index === active) ? `${tableId}-${active}` : undefined
          }
          aria-busy={props.rows === undefined}
          style={{ minWidth: width }}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onFocus={(event) => {
            if (event.target === event.currentTarget && active < 0 && rows.length > 0) setActive(0);
          }}
        >
          <div role="rowgroup" className={classes['headGroup']}>
            <div className={classes['head']} role="row" aria-rowindex={1}>
              {onSelect === undefined ? null : (
                <div className={`${classes['headCell']} ${classes['check']}`} role="columnheader">
                  <Checkbox
                    aria-label={`Select all ${props.name} that are loaded`}
                    checked={rows.length > 0 && selectedCount >= rows.length}
                    indeterminate={selectedCount > 0 && selectedCount < rows.length}
                    onChange={(event) => onSelect(event.currentTarget.checked ? new Set(keys) : new Set())}
                  />
                </div>
              )}
              {visible.map((column) => (
                <HeadCell
                  key={column.key}
                  column={column}
                  sortable={props.onSort !== undefined && column.sort !== undefined}
                  place={sorts.findIndex((sort) => sort.key === column.key)}
                  down={sorts.find((sort) => sort.key === column.key)?.down ?? false}
                  many={sorts.length > 1}
                  onSort={(more) => props.onSort?.(writeSort(toggleSort(sorts, column.key, more)))}
                />
              ))}
            </div>
          </div>
          {rows.length === 0 ? null : (
            <div role="rowgroup" className={classes['body']} style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index];
                const key = keys[item.index];
                if (row === undefined || key === undefined) return null;
                return (
                  <TableRow
                    key={key}
                    row={row}
                    id={`${tableId}-${item.index}`}
                    index={item.index}
                    start={item.start}
                    columns={visible}
                    selectLabel={onSelect === undefined ? undefined : props.rowLabel(row)}
                    selected={selected?.has(key) ?? false}
                    active={item.index === active}
                    open={key === openKey}
                    openable={props.onOpen !== undefined}
                    onToggle={toggleRow}
                  />
                );
              })}
            </div>
          )}
        </div>
        <TableEnd {...props} />
      </div>
    </div>
  );
}

function TableEnd<T>(props: DataTableProps<T>): ReactNode {
  if (props.error !== undefined && props.error !== null) {
    return (
      <div style={{ padding: 12 }}>
        <ErrorNotice error={props.error} onRetry={props.onRetry} />
      </div>
    );
  }
  if (props.rows === undefined) {
    return (
      <div className={classes['foot']} role="status" aria-label={`Loading ${props.name}`}>
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} height={12} my={10} width={`${90 - ((index * 13) % 40)}%`} />
        ))}
      </div>
    );
  }
  if (props.rows.length === 0) return <>{props.empty}</>;
  if (props.loadingMore === true) {
    return (
      <div className={classes['foot']} role="status">
        Loading more…
      </div>
    );
  }
  return null;
}

function HeadCell<T>(props: {
  column: Column<T>;
  sortable: boolean;
  place: number;
  down: boolean;
  many: boolean;
  onSort: (more: boolean) => void;
}): ReactNode {
  const { column } = props;
  const sorted = props.place >= 0;
  const Arrow = props.down ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      className={`${classes['headCell']} ${column.right === true ? classes['right'] : ''}`}
      style={{ width: column.width, flex: `${column.grow ?? 0} 0 ${column.width}px` }}
      {...(props.sortable
        ? { 'aria-sort': sorted ? (props.down ? ('descending' as const) : ('ascending' as const)) : ('none' as const) }
        : {})}
    >
      {props.sortable ? (
        <button
          type="button"
          className={classes['sort']}
          title="Sort; with Shift also by this column"
          onClick={(event) => props.onSort(event.shiftKey)}
        >
          {column.title}
          {sorted ? <Arrow size={12} aria-hidden /> : null}
          {sorted && props.many ? <small>{props.place + 1}</small> : null}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}
