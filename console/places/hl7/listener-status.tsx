import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Listener } from '../../../src/contract/listeners.ts';
import { useMay } from '../../api/use-session.ts';
import { formatCount } from '../../parts/format.ts';
import { ExpiryMark } from '../../parts/expiry-mark.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Ago } from '../../parts/time.tsx';
import { Refusals } from './refusals.tsx';
import { SendSample } from './send-sample.tsx';

/** How a listener is doing on each node, and a way to send it a sample. */
export function ListenerStatusView(props: { listener: Listener }): ReactNode {
  const { listener } = props;
  const mayTrace = useMay('messages.read');
  return (
    <>
      <table className="plain">
        <caption className="visually-hidden">State on each node</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Connections
            </th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {listener.statuses.length === 0 ? (
            <tr>
              <td colSpan={4} className="quiet">
                {listener.enabled ? 'No node has reported yet.' : 'Switched off.'}
              </td>
            </tr>
          ) : null}
          {listener.statuses.map((status) => (
            <tr key={status.node}>
              <td className="mono">{status.node}</td>
              <td>
                <StateMark state={status.status} />
                {status.reason === '' ? null : <div>{status.reason}</div>}
              </td>
              <td className="number">{formatCount(status.connections)}</td>
              <td>
                <Ago at={status.since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {listener.expires_first === null ? null : (
        <Group gap="xs">
          <span>Certificate {listener.expires_first.name}:</span>
          <ExpiryMark
            daysLeft={listener.expires_first.days_left}
            state={listener.expires_first.state}
            at={listener.expires_first.not_after}
          />
        </Group>
      )}
      <Refusals listener={listener} />
      <Group gap="md">
        <span>
          {formatCount(listener.received_today)} today, last one <Ago at={listener.last_message_at} toTheMinute />
        </span>
        {mayTrace ? (
          <Link
            to="/settings/integrations/diagnostics/tracer"
            search={{ listener: listener.id, range: 'all' } as never}
          >
            Show its messages
          </Link>
        ) : null}
      </Group>
      <SendSample host={listener.host} port={listener.port} tls={listener.tls.enabled} />
    </>
  );
}
