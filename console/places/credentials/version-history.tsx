import type { ReactNode } from 'react';
import type { Answer } from '../../api/client.ts';
import { Time } from '../../parts/time.tsx';

const WORDS = { active: 'in force', pending: 'requested', superseded: 'replaced, key erased' } as const;

/** What a credential consisted of, and since when. */
export function VersionHistory(props: { versions: Answer<'getCredential'>['history'] }): ReactNode {
  if (props.versions.length < 2) return null;
  return (
    <table className="plain">
      <caption style={{ textAlign: 'left', fontWeight: 600 }}>History</caption>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {props.versions.map((version) => (
          <tr key={version.number}>
            <td>{version.number}</td>
            <td>{WORDS[version.state]}</td>
            <td>
              <Time at={version.created_at} />
            </td>
            <td>{version.by}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
