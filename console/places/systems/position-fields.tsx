import { SimpleGrid, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { Section } from '../../parts/page.tsx';
import { mappingView } from './mapping-view.ts';

type Positions = Readonly<Record<string, string>>;

/** What the mapping in force leaves to each practice to say where it sends it; nothing where it leaves nothing. */
export function PositionFields(props: {
  systemId: string;
  value: Positions;
  onChange: (value: Positions) => void;
  errors: Readonly<Record<string, string>>;
  disabled: boolean;
}): ReactNode {
  const { value, onChange, errors } = props;
  const mayRead = useMay('mappings.read');
  const read = useRead('getMapping', { params: { id: props.systemId } }, { enabled: mayRead });
  const positions = read.data === undefined ? [] : mappingView(read.data.body).positions;
  if (positions.length === 0) return null;
  return (
    <Section title="Places of this practice">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {positions.map(({ name, label, path }) => (
          <TextInput
            key={name}
            label={label === '' ? name : label}
            description={`A place in the message such as ZFS-3 or PV1-21.1. Empty: ${path === 'not set' ? 'read nowhere' : path}.`}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={value[name] ?? ''}
            maxLength={60}
            disabled={props.disabled}
            error={errors[`settings.positions.${name}`]}
            onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
          />
        ))}
      </SimpleGrid>
    </Section>
  );
}

/** A place that was emptied is set no longer. */
export function withoutEmpty(positions: Positions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(positions)
      .map(([name, path]) => [name, path.trim()] as const)
      .filter(([, path]) => path !== ''),
  );
}
