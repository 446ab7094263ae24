import { Fragment, type ReactNode } from 'react';
import type { FieldChange } from '../../src/contract/messages.ts';
import { formatCount } from './format.ts';

/** How many fields changed, as the table lists them. */
export function countLines(changes: readonly FieldChange[]): number {
  return changes.reduce((sum, change) => sum + change.lines.length + change.more_lines, 0);
}

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
        {props.changes.map((change) => (
          <Fragment key={change.path}>
            {change.lines.map((line, index) => (
              <tr key={`${change.path} ${index}`}>
                <td>{line.label}</td>
                <ChangedValue value={line.old} color="var(--ps-removed-text)" />
                <ChangedValue value={line.new} color="var(--ps-added-text)" />
              </tr>
            ))}
            {change.more_lines === 0 ? null : (
              <tr>
                <td colSpan={3} className="quiet">
                  and {formatCount(change.more_lines)} more of {change.label}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** No value is a quiet dash: a first message fills a whole column with them. */
function ChangedValue(props: { value: string | null; color: string }): ReactNode {
  return props.value === null ? <td className="quiet">–</td> : <td style={{ color: props.color }}>{props.value}</td>;
}
