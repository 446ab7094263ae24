import type { ReactNode } from 'react';
import type { TraceSection } from './mapping-trace.ts';
import classes from './tracer.module.css';

/** Each rule at work: where it read, what its functions made of it, and what it said. */
export function MappingTraceView(props: {
  sections: readonly TraceSection[];
  onPlace: (place: string) => void;
}): ReactNode {
  return props.sections.map((section, index) => (
    <table key={`${section.title} ${index}`} className={`plain ${classes['trace']}`}>
      <caption>{section.title}</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col" style={{ width: '14%' }}>
            Read at
          </th>
          <th scope="col">Read</th>
          <th scope="col" style={{ width: '30%' }}>
            Transformations
          </th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {section.lines.map((line) => (
          <tr key={line.key}>
            <td>{line.label}</td>
            <td>
              {line.place === '' ? null : (
                <button type="button" className={classes['placeLink']} onClick={() => props.onPlace(line.place)}>
                  {line.place}
                </button>
              )}
            </td>
            <td className="mono">{line.raw}</td>
            <td className="mono">{line.steps.join(' → ')}</td>
            <td>
              {line.result === '' ? <span className="quiet">nothing</span> : line.result}
              {line.saidThen === undefined ? null : <div className="quiet">then: {line.saidThen}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  ));
}
