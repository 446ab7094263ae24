import type { Listener } from '../../../src/contract/listeners.ts';
import { CopyId } from '../../parts/copy-id.tsx';
import { formatCount } from '../../parts/format.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import type { Column } from '../../table/column.ts';
import { lastMessageColumn, nameColumn } from '../../table/shared-columns.tsx';
import { worstStatus } from './listener-state.ts';

export const ACK_WORDS = { commit: 'when stored', processed: 'when processed' } as const;

export const listenerColumns: readonly Column<Listener>[] = [
  nameColumn('Listener', 160),
  {
    key: 'state',
    title: 'State',
    width: 110,
    cell: (row) => {
      const worst = worstStatus(row);
      return <StateMark state={worst.state} reason={worst.reason} />;
    },
    sort: (row) => worstStatus(row).state,
  },
  {
    key: 'address',
    title: 'Address',
    width: 170,
    cell: (row) => <CopyId value={`${row.host}:${row.port}`} label="address" tabIndex={-1} />,
    sort: (row) => row.port,
  },
  {
    key: 'system',
    title: 'System',
    width: 150,
    grow: 1,
    cell: (row) => row.system_name,
    sort: (row) => row.system_name,
  },
  {
    key: 'tls',
    title: 'TLS',
    width: 60,
    cell: (row) => (row.tls.enabled ? 'yes' : <span className="quiet">no</span>),
    sort: (row) => (row.tls.enabled ? '1' : '0'),
  },
  { key: 'ack', title: 'Acknowledges', width: 120, cell: (row) => ACK_WORDS[row.ack_when] },
  {
    key: 'connections',
    title: 'Connections',
    width: 95,
    right: true,
    cell: (row) => formatCount(row.statuses.reduce((sum, each) => sum + each.connections, 0)),
    sort: (row) => row.statuses.reduce((sum, each) => sum + each.connections, 0),
  },
  {
    key: 'today',
    title: 'Today',
    width: 85,
    right: true,
    cell: (row) => formatCount(row.received_today),
    sort: (row) => row.received_today,
  },
  lastMessageColumn(true),
  {
    key: 'nodes',
    title: 'Nodes',
    width: 120,
    cell: (row) => row.statuses.map((each) => each.node).join(', '),
    extra: true,
  },
];
