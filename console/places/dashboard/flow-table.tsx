import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Dashboard } from '../../../src/contract/dashboard.ts';
import { formatCount } from '../../parts/format.ts';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { Time } from '../../parts/time.tsx';
import { bucketSpan } from './buckets.ts';

/** The figures of the chart as a table, newest first. */
export function FlowTable(props: { data: Dashboard; mayOpen: boolean }): ReactNode {
  const { series, at } = props.data;
  return (
    <ScrollBox maxHeight={260} label="Figures of the chart">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="number">
              Received
            </th>
            <th scope="col" className="number">
              Delivered
            </th>
            <th scope="col" className="number">
              Filtered
            </th>
            <th scope="col" className="number">
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {series
            .map((bucket, index) => ({ bucket, index }))
            .toReversed()
            .map(({ bucket, index }) => (
              <tr key={bucket.at}>
                <td>
                  {props.mayOpen ? (
                    <Link
                      to="/settings/integrations/diagnostics/tracer"
                      search={{ range: 'custom', ...bucketSpan(series, index, at) }}
                    >
                      <Time at={bucket.at} />
                    </Link>
                  ) : (
                    <Time at={bucket.at} />
                  )}
                </td>
                <td className="number">{formatCount(bucket.received)}</td>
                <td className="number">{formatCount(bucket.delivered)}</td>
                <td className="number">{formatCount(bucket.filtered)}</td>
                <td className="number" style={bucket.failed > 0 ? { color: 'var(--ps-fail)', fontWeight: 600 } : {}}>
                  {formatCount(bucket.failed)}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
