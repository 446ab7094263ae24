import { Drawer, Select, TextInput } from '@mantine/core';
import { IconZoomScan } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { FeedAnalysis } from '../../../src/contract/feed-analysis.ts';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useFilterKey } from '../../table/use-filter-key.ts';
import classes from './analyzer.module.css';
import { FieldDetail } from './field-detail.tsx';
import { fieldRows, filterRows, percentText, type FieldRow, type Shown } from './field-rows.ts';
import { ValueList } from './value-list.tsx';

const columns: readonly Column<FieldRow>[] = [
  {
    key: 'path',
    title: 'Field',
    width: 110,
    mono: true,
    cell: ({ field, isComponent }) => (
      <span className={isComponent ? classes['component'] : undefined}>{field.path}</span>
    ),
  },
  {
    key: 'name',
    title: 'Name',
    width: 190,
    grow: 2,
    cell: ({ field }) => field.name || <span className="quiet">of the sender’s own</span>,
    sort: ({ field }) => field.name,
  },
  { key: 'kind', title: 'Holds', width: 95, cell: ({ field }) => field.kind, sort: ({ field }) => field.kind },
  {
    key: 'rate',
    title: 'Filled',
    width: 75,
    right: true,
    cell: ({ field }) => percentText(field.rate),
    sort: ({ field }) => field.rate,
  },
  {
    key: 'length',
    title: 'Length',
    width: 80,
    right: true,
    cell: ({ field: { length } }) =>
      length.least === length.most ? length.most : `${length.least}–${formatCount(length.most)}`,
    sort: ({ field }) => field.length.most,
  },
  {
    key: 'distinct',
    title: 'Different',
    width: 85,
    right: true,
    cell: ({ field }) => (field.components.length > 0 ? '' : `${field.exact ? '' : '~'}${formatCount(field.distinct)}`),
    sort: ({ field }) => field.distinct,
  },
  {
    key: 'values',
    title: 'Values',
    width: 220,
    grow: 3,
    cell: ({ field }) => (
      <ValueList values={field.values.length > 0 ? field.values : field.examples} most={4} oneLine />
    ),
  },
  {
    key: 'targets',
    title: 'Practice Studio field',
    width: 150,
    grow: 1,
    cell: ({ targets }) => targets,
    sort: ({ targets }) => targets,
  },
  {
    key: 'departs',
    title: 'Departs',
    width: 80,
    right: true,
    cell: ({ field }) => (field.deviations.length === 0 ? '' : field.deviations.length),
    sort: ({ field }) => field.deviations.length,
  },
  {
    key: 'type',
    title: 'Type',
    width: 90,
    extra: true,
    cell: ({ field }) => `${field.type}${field.table === '' ? '' : ` ${field.table}`}`,
  },
  {
    key: 'repeats',
    title: 'Repeats',
    width: 80,
    right: true,
    extra: true,
    cell: ({ field }) => (field.repeats > 1 ? field.repeats : ''),
  },
  {
    key: 'nulls',
    title: 'Nulls',
    width: 75,
    right: true,
    extra: true,
    cell: ({ field }) => (field.nulls > 0 ? formatCount(field.nulls) : ''),
  },
];

/** Every field and component of the feed. */
export function FieldsTab(props: { analysis: FeedAnalysis }): ReactNode {
  const { profile, review } = props.analysis;
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  const [sort, setSort] = useState<string | undefined>();
  const [open, setOpen] = useState<string | undefined>();
  const filter = useFilterKey<HTMLInputElement>();
  const rows = useMemo(() => fieldRows(profile, review), [profile, review]);
  const unmapped = useMemo(() => new Set((review?.unmapped ?? []).map(({ path }) => path)), [review]);
  const visible = useMemo(() => filterRows(rows, shown, typed, unmapped), [rows, shown, typed, unmapped]);
  const opened = rows.find(({ field }) => field.path === open);
  return (
    <>
      <div className={classes['bar']}>
        <TextInput
          ref={filter}
          label="Filter"
          placeholder="A field, a name, what it holds"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          label="Show"
          value={shown}
          allowDeselect={false}
          data={[
            { value: 'all', label: 'All fields' },
            ...(review === null ? [] : [{ value: 'unmapped', label: 'Filled, but not mapped' }]),
            { value: 'departures', label: 'Departing from the standard' },
            { value: 'own', label: 'Z-segments' },
          ]}
          onChange={(value) => setShown((value as Shown | null) ?? 'all')}
        />
      </div>
      <div className={`panel ${classes['tableBox']}`} style={{ marginTop: 12 }}>
        <DataTable
          name="fields"
          rows={visible}
          columns={columns}
          rowKey={({ field }) => field.path}
          rowLabel={({ field }) => `${field.path} ${field.name}`}
          sort={sort}
          onSort={setSort}
          onOpen={({ field }) => setOpen(field.path)}
          openKey={open}
          empty={
            <EmptyState icon={IconZoomScan} title="No field like this">
              Take the filter away to see all fields that the feed fills.
            </EmptyState>
          }
        />
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size="lg"
        title={opened === undefined ? '' : `${opened.field.path} ${opened.field.name}`}
      >
        {opened === undefined ? null : <FieldDetail row={opened} />}
      </Drawer>
    </>
  );
}
