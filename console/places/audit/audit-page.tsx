import { Button, Drawer, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditItem } from '../../../src/contract/audit.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { formatCount, formatMany } from '../../parts/format.ts';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { RangeFilter } from '../../parts/range-filter.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { CopyId } from '../../parts/copy-id.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { useFilterKey } from '../../table/use-filter-key.ts';
import { usePages } from '../../table/use-pages.ts';
import { spanOf } from '../tracer/span.ts';
import { ResourceLink } from './resource-link.tsx';

const HERE = '/audit';
const KIND_WORDS = { user: 'Person', token: 'API token', system: 'Program' } as const;

const columns: readonly Column<AuditItem>[] = [
  { key: 'at', title: 'When', width: 166, cell: (row) => <Time at={row.at} /> },
  {
    key: 'actor',
    title: 'Who',
    width: 150,
    grow: 1,
    cell: (row) => <span title={KIND_WORDS[row.actor.kind]}>{row.actor.name}</span>,
  },
  { key: 'sentence', title: 'What', width: 240, grow: 2, cell: (row) => row.sentence },
  { key: 'resource', title: 'To what', width: 220, grow: 1, cell: (row) => <ResourceLink resource={row.resource} /> },
  {
    key: 'outcome',
    title: 'Outcome',
    width: 100,
    cell: (row) => (row.outcome === 'ok' ? <span className="quiet">Done</span> : <StateMark state={row.outcome} />),
  },
  { key: 'action', title: 'Action', width: 170, mono: true, cell: (row) => row.action, extra: true },
  { key: 'kind', title: 'Kind of actor', width: 110, cell: (row) => KIND_WORDS[row.actor.kind], extra: true },
];

export function AuditPage(): ReactNode {
  const search = useSearch({ from: '/frame/audit' });
  const navigate = useNavigate();
  const actions = useRead('listAuditActions', {}, { staleTime: Infinity });
  const verify = useChange('verifyAudit');
  const [actor, setActor] = useMemory('audit-actor', '');
  const [typed] = useDebouncedValue(actor.trim(), 300);
  const filterKey = useFilterKey<HTMLInputElement>();
  const { entry, ...filters } = search;
  const filterText = JSON.stringify([filters, typed]);
  const pages = usePages('listAudit', filterText, (cursor) => ({
    query: {
      ...spanOf(search, '7d', Date.now()),
      who: search.who ?? 'people',
      ...(typed === '' ? {} : { actor: typed }),
      ...(search.action === undefined ? {} : { action: search.action }),
      ...(search.kind === undefined ? {} : { resource_kind: search.kind }),
      ...(search.resource === undefined ? {} : { resource_id: search.resource }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: 200,
    },
  }));
  const set = (change: Partial<typeof search>): void =>
    void navigate({ from: HERE, search: (old) => ({ ...old, ...change }), replace: true });
  const opened = pages.rows?.find((row) => row.id === entry);
  return (
    <Page
      title="Audit"
      purpose="Who did what, when, and to what. Entries are chained by hashes, so that a change of one is found."
      full
      action={
        <Button
          leftSection={<IconShieldCheck size={14} />}
          loading={verify.isPending}
          onClick={() => verify.mutate({})}
        >
          Verify the chain
        </Button>
      }
    >
      <ErrorNotice error={verify.error} />
      {verify.data === undefined ? null : verify.data.intact ? (
        <Notice title="The log is intact">
          {formatMany(verify.data.checked, 'entry', 'entries')} in {formatMany(verify.data.chains, 'chain')} checked
          from the beginning; every hash fits.
        </Notice>
      ) : (
        <Notice tone="fail" title="The log was changed">
          {verify.data.problem} {formatCount(verify.data.checked)} entries were checked. Keep a copy of the database and
          tell your compliance officer.
        </Notice>
      )}
      <search style={{ display: 'flex', gap: 8, alignItems: 'flex-end', flexWrap: 'wrap' }} aria-label="Filter the log">
        <SegmentedControl
          aria-label="Whose actions"
          value={search.who ?? 'people'}
          onChange={(value) => set({ who: value })}
          data={[
            { value: 'people', label: 'People and tokens' },
            { value: 'all', label: 'Also the program' },
          ]}
        />
        <TextInput
          ref={filterKey}
          label="Who"
          placeholder="Login or name  /"
          w={170}
          value={actor}
          autoComplete="off"
          onChange={(event) => setActor(event.currentTarget.value)}
        />
        <Select
          label="Action"
          placeholder="Any"
          w={270}
          clearable
          clearButtonProps={{ 'aria-label': 'Any action' }}
          searchable
          data={(actions.data?.items ?? []).map((each) => ({ value: each.action, label: each.sentence }))}
          value={search.action ?? null}
          onChange={(next) => set({ action: next ?? undefined })}
        />
        <RangeFilter value={search} standard="7d" onChange={(next) => set(next)} />
        {search.resource === undefined ? null : (
          <Button variant="subtle" color="gray" onClick={() => set({ resource: undefined, kind: undefined })}>
            Only one {search.kind ?? 'thing'}: show all
          </Button>
        )}
      </search>
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="entries"
          rows={pages.rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.sentence}
          error={pages.error}
          onRetry={pages.again}
          onOpen={(row) => set({ entry: row.id })}
          openKey={entry}
          onLeave={() => set({ entry: undefined })}
          hasMore={pages.hasMore}
          loadingMore={pages.loadingMore}
          onMore={pages.more}
          empty={
            <EmptyState icon={IconShieldCheck} title="No entry fits">
              Everything that people and API tokens do is written here. Choose a longer time, or fewer filters.
            </EmptyState>
          }
        />
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={() => set({ entry: undefined })}
        position="right"
        title={opened?.sentence ?? ''}
      >
        {opened === undefined ? null : (
          <dl className="facts">
            <dt>When</dt>
            <dd>
              <Time at={opened.at} />
            </dd>
            <dt>Who</dt>
            <dd>
              {opened.actor.name} ({KIND_WORDS[opened.actor.kind].toLowerCase()})
            </dd>
            <dt>To what</dt>
            <dd>
              <ResourceLink resource={opened.resource} />
            </dd>
            <dt>Outcome</dt>
            <dd>{opened.outcome === 'ok' ? 'Done' : <StateMark state={opened.outcome} />}</dd>
            <dt>Action</dt>
            <dd>
              <code>{opened.action}</code>
            </dd>
            <dt>Entry</dt>
            <dd>
              <CopyId value={opened.id} label="entry id" />
            </dd>
            {Object.entries(opened.detail).map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </Drawer>
    </Page>
  );
}
