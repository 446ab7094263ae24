import { Button } from '@mantine/core';
import { IconBuildingHospital, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { useTickRefresh } from '../../frame/use-tick-refresh.ts';
import { Figures } from '../../parts/figures.tsx';
import { formatCount, formatMany, formatRate, formatSeconds } from '../../parts/format.ts';
import { EndingCertificates } from '../../parts/ending-certificates.tsx';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { systemColumns } from '../dashboard/system-columns.tsx';
import { useMemory } from '../../table/memory.ts';

const TRACER = '/settings/integrations/diagnostics/tracer';

export function OverviewPage(): ReactNode {
  const navigate = useNavigate();
  const { filter, current, byId } = useEnvironment();
  const mayAdd = useMay('systems.write');
  const maySeeSystems = useMay('systems.read');
  const maySeeMessages = useMay('messages.read');
  const maySeeErrors = useMay('errors.read');
  const [sort, setSort] = useMemory<string | undefined>('overview-sort', undefined);
  const read = useRead('dashboard', { query: { ...filter, range: '24h' } }, { keep: true });
  useTickRefresh(['dashboard'], 5_000);
  const data = read.data;
  const [from, to] = [data?.from, data?.at];
  const columns = useMemo(
    () =>
      systemColumns(
        { messages: maySeeMessages, errors: maySeeErrors },
        from === undefined || to === undefined ? undefined : { from, to },
      ),
    [maySeeMessages, maySeeErrors, from, to],
  );
  const troubled = data?.systems.filter((each) => each.health.state === 'failing' || each.health.state === 'attention');

  return (
    <Page
      title="Integrations"
      purpose="Every system, whether it is well, what flows through it and what is stuck."
      full
      action={
        mayAdd ? (
          <Button component={Link} to="/settings/integrations/systems/new" leftSection={<IconPlus size={14} />}>
            Add new system
          </Button>
        ) : undefined
      }
    >
      {read.error !== null && data === undefined ? (
        <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
      ) : null}
      <Figures
        figures={[
          {
            label: 'Systems that need a look',
            value: data === undefined ? '–' : `${troubled?.length ?? 0} of ${data.systems.length}`,
            detail: current === undefined ? 'in all environments' : `in ${current.name}`,
            tone: troubled?.some((each) => each.health.state === 'failing')
              ? 'fail'
              : (troubled?.length ?? 0) > 0
                ? 'warn'
                : undefined,
          },
          {
            label: 'Received in 24 hours',
            value: data === undefined ? '–' : formatCount(data.figures.received),
            detail:
              data === undefined
                ? ''
                : `${formatRate(data.figures.rate_per_second)} ${current === undefined ? 'now' : 'over the last 4 min'}`,
            to:
              maySeeMessages && data !== undefined
                ? { to: TRACER, search: { range: 'custom', from: data.from, to: data.at } }
                : undefined,
          },
          {
            label: 'Waiting',
            value: data === undefined ? '–' : formatCount(data.figures.waiting),
            detail:
              data === undefined || data.figures.waiting === 0
                ? 'nothing is queued'
                : `the oldest for ${formatSeconds(data.figures.oldest_waiting_seconds)}`,
            tone: (data?.figures.oldest_waiting_seconds ?? 0) > 300 ? 'warn' : undefined,
            to: maySeeMessages
              ? { to: TRACER, search: { state: 'queued,processing,retrying,held', range: 'all' } }
              : undefined,
          },
          {
            label: 'Open errors',
            value: data === undefined ? '–' : formatCount(data.figures.open_errors),
            detail: data?.figures.open_errors === 0 ? 'nothing needs a person' : 'need a person',
            tone: (data?.figures.open_errors ?? 0) > 0 ? 'fail' : undefined,
            to: maySeeErrors ? { to: '/settings/integrations/errors' } : undefined,
          },
        ]}
      />
      <EndingCertificates ending={data?.ending ?? []} />
      {(troubled ?? []).slice(0, 3).map((each) => (
        <Notice
          key={each.id}
          tone={each.health.state === 'failing' ? 'fail' : 'warn'}
          title={`${each.name}${byId(each.environment_id) === undefined ? '' : ` (${byId(each.environment_id)?.name})`}`}
        >
          {each.health.reason}{' '}
          {each.open_errors > 0 && maySeeErrors ? (
            <Link to="/settings/integrations/errors" search={{ system: each.id }}>
              Show {formatMany(each.open_errors, 'error')}
            </Link>
          ) : null}
        </Notice>
      ))}
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="systems"
          rows={data?.systems}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          sort={sort}
          onSort={setSort}
          {...(maySeeSystems
            ? {
                onOpen: (row: { id: string }) =>
                  void navigate({ to: '/settings/integrations/systems/$id', params: { id: row.id } }),
              }
            : {})}
          empty={
            <EmptyState
              icon={IconBuildingHospital}
              title={current === undefined ? 'No systems yet' : `No systems in ${current.name} yet`}
              action={
                mayAdd ? (
                  <Button component={Link} to="/settings/integrations/systems/new">
                    Add new system
                  </Button>
                ) : undefined
              }
            >
              A system is the connection to one practice’s PMS or EHR: its product and version, and the ways data comes
              in and goes out. Add one, give it an HL7 listener, and its messages are counted here.
            </EmptyState>
          }
        />
      </div>
    </Page>
  );
}
