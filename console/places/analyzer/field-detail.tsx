import type { ReactNode } from 'react';
import { formatCount } from '../../parts/format.ts';
import { percentText, type FieldRow } from './field-rows.ts';
import { MASK_RULE, WireValue } from './value-list.tsx';

/** Everything that is known of one field. */
export function FieldDetail(props: { row: FieldRow }): ReactNode {
  const { field, targets } = props.row;
  const values = field.values.length > 0 ? field.values : field.examples;
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <dl className="facts">
        <dt>Holds</dt>
        <dd>{field.kind}</dd>
        <dt>By the standard</dt>
        <dd>
          {field.type === '' ? 'not defined' : field.type}
          {field.table === '' ? '' : `, table ${field.table}`}
          {field.required ? ', required' : ''}
        </dd>
        <dt>Filled</dt>
        <dd>
          {percentText(field.rate)} of the messages with the segment ({formatCount(field.messages)})
          {field.nulls > 0 ? `, ${formatCount(field.nulls)} explicit nulls` : ''}
        </dd>
        <dt>Length</dt>
        <dd>
          {field.length.least} to {formatCount(field.length.most)}, mostly {field.length.typical}
        </dd>
        {field.components.length > 0 ? null : (
          <>
            <dt>Different values</dt>
            <dd>{field.exact ? formatCount(field.distinct) : `about ${formatCount(field.distinct)}`}</dd>
          </>
        )}
        {field.repeats > 1 ? (
          <>
            <dt>Repeats</dt>
            <dd>up to {field.repeats} times</dd>
          </>
        ) : null}
        {field.precision.length > 0 ? (
          <>
            <dt>Exact to the</dt>
            <dd>{field.precision.map(({ value, count }) => `${value} (${formatCount(count)})`).join(', ')}</dd>
          </>
        ) : null}
        <dt>Practice Studio field</dt>
        <dd>{targets === '' ? 'not mapped' : targets}</dd>
      </dl>
      {field.deviations.length === 0 ? null : (
        <div>
          <h3>Departs from the standard</h3>
          <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            {field.deviations.map(({ code, words, count }) => (
              <li key={code}>
                {words} <span className="quiet">× {formatCount(count)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {field.types.length < 2 ? null : (
        <div>
          <h3>By message type</h3>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Type</th>
                <th scope="col" className="number">
                  Filled
                </th>
                <th scope="col" className="number">
                  Messages
                </th>
              </tr>
            </thead>
            <tbody>
              {field.types.map(({ type, rate, messages }) => (
                <tr key={type}>
                  <td className="mono">{type}</td>
                  <td className="number">{percentText(rate)}</td>
                  <td className="number">{formatCount(messages)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {values.length === 0 ? null : (
        <div>
          <h3>{field.values.length > 0 ? 'Value set' : 'Examples'}</h3>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col">Text beside it</th>
                <th scope="col" className="number">
                  Count
                </th>
              </tr>
            </thead>
            <tbody>
              {values.map((each, index) => (
                <tr key={`${each.value} ${index}`}>
                  <td>
                    <WireValue value={each.value} masked={each.masked} />
                  </td>
                  <td>{each.label}</td>
                  <td className="number">{formatCount(each.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {values.some(({ masked }) => masked) ? <p className="quiet">{MASK_RULE}</p> : null}
        </div>
      )}
    </div>
  );
}
