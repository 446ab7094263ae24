import { Link } from '@tanstack/react-router';
import type { Dashboard } from '../../../src/contract/dashboard.ts';
import { formatCount, formatSeconds } from '../../parts/format.ts';
import { Sparkline } from '../../parts/sparkline.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import type { Column } from '../../table/column.ts';
import { environmentColumn, lastMessageColumn, nameColumn, productColumn } from '../../table/shared-columns.tsx';

type Line = Dashboard['systems'][number];
const URGENCY = { failing: 0, attention: 1, ok: 2, idle: 3, paused: 4 } as const;

const all: readonly Column<Line>[] = [
  nameColumn('System', 190),
  {
    key: 'state',
    title: 'State',
    width: 110,
    cell: (row) => <StateMark state={row.health.state} reason={row.health.reason} />,
    sort: (row) => URGENCY[row.health.state],
  },
  productColumn(),
  { ...environmentColumn(), extra: true },
  lastMessageColumn(false),
  {
    key: 'rate',
    title: 'Last hour',
    width: 120,
    cell: (row) => <Sparkline values={row.sparkline} label={`Messages of ${row.name}`} />,
  },
  {
    key: 'received',
    title: 'Received',
    width: 90,
    right: true,
    cell: (row) => formatCount(row.received),
    sort: (row) => row.received,
  },
  {
    key: 'waiting',
    title: 'Waiting',
    width: 80,
    right: true,
    cell: (row) => formatCount(row.waiting),
    sort: (row) => row.waiting,
  },
  {
    key: 'oldest',
    title: 'Queue age',
    width: 90,
    right: true,
    cell: (row) => (row.waiting === 0 ? <span className="quiet">–</span> : formatSeconds(row.oldest_waiting_seconds)),
    sort: (row) => row.oldest_waiting_seconds,
  },
  {
    key: 'errors',
    title: 'Open errors',
    width: 95,
    right: true,
    cell: (row) =>
      row.open_errors === 0 ? (
        <span className="quiet">0</span>
      ) : (
        <Link
          to="/settings/integrations/errors"
          search={{ system: row.id }}
          style={{ color: 'var(--ps-fail)', fontWeight: 600 }}
        >
          {formatCount(row.open_errors)}
        </Link>
      ),
    sort: (row) => row.open_errors,
  },
];

/**
 * One line per system: state, last message, rate, queue, errors. Counts lead to the very messages they count, where the
 * role may look; `span` is the time that the received ones were counted in.
 */
export function systemColumns(
  may: { messages: boolean; errors: boolean },
  span: { from: string; to: string } | undefined,
): readonly Column<Line>[] {
  return all.map((column) => {
    if (column.key === 'received' && may.messages && span !== undefined) {
      return {
        ...column,
        cell: (row) => (
          <Link
            to="/settings/integrations/diagnostics/tracer"
            search={{ system: row.id, range: 'custom', from: span.from, to: span.to }}
          >
            {formatCount(row.received)}
          </Link>
        ),
      };
    }
    if (column.key === 'errors' && !may.errors) return { ...column, cell: (row) => formatCount(row.open_errors) };
    return column;
  });
}
