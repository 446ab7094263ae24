import { Group, SegmentedControl, Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { useTickRefresh } from '../../frame/use-tick-refresh.ts';
import { Figures } from '../../parts/figures.tsx';
import { EndingCertificates } from '../../parts/ending-certificates.tsx';
import { formatCount, formatMany, formatMs, formatRate, formatSeconds } from '../../parts/format.ts';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Ago, Time } from '../../parts/time.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { FlowTable } from './flow-table.tsx';
import { systemColumns } from './system-columns.tsx';

const FlowChart = lazy(async () => ({ default: (await import('./flow-chart.tsx')).FlowChart }));
const FROM = '/frame/settings/integrations/monitoring/dashboard';
const TRACER = '/settings/integrations/diagnostics/tracer';
const RANGES = [
  { value: '15m', label: '15 min' },
  { value: '1h', label: '1 hour' },
  { value: '6h', label: '6 hours' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
] as const;
type Range = (typeof RANGES)[number]['value'];

export function DashboardPage(): ReactNode {
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  const { filter } = useEnvironment();
  const mayOpen = useMay('messages.read');
  const maySeeErrors = useMay('errors.read');
  const maySeeSystems = useMay('systems.read');
  const [sort, setSort] = useMemory<string | undefined>('dashboard-sort', 'state');
  const range: Range = search.range ?? '1h';
  const view = search.view ?? 'chart';
  const read = useRead('dashboard', { query: { ...filter, range } }, { keep: true, refetchInterval: 30_000 });
  useTickRefresh(['dashboard'], 2_000);
  const data = read.data;
  const set = (change: { range?: Range; view?: 'chart' | 'table' }): void =>
    void navigate({
      from: '/settings/integrations/monitoring/dashboard',
      search: (old) => ({ ...old, ...change }),
      replace: true,
    });
  const span = data === undefined ? {} : { range: 'custom', from: data.from, to: data.at };
  const link = (state?: string) =>
    mayOpen && data !== undefined ? { to: TRACER, search: { ...span, state } } : undefined;
  const figures = data?.figures;
  // Of one environment the program counts by the minute, of all together as it happens.
  const rateSpan = filter.environment === undefined ? 'now' : 'over 4 min';
  const [from, to] = [data?.from, data?.at];
  const columns = useMemo(
    () =>
      systemColumns(
        { messages: mayOpen, errors: maySeeErrors },
        from === undefined || to === undefined ? undefined : { from, to },
      ),
    [mayOpen, maySeeErrors, from, to],
  );

  return (
    <Page
      title="Dashboard"
      purpose="What flows, what fails and what waits, as it happens. Every figure leads to the messages it counts."
      action={
        <SegmentedControl
          aria-label="Span of time"
          value={range}
          onChange={(value) => set({ range: value })}
          data={[...RANGES]}
        />
      }
    >
      {read.error !== null && data === undefined ? (
        <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
      ) : null}
      {read.error !== null && data !== undefined ? (
        <Notice tone="warn" title="These figures are not current">
          Read last at <Time at={data.at} />; the program did not answer since ({read.error.code}).
        </Notice>
      ) : null}
      <Figures
        figures={[
          {
            label: 'Received',
            value: figures === undefined ? '–' : formatCount(figures.received),
            detail:
              figures === undefined
                ? ''
                : `${formatRate(figures.rate_per_second)} ${rateSpan}, acknowledged in ${formatMs(figures.ack_p50_ms)} (p99 ${formatMs(figures.ack_p99_ms)})`,
            to: link(),
          },
          {
            label: 'Delivered',
            value: figures === undefined ? '–' : formatCount(figures.delivered),
            detail:
              figures === undefined
                ? ''
                : `on the record in ${formatMs(figures.process_p50_ms)} (p99 ${formatMs(figures.process_p99_ms)})`,
            to: link('delivered'),
          },
          {
            label: 'Failed',
            value: figures === undefined ? '–' : formatCount(figures.failed),
            detail: figures === undefined ? '' : `${formatCount(figures.open_errors)} open now, of any age`,
            tone: (figures?.failed ?? 0) > 0 ? 'fail' : undefined,
            to: link('failed'),
          },
          {
            label: 'Waiting',
            value: figures === undefined ? '–' : formatCount(figures.waiting),
            detail:
              figures === undefined || figures.waiting === 0
                ? 'nothing is queued'
                : `the oldest for ${formatSeconds(figures.oldest_waiting_seconds)}`,
            tone: (figures?.oldest_waiting_seconds ?? 0) > 300 ? 'warn' : undefined,
            to: mayOpen
              ? { to: TRACER, search: { range: 'all', state: 'queued,processing,retrying,held' } }
              : undefined,
          },
        ]}
      />
      <EndingCertificates ending={data?.ending ?? []} />
      <Section
        title="Messages over time"
        action={
          <SegmentedControl
            aria-label="Show as"
            value={view}
            onChange={(value) => set({ view: value })}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        }
      >
        {data === undefined ? (
          <Skeleton height={220} />
        ) : view === 'table' ? (
          <FlowTable data={data} mayOpen={mayOpen} />
        ) : (
          <Suspense fallback={<Skeleton height={220} />}>
            <FlowChart data={data} days={range === '7d'} mayOpen={mayOpen} />
          </Suspense>
        )}
      </Section>
      <div className="panel" style={{ display: 'flex', minHeight: 160 }}>
        <DataTable
          name="systems"
          rows={data?.systems}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          sort={sort}
          onSort={setSort}
          maxHeight={420}
          {...(maySeeSystems
            ? {
                onOpen: (row: { id: string }) =>
                  void navigate({ to: '/settings/integrations/systems/$id', params: { id: row.id } }),
              }
            : {})}
          empty={
            <EmptyState title="No systems here yet">
              Each system of the chosen environment gets a line with its state, rate, queue and errors.
            </EmptyState>
          }
        />
      </div>
      {data === undefined || data.nodes.length === 0 ? null : (
        <Group gap="lg" className="quiet">
          {data.nodes.map((node) => (
            <span key={node.name}>
              Node <code>{node.name}</code>: started <Ago at={node.started_at} />, heard <Ago at={node.heartbeat_at} />,{' '}
              works on {formatMany(node.lanes, 'shard')} of the queue
            </span>
          ))}
        </Group>
      )}
    </Page>
  );
}
