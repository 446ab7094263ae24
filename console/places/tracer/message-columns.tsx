import type { MessageItem } from '../../../src/contract/messages.ts';
import { CopyId } from '../../parts/copy-id.tsx';
import { formatBytes, formatMs } from '../../parts/format.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { FLAG_WORDS } from '../../parts/states.ts';
import { Time } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';

export const messageColumns: readonly Column<MessageItem>[] = [
  { key: 'received', title: 'Received', width: 166, cell: (row) => <Time at={row.received_at} /> },
  { key: 'type', title: 'Type', width: 96, mono: true, cell: (row) => row.type },
  {
    key: 'state',
    title: 'State',
    width: 120,
    cell: (row) => <StateMark state={row.state} reason={row.failure?.sentence} />,
  },
  {
    key: 'patient',
    title: 'Patient',
    width: 130,
    grow: 1,
    cell: (row) => row.patient_name ?? <span className="quiet">–</span>,
  },
  { key: 'system', title: 'System', width: 140, grow: 1, cell: (row) => row.system_name },
  {
    key: 'control',
    title: 'Control id',
    width: 140,
    cell: (row) => <CopyId value={row.control_id} label="control id" tabIndex={-1} />,
  },
  { key: 'took', title: 'Processed in', width: 95, right: true, cell: (row) => formatMs(row.processing_ms) },
  { key: 'size', title: 'Size', width: 75, right: true, cell: (row) => formatBytes(row.size_bytes) },
  {
    key: 'flags',
    title: 'Remarks',
    width: 120,
    cell: (row) => <span className="quiet">{row.flags.map((flag) => FLAG_WORDS[flag][0]).join(', ')}</span>,
  },
  {
    key: 'id',
    title: 'Message id',
    width: 165,
    cell: (row) => <CopyId value={row.id} label="message id" tabIndex={-1} />,
    extra: true,
  },
];
