import { ActionIcon, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Column } from './column.ts';

/** Which columns a table shows; kept per table in this browser. */
export function ColumnChooser<T>(props: {
  columns: readonly Column<T>[];
  shown: ReadonlySet<string>;
  onChange: (shown: ReadonlySet<string>) => void;
}): ReactNode {
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <ActionIcon size={24} aria-label="Choose columns" title="Choose columns">
          <IconColumns size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8} role="group" aria-label="Columns">
          {props.columns.map((column) => (
            <Checkbox
              key={column.key}
              label={column.title}
              checked={props.shown.has(column.key)}
              disabled={props.shown.size === 1 && props.shown.has(column.key)}
              onChange={(event) => {
                const next = new Set(props.shown);
                if (event.currentTarget.checked) next.add(column.key);
                else next.delete(column.key);
                props.onChange(next);
              }}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
