import { Button } from '@mantine/core';
import { IconBuildingHospital, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { System } from '../../../src/contract/systems.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { environmentColumn, lastMessageColumn, nameColumn, productColumn } from '../../table/shared-columns.tsx';
import { METHOD_WORDS } from './methods.ts';

const columns: readonly Column<System>[] = [
  nameColumn('System', 180),
  {
    key: 'state',
    title: 'State',
    width: 110,
    cell: (row) => <StateMark state={row.health.state} reason={row.health.reason} />,
    sort: (row) => row.health.state,
  },
  productColumn(),
  {
    key: 'version',
    title: 'Version',
    width: 80,
    cell: (row) => row.product_version,
    sort: (row) => row.product_version,
  },
  environmentColumn(),
  {
    key: 'methods',
    title: 'Methods',
    width: 120,
    cell: (row) => row.methods.map((each) => METHOD_WORDS[each]).join(', '),
  },
  {
    key: 'listeners',
    title: 'Listeners',
    width: 80,
    right: true,
    cell: (row) => row.listener_count,
    sort: (row) => row.listener_count,
  },
  lastMessageColumn(false),
  {
    key: 'errors',
    title: 'Open errors',
    width: 95,
    right: true,
    cell: (row) =>
      row.open_errors === 0 ? (
        <span className="quiet">0</span>
      ) : (
        <strong style={{ color: 'var(--ps-fail)' }}>{formatCount(row.open_errors)}</strong>
      ),
    sort: (row) => row.open_errors,
  },
  { key: 'key', title: 'Key', width: 140, mono: true, cell: (row) => row.key, sort: (row) => row.key, extra: true },
  {
    key: 'zone',
    title: 'Time zone',
    width: 150,
    cell: (row) => row.time_zone,
    sort: (row) => row.time_zone,
    extra: true,
  },
];

export function SystemsPage(): ReactNode {
  const navigate = useNavigate();
  const search = useSearch({ from: '/frame/settings/integrations/systems' });
  const { filter, current } = useEnvironment();
  const mayAdd = useMay('systems.write');
  const read = useRead('listSystems', { query: filter }, { keep: true });
  const add = mayAdd ? (
    <Button component={Link} to="/settings/integrations/systems/new" leftSection={<IconPlus size={14} />}>
      Add new system
    </Button>
  ) : undefined;
  return (
    <Page
      title="PMS systems"
      purpose="The practice-management and health-record systems that Practice Studio exchanges data with."
      full
      action={add}
    >
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="systems"
          rows={read.data?.items}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          error={read.data === undefined ? read.error : null}
          onRetry={() => void read.refetch()}
          sort={search.sort}
          onSort={(sort) =>
            void navigate({
              from: '/settings/integrations/systems',
              search: (old) => ({ ...old, sort }),
              replace: true,
            })
          }
          onOpen={(row) => void navigate({ to: '/settings/integrations/systems/$id', params: { id: row.id } })}
          empty={
            <EmptyState
              icon={IconBuildingHospital}
              title={current === undefined ? 'No systems yet' : `No systems in ${current.name} yet`}
              action={add}
            >
              A system is one connection to one customer’s PMS: product, version, environment and the ways data flows.
              The wizard shows what each product and version can do, and why not for the rest.
            </EmptyState>
          }
        />
      </div>
    </Page>
  );
}
