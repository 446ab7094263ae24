import { Button, MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconListSearch, IconRefresh, IconX } from '@tabler/icons-react';
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { MessageSearch } from '../../../src/contract/messages.ts';
import { useLive } from '../../api/live.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { RangeFilter } from '../../parts/range-filter.tsx';
import { CAUSE_WORDS, STATES } from '../../parts/states.ts';
import { formatInstant } from '../../parts/format.ts';
import type { TracerSearch } from '../../search-params.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { useFilterKey } from '../../table/use-filter-key.ts';
import { usePages } from '../../table/use-pages.ts';
import { messageColumns } from './message-columns.tsx';
import { spanOf } from './span.ts';
import classes from './tracer.module.css';

const FROM = '/frame/settings/integrations/diagnostics/tracer';
const STATE_NAMES = [
  'queued',
  'processing',
  'retrying',
  'held',
  'delivered',
  'filtered',
  'failed',
  'discarded',
] as const;
type State = (typeof STATE_NAMES)[number];
type Cause = keyof typeof CAUSE_WORDS;

function statesOf(text: string | undefined): State[] {
  const wanted = new Set(text?.split(','));
  return STATE_NAMES.filter((state) => wanted.has(state));
}

function bodyOf(
  search: TracerSearch,
  typed: { text: string; control: string },
  maySeePatients: boolean,
  now: number,
): MessageSearch {
  const states = statesOf(search.state);
  const cause = search.cause !== undefined && search.cause in CAUSE_WORDS ? (search.cause as Cause) : undefined;
  return {
    ...spanOf(search, '24h', now),
    ...(states.length === 0 ? {} : { state: states }),
    ...(search.system === undefined ? {} : { system: search.system }),
    ...(search.listener === undefined ? {} : { listener: search.listener }),
    ...(!maySeePatients || search.patient === undefined ? {} : { patient: search.patient }),
    ...(cause === undefined ? {} : { cause }),
    ...(search.type === undefined ? {} : { type: search.type }),
    ...(!maySeePatients || typed.text === '' ? {} : { text: typed.text }),
    ...(typed.control === '' ? {} : { control_id: typed.control }),
  };
}

export function TracerPage(): ReactNode {
  const search = useSearch({ from: FROM });
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const { filter: environment, ready } = useEnvironment();
  const maySeeSystems = useMay('systems.read');
  const maySeePatients = useMay('patients.read');
  const systems = useRead('listSystems', { query: environment }, { enabled: maySeeSystems && ready });
  // Names and identifiers of patients stay in this tab's memory, never in the URL.
  const [text, setText] = useMemory('tracer-text', '');
  const [control, setControl] = useMemory('tracer-control', '');
  const [follow, setFollow] = useState(false);
  const [typed] = useDebouncedValue({ text: text.trim(), control: control.trim() }, 350);
  const filterKey = useFilterKey<HTMLInputElement>();

  const states = statesOf(search.state);
  const { tab: _tab, ...keyed } = search;
  const pages = usePages(
    'searchMessages',
    JSON.stringify([keyed, environment, typed]),
    (cursor) => ({
      body: {
        ...environment,
        ...bodyOf(search, typed, maySeePatients, Date.now()),
        ...(cursor === undefined ? {} : { cursor }),
        limit: 200,
      },
    }),
    { enabled: ready, refetchInterval: follow ? 5_000 : false },
  );
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());

  const set = (change: Partial<TracerSearch>): void =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true } as never);
  const filtered =
    states.length > 0 ||
    [search.system, search.listener, search.patient, search.cause, search.type].some((each) => each !== undefined) ||
    typed.text !== '' ||
    typed.control !== '';
  const clear = (): void => {
    setText('');
    setControl('');
    set({
      state: undefined,
      system: undefined,
      listener: undefined,
      patient: undefined,
      cause: undefined,
      type: undefined,
    });
  };

  return (
    <Page
      title="Message tracer"
      purpose="Any message: as it was on the wire, as a tree, each step of its processing, and what it changed."
      full
      action={
        <>
          <Switch
            label="Follow"
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
            title="Reads the newest messages every five seconds"
          />
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={pages.fetching && !pages.loadingMore && !follow}
            onClick={pages.again}
          >
            Read again
          </Button>
        </>
      }
    >
      <search className={classes['filters']} aria-label="Filter messages">
        {maySeePatients ? (
          <TextInput
            ref={filterKey}
            label="Patient"
            placeholder="Name, MRN, birth date  /"
            w={190}
            value={text}
            autoComplete="off"
            onChange={(event) => setText(event.currentTarget.value)}
          />
        ) : null}
        <TextInput
          {...(maySeePatients ? {} : { ref: filterKey })}
          label="Control id"
          w={130}
          value={control}
          autoComplete="off"
          onChange={(event) => setControl(event.currentTarget.value)}
        />
        <MultiSelect
          label="State"
          placeholder={states.length === 0 ? 'Any' : ''}
          w={states.length > 1 ? 240 : 170}
          clearable
          clearButtonProps={{ 'aria-label': 'Any state' }}
          data={STATE_NAMES.map((state) => ({ value: state, label: STATES[state].word }))}
          value={states}
          onChange={(next) => set({ state: next.length === 0 ? undefined : next.join(',') })}
        />
        {maySeeSystems ? (
          <Select
            label="System"
            placeholder="Any"
            w={180}
            clearable
            clearButtonProps={{ 'aria-label': 'Any system' }}
            searchable
            data={(systems.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
            value={search.system ?? null}
            onChange={(next) => set({ system: next ?? undefined })}
          />
        ) : null}
        <TextInput
          label="Type"
          placeholder="ADT^A04"
          w={96}
          value={search.type ?? ''}
          onChange={(event) => set({ type: event.currentTarget.value.trim().toUpperCase() || undefined })}
        />
        <Select
          label="Cause"
          placeholder="Any"
          w={150}
          clearable
          clearButtonProps={{ 'aria-label': 'Any cause' }}
          data={Object.entries(CAUSE_WORDS).map(([value, label]) => ({ value, label }))}
          value={search.cause ?? null}
          onChange={(next) => set({ cause: next ?? undefined })}
        />
        <RangeFilter value={search} standard="24h" onChange={(next) => set(next)} />
        {filtered ? (
          <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={clear}>
            Clear
          </Button>
        ) : null}
      </search>
      <div className={classes['split']} data-open={id !== undefined}>
        <div className={`panel ${classes['list']}`}>
          <DataTable
            name="messages"
            rows={pages.rows}
            columns={messageColumns}
            rowKey={(row) => row.id}
            rowLabel={(row) => `${row.type} ${row.control_id}`}
            error={pages.error}
            onRetry={pages.again}
            onOpen={(row) =>
              void navigate({
                to: '/settings/integrations/diagnostics/tracer/$id',
                params: { id: row.id },
                search: (old: object) => old,
              } as never)
            }
            openKey={id}
            onLeave={() =>
              void navigate({ to: '/settings/integrations/diagnostics/tracer', search: (old: object) => old } as never)
            }
            selected={selected}
            onSelect={setSelected}
            bulk={
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => void navigator.clipboard.writeText([...selected].join('\n'))}
              >
                Copy ids
              </Button>
            }
            hasMore={pages.hasMore}
            loadingMore={pages.loadingMore}
            onMore={pages.more}
            summary={<ListSummary pages={pages} onAgain={pages.again} follow={follow} />}
            empty={
              filtered || (search.range ?? '24h') !== 'all' ? (
                <EmptyState
                  icon={IconListSearch}
                  title="No message fits"
                  action={
                    <>
                      {filtered ? (
                        <Button variant="default" onClick={clear}>
                          Clear the filters
                        </Button>
                      ) : null}
                      {(search.range ?? '24h') === 'all' ? null : (
                        <Button variant="default" onClick={() => set({ range: 'all', from: undefined, to: undefined })}>
                          Look at any time
                        </Button>
                      )}
                    </>
                  }
                >
                  Nothing was received in this span of time with these filters, in the chosen environment.
                </EmptyState>
              ) : (
                <EmptyState icon={IconListSearch} title="No messages yet">
                  Every message that a listener takes is listed here from the moment it is stored. Add a system and an
                  HL7 listener, then send it a sample.
                </EmptyState>
              )
            }
          />
        </div>
        <Outlet />
      </div>
    </Page>
  );
}

function ListSummary(props: {
  pages: { rows: readonly unknown[] | undefined; hasMore: boolean; total: number | undefined; readAt: number };
  onAgain: () => void;
  follow: boolean;
}): ReactNode {
  const { pages } = props;
  const { tick } = useLive();
  const [base, setBase] = useState<{ readAt: number; received: number }>();
  if (tick !== undefined && base?.readAt !== pages.readAt) setBase({ readAt: pages.readAt, received: tick.received });
  if (pages.rows === undefined) return null;
  const since = tick === undefined || base === undefined ? 0 : tick.received - base.received;
  return (
    <>
      {formatCount(pages.rows.length)}
      {pages.total === undefined ? (pages.hasMore ? ' loaded' : '') : ` of ${formatCount(pages.total)}`}, read at{' '}
      {formatInstant(new Date(pages.readAt).toISOString()).slice(11)}
      {since > 0 && !props.follow ? (
        <>
          {', '}
          <button type="button" className={classes['textLink']} onClick={props.onAgain}>
            {formatCount(since)} new since
          </button>
        </>
      ) : null}
    </>
  );
}
