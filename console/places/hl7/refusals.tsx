import type { ReactNode } from 'react';
import type { Listener } from '../../../src/contract/listeners.ts';
import { formatCount } from '../../parts/format.ts';
import { Ago } from '../../parts/time.tsx';

/** Whom a listener turned away since it was opened, and why. */
export function Refusals(props: { listener: Listener }): ReactNode {
  const all = props.listener.statuses.flatMap(({ node, refusals }) =>
    refusals.map((refusal) => ({ node, ...refusal })),
  );
  if (all.length === 0) return null;
  return (
    <table className="plain">
      <caption style={{ textAlign: 'left', fontWeight: 600 }}>Connections turned away</caption>
      <thead>
        <tr>
          <th scope="col">Why</th>
          <th scope="col">From</th>
          <th scope="col" className="number">
            Times
          </th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        {all.map((refusal) => (
          <tr key={`${refusal.node} ${refusal.reason}`}>
            <td>{refusal.sentence}</td>
            <td className="mono">{refusal.last_peer}</td>
            <td className="number">{formatCount(refusal.count)}</td>
            <td>
              <Ago at={refusal.last_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
