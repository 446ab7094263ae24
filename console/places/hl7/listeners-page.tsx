import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { listenerColumns } from './listener-columns.tsx';
import { ListenerDrawer } from './listener-drawer.tsx';

const HERE = '/settings/integrations/hl7';

export function ListenersPage(): ReactNode {
  const search = useSearch({ from: '/frame/settings/integrations/hl7' });
  const navigate = useNavigate();
  const { filter, current } = useEnvironment();
  const mayAdd = useMay('listeners.write');
  const maySeeSystems = useMay('systems.read');
  const read = useRead('listListeners', { query: filter }, { keep: true, refetchInterval: 3_000 });
  const systems = useRead('listSystems', { query: {} }, { enabled: maySeeSystems });
  const open = (listener: string | undefined): void =>
    void navigate({ from: HERE, search: (old) => ({ ...old, listener, system: undefined }) });
  const noSystems = systems.data?.items.length === 0;
  const add =
    mayAdd && !noSystems ? (
      <Button leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
        Add HL7 listener
      </Button>
    ) : undefined;
  return (
    <Page
      title="HL7"
      purpose="The addresses that systems send HL7 v2 messages to (MLLP), and how each is doing on each node."
      full
      action={add}
    >
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="listeners"
          rows={read.data?.items}
          columns={listenerColumns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          error={read.data === undefined ? read.error : null}
          onRetry={() => void read.refetch()}
          sort={search.sort}
          onSort={(sort) => void navigate({ from: HERE, search: (old) => ({ ...old, sort }), replace: true })}
          onOpen={(row) => open(row.id)}
          openKey={search.listener}
          empty={
            <EmptyState
              icon={IconPlugConnected}
              title={current === undefined ? 'No listeners yet' : `No listeners in ${current.name} yet`}
              action={
                noSystems ? (
                  <Button onClick={() => void navigate({ to: '/settings/integrations/systems/new' })}>
                    Add a system first
                  </Button>
                ) : (
                  add
                )
              }
            >
              A listener takes messages for one system at a host and port. It acknowledges a message only when it is
              stored durably.
            </EmptyState>
          }
        />
      </div>
      <ListenerDrawer
        asked={search.listener}
        forSystem={search.system}
        listeners={read.data?.items}
        systems={systems.data?.items ?? (maySeeSystems && systems.error === null ? undefined : [])}
        onClose={() => open(undefined)}
        onSaved={(id) => open(id)}
      />
    </Page>
  );
}
