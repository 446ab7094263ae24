import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { System } from '../../../src/contract/systems.ts';
import { useRead } from '../../api/use-api.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Loading, Section } from '../../parts/page.tsx';
import { useFilterKey } from '../../table/use-filter-key.ts';
import { mappingView, type RuleView } from './mapping-view.ts';

function fits(rule: RuleView, typed: string): boolean {
  return [rule.target, rule.source, ...rule.steps, ...rule.notes].join(' ').toLowerCase().includes(typed.toLowerCase());
}

/** The field mapping in force, rule by rule; read-only. */
export function MappingTab(props: { system: Pick<System, 'id' | 'settings'> }): ReactNode {
  const { system } = props;
  const read = useRead('getMapping', { params: { id: system.id } });
  const [typed, setTyped] = useState('');
  const filter = useFilterKey<HTMLInputElement>();
  if (read.error !== null) return <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <Loading label="Loading the field mapping" />;
  const view = mappingView(read.data.body, system.settings.positions);
  const sections = view.sections
    .map((section) => ({ ...section, rules: section.rules.filter((rule) => fits(rule, typed)) }))
    .filter((section) => section.rules.length > 0);
  return (
    <Section
      title={`${view.title === '' ? read.data.key : view.title}, version ${read.data.version}`}
      action={
        <TextInput
          ref={filter}
          aria-label="Filter rules"
          placeholder="Filter rules  /"
          value={typed}
          w={220}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      }
    >
      <p className="quiet">
        {read.data.origin === 'default' ? 'The product’s default mapping' : 'This system’s own mapping'}{' '}
        <code>{read.data.key}</code>
        {view.messages.length === 0 ? '' : ` for ${view.messages.join(', ')}`}. It is read-only in this release; a
        changed one is applied with the configuration file.
      </p>
      {view.positions.length === 0 ? null : (
        <dl className="facts">
          {view.positions.map((position) => (
            <div key={position.name} style={{ display: 'contents' }}>
              <dt>
                <code>${position.name}</code> {position.label}
              </dt>
              <dd>
                {position.path === 'not set' ? <span className="quiet">not set</span> : <code>{position.path}</code>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {sections.length === 0 ? <p className="quiet">No rule contains “{typed}”.</p> : null}
      {sections.map((section) => (
        <div key={section.title}>
          <h3>{section.title}</h3>
          {section.note === '' ? null : <p className="quiet">{section.note}</p>}
          <table className="plain" style={{ tableLayout: 'fixed' }}>
            <thead>
              <tr>
                <th scope="col" style={{ width: '24%' }}>
                  Practice Studio field
                </th>
                <th scope="col" style={{ width: '26%' }}>
                  From
                </th>
                <th scope="col" style={{ width: '24%' }}>
                  Transformations
                </th>
                <th scope="col">Conditions and checks</th>
              </tr>
            </thead>
            <tbody>
              {section.rules.map((rule, index) => (
                <tr key={`${rule.target} ${index}`}>
                  <td className="mono">{rule.target}</td>
                  <td className="mono">{rule.source === '' ? '–' : rule.source}</td>
                  <td className="mono">
                    {rule.steps.length === 0 ? <span className="quiet">as it is</span> : rule.steps.join(' → ')}
                  </td>
                  <td>{rule.notes.join('; ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </Section>
  );
}
