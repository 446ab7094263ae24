import type { ReactNode } from 'react';
import type { FieldChange } from '../../src/contract/messages.ts';
import { formatValue } from './format.ts';
import { changeLines } from './leaves.ts';

/** Fields that changed, old and new side by side. */
export function ChangesTable(props: { changes: readonly FieldChange[]; label: string }): ReactNode {
  return (
    <table className="plain" style={{ tableLayout: 'fixed' }}>
      <caption className="visually-hidden">{props.label}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '26%' }}>
            Field
          </th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {props.changes.flatMap(changeLines).map((line) => (
          <tr key={line.key}>
            <td>{line.label}</td>
            <td style={{ color: 'var(--ps-removed-text)' }}>{formatValue(line.old)}</td>
            <td style={{ color: 'var(--ps-added-text)' }}>{formatValue(line.new)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
