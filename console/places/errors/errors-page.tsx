import { IconAlertTriangle } from '@tabler/icons-react';
import { Button, Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ErrorGroup } from '../../../src/contract/errors.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { useTickRefresh } from '../../frame/use-tick-refresh.ts';
import { formatCount, formatMany } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { CAUSE_WORDS } from '../../parts/states.ts';
import { Ago } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import classes from './errors.module.css';

const HERE = '/settings/integrations/errors';
type Cause = keyof typeof CAUSE_WORDS;

const columns: readonly Column<ErrorGroup>[] = [
  {
    key: 'count',
    title: 'Open',
    width: 70,
    right: true,
    cell: (row) => <strong style={{ color: 'var(--ps-fail)' }}>{formatCount(row.count)}</strong>,
    sort: (row) => row.count,
  },
  {
    key: 'cause',
    title: 'Cause',
    width: 130,
    cell: (row) => CAUSE_WORDS[row.failure.cause],
    sort: (row) => row.failure.cause,
  },
  {
    key: 'sentence',
    title: 'What happened',
    width: 260,
    grow: 5,
    cell: (row) => <span title={row.failure.sentence}>{row.failure.sentence}</span>,
    sort: (row) => row.failure.sentence,
  },
  {
    key: 'place',
    title: 'Where',
    width: 90,
    mono: true,
    cell: (row) => row.failure.place ?? '–',
    sort: (row) => row.failure.place,
  },
  { key: 'type', title: 'Type', width: 96, mono: true, cell: (row) => row.type, sort: (row) => row.type },
  {
    key: 'system',
    title: 'System',
    width: 140,
    grow: 1,
    cell: (row) => row.system_name,
    sort: (row) => row.system_name,
  },
  { key: 'last', title: 'Last seen', width: 100, cell: (row) => <Ago at={row.last_at} />, sort: (row) => row.last_at },
  {
    key: 'first',
    title: 'First seen',
    width: 100,
    cell: (row) => <Ago at={row.first_at} />,
    sort: (row) => row.first_at,
    extra: true,
  },
  {
    key: 'assigned',
    title: 'Assigned to',
    width: 120,
    cell: (row) => row.assigned_to?.name ?? <span className="quiet">nobody</span>,
    sort: (row) => row.assigned_to?.name,
  },
  {
    key: 'code',
    title: 'Code',
    width: 170,
    mono: true,
    cell: (row) => row.failure.code,
    sort: (row) => row.failure.code,
    extra: true,
  },
  { key: 'who', title: 'Who has to act', width: 140, cell: (row) => row.who, sort: (row) => row.who, extra: true },
];

export function ErrorsPage(): ReactNode {
  const search = useSearch({ from: '/frame/settings/integrations/errors' });
  const navigate = useNavigate();
  const { filter, current, ready } = useEnvironment();
  const maySeeSystems = useMay('systems.read');
  const systems = useRead('listSystems', { query: filter }, { enabled: maySeeSystems && ready });
  const cause = search.cause !== undefined && search.cause in CAUSE_WORDS ? (search.cause as Cause) : undefined;
  const scope = { ...filter, ...(search.system === undefined ? {} : { system: search.system }) };
  const read = useRead(
    'listErrorGroups',
    { query: { ...scope, ...(cause === undefined ? {} : { cause }) } },
    { keep: true, enabled: ready },
  );
  const everything = useRead('listErrorGroups', { query: scope }, { keep: true, enabled: ready });
  useTickRefresh(['listErrorGroups'], 4_000);
  const set = (change: Partial<typeof search>): void =>
    void navigate({ from: HERE, search: (old) => ({ ...old, ...change }), replace: true });
  const byCause = everything.data?.by_cause.filter((each) => each.count > 0) ?? [];
  const total = byCause.reduce((sum, each) => sum + each.count, 0);
  return (
    <Page
      title="Error management"
      purpose="What could not be processed, grouped by what went wrong. Nothing here is lost: repair it, replay it, or discard it with a reason."
      full
      action={
        maySeeSystems ? (
          <Select
            aria-label="System"
            placeholder="All systems"
            w={200}
            clearable
            clearButtonProps={{ 'aria-label': 'All systems' }}
            searchable
            data={(systems.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
            value={search.system ?? null}
            onChange={(next) => set({ system: next ?? undefined })}
          />
        ) : undefined
      }
    >
      {total === 0 ? null : (
        <div className={classes['causes']} role="group" aria-label="Causes">
          <button
            type="button"
            className={classes['cause']}
            aria-pressed={cause === undefined}
            onClick={() => set({ cause: undefined })}
          >
            All <b>{formatCount(total)}</b>
          </button>
          {byCause.map((each) => (
            <button
              key={each.cause}
              type="button"
              className={classes['cause']}
              aria-pressed={cause === each.cause}
              onClick={() => set({ cause: each.cause })}
            >
              {CAUSE_WORDS[each.cause]} <b>{formatCount(each.count)}</b>
            </button>
          ))}
        </div>
      )}
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="error groups"
          rows={read.data?.items}
          columns={columns}
          rowKey={(row) => row.fingerprint}
          rowLabel={(row) => row.failure.sentence}
          error={read.data === undefined ? read.error : null}
          onRetry={() => void read.refetch()}
          sort={search.sort ?? '-last'}
          onSort={(sort) => set({ sort })}
          onOpen={(row) =>
            void navigate({
              to: '/settings/integrations/errors/$fingerprint',
              params: { fingerprint: row.fingerprint },
            })
          }
          summary={
            read.data === undefined
              ? null
              : `${formatCount(read.data.items.reduce((sum, each) => sum + each.count, 0))} open in ${formatMany(read.data.items.length, 'group')}`
          }
          empty={
            <EmptyState
              icon={IconAlertTriangle}
              title={
                cause === undefined ? 'Nothing needs a person' : `No open errors of the cause ${CAUSE_WORDS[cause]}`
              }
              action={
                cause !== undefined || search.system !== undefined ? (
                  <Button variant="default" onClick={() => set({ cause: undefined, system: undefined })}>
                    Show all causes and systems
                  </Button>
                ) : undefined
              }
            >
              Messages that cannot be processed are put here with their content, the reason and the place
              {current === undefined ? '' : `; this is ${current.name}`}. Alike ones are one line.
            </EmptyState>
          }
        />
      </div>
    </Page>
  );
}
