import { Button, Group, SimpleGrid } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { System } from '../../../src/contract/systems.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { EnvironmentName, useFollowEnvironment } from '../../frame/environment.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CopyId } from '../../parts/copy-id.tsx';
import { formatCount, formatMany } from '../../parts/format.ts';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Loading, Page, Section } from '../../parts/page.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { Ago, Time } from '../../parts/time.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { listenerColumns } from '../hl7/listener-columns.tsx';
import { MappingTab } from './mapping-tab.tsx';
import { METHOD_WORDS } from './methods.ts';
import { SystemSettings } from './system-settings.tsx';

const CRUMBS = [{ label: 'PMS systems', to: '/settings/integrations/systems' }] as const;

export function SystemPage(): ReactNode {
  const { id } = useParams({ from: '/frame/settings/integrations/systems/$id' });
  const search = useSearch({ from: '/frame/settings/integrations/systems/$id' });
  const navigate = useNavigate();
  const mayWrite = useMay('systems.write');
  const maySeeMapping = useMay('mappings.read');
  const maySeeListeners = useMay('listeners.read');
  const maySeeErrors = useMay('errors.read');
  const read = useRead('getSystem', { params: { id } }, { refetchInterval: 10_000 });
  const update = useChange('updateSystem', ['listSystems', 'getSystem', 'dashboard']);
  const [pausing, pause] = useDisclosure(false);
  useFollowEnvironment(read.data?.environment_id);
  const data = read.data;
  if (data === undefined) {
    return (
      <Page title="System" purpose="One connection to one customer’s PMS." crumbs={CRUMBS}>
        {read.error === null ? (
          <Loading label="Loading the system" />
        ) : (
          <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
        )}
      </Page>
    );
  }
  const setEnabled = (enabled: boolean): void =>
    update.mutate(
      { params: { id }, body: { enabled, version: data.version } },
      {
        onSuccess: () => {
          pause.close();
          notifications.show({ message: enabled ? `${data.name} goes on.` : `${data.name} is paused.` });
        },
      },
    );
  return (
    <Page
      title={data.name}
      purpose={`${data.product_label} ${data.product_version}, ${data.methods.map((each) => METHOD_WORDS[each]).join(' and ')}`}
      crumbs={CRUMBS}
      state={<StateMark state={data.health.state} reason={data.health.reason} />}
      action={
        mayWrite ? (
          data.enabled ? (
            <Button variant="default" leftSection={<IconPlayerPause size={14} />} onClick={pause.open}>
              Pause
            </Button>
          ) : (
            <Button
              leftSection={<IconPlayerPlay size={14} />}
              loading={update.isPending}
              onClick={() => setEnabled(true)}
            >
              Go on
            </Button>
          )
        ) : undefined
      }
    >
      {data.health.state === 'failing' || data.health.state === 'attention' ? (
        <Notice tone={data.health.state === 'failing' ? 'fail' : 'warn'} title="Needs a look">
          {data.health.reason}{' '}
          {data.open_errors > 0 && maySeeErrors ? (
            <Link to="/settings/integrations/errors" search={{ system: data.id }}>
              Show {formatMany(data.open_errors, 'error')}
            </Link>
          ) : null}
        </Notice>
      ) : null}
      {!pausing && update.error !== null ? <ErrorNotice error={update.error} /> : null}
      <TabsPanel
        label="Parts of the system"
        value={search.tab ?? 'overview'}
        onChange={(tab) =>
          void navigate({
            from: '/settings/integrations/systems/$id',
            search: (old) => ({ ...old, tab: tab === 'overview' ? undefined : tab }),
            replace: true,
          })
        }
        tabs={[
          { value: 'overview', label: 'Overview', content: <OverviewTab system={data} /> },
          { value: 'settings', label: 'Settings', content: <SystemSettings key={data.version} system={data} /> },
          ...(maySeeMapping
            ? [{ value: 'mapping' as const, label: 'Field mapping', content: <MappingTab system={data} /> }]
            : []),
          ...(maySeeListeners
            ? [
                {
                  value: 'listeners' as const,
                  label: 'Listeners',
                  count: data.listener_count,
                  content: <ListenersTab system={data} />,
                },
              ]
            : []),
        ]}
      />
      <Confirm
        opened={pausing}
        onClose={pause.close}
        title={`Pause ${data.name}`}
        effect={`Stops ${formatMany(data.listener_count, 'listener')}: the practice’s PMS cannot deliver and keeps its messages until you go on. Nothing stored is lost.`}
        actionLabel="Pause"
        dangerous
        environmentId={data.environment_id}
        pending={update.isPending}
        error={update.error}
        onConfirm={() => setEnabled(false)}
      />
    </Page>
  );
}

function OverviewTab(props: { system: System }): ReactNode {
  const { system } = props;
  const maySeeMessages = useMay('messages.read');
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
      <Section title="How it is">
        <dl className="facts">
          <dt>State</dt>
          <dd>
            <StateMark state={system.health.state} reason={system.health.reason} />
          </dd>
          <dt>Last message</dt>
          <dd>
            <Ago at={system.last_message_at} />
          </dd>
          <dt>Open errors</dt>
          <dd>
            <Link to="/settings/integrations/errors" search={{ system: system.id }}>
              {formatCount(system.open_errors)}
            </Link>
          </dd>
          <dt>Listeners</dt>
          <dd>{system.listener_count === 0 ? 'none: nothing can arrive yet' : formatCount(system.listener_count)}</dd>
          <dt>Field mapping</dt>
          <dd>
            <code>{system.mapping.key}</code> version {system.mapping.version}{' '}
            {system.mapping.origin === 'default' ? '(the product’s default)' : '(its own)'}
          </dd>
        </dl>
        {maySeeMessages ? (
          <Group>
            <Button
              variant="default"
              component={Link}
              to="/settings/integrations/diagnostics/tracer"
              search={{ system: system.id } as never}
            >
              Show its messages
            </Button>
          </Group>
        ) : null}
      </Section>
      <Section title="What it is">
        <dl className="facts">
          <dt>Product</dt>
          <dd>
            {system.product_label} {system.product_version}
          </dd>
          <dt>Environment</dt>
          <dd>
            <EnvironmentName id={system.environment_id} otherwise={system.environment_key} />
          </dd>
          <dt>Key</dt>
          <dd>
            <CopyId value={system.key} label="key" />
          </dd>
          <dt>Id</dt>
          <dd>
            <CopyId value={system.id} label="id" />
          </dd>
          <dt>Time zone</dt>
          <dd>
            {system.time_zone}, {system.country}
          </dd>
          <dt>Added</dt>
          <dd>
            <Time at={system.created_at} />
          </dd>
          <dt>Changed</dt>
          <dd>
            <Time at={system.updated_at} />, version {system.version}
          </dd>
          {system.note === '' ? null : (
            <>
              <dt>Note</dt>
              <dd>{system.note}</dd>
            </>
          )}
        </dl>
      </Section>
    </SimpleGrid>
  );
}

function ListenersTab(props: { system: System }): ReactNode {
  const navigate = useNavigate();
  const mayAdd = useMay('listeners.write');
  const read = useRead('listListeners', { query: { system: props.system.id } }, { refetchInterval: 5_000 });
  const add = mayAdd ? (
    <Button
      component={Link}
      to="/settings/integrations/hl7"
      search={{ listener: 'new', system: props.system.id } as never}
      leftSection={<IconPlus size={14} />}
    >
      Add HL7 listener
    </Button>
  ) : undefined;
  return (
    <div className="panel" style={{ display: 'flex', minHeight: 200 }}>
      <DataTable
        name="listeners"
        rows={read.data?.items}
        columns={listenerColumns}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.name}
        error={read.data === undefined ? read.error : null}
        maxHeight={480}
        onOpen={(row) => void navigate({ to: '/settings/integrations/hl7', search: { listener: row.id } as never })}
        empty={
          <EmptyState icon={IconPlugConnected} title="Next step: add an HL7 listener" action={add}>
            A listener is the address (host and port) that the practice’s PMS sends its HL7 messages to. It starts at
            once and acknowledges each message when it is stored.
          </EmptyState>
        }
      />
    </div>
  );
}
