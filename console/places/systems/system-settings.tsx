import { Button, Group, Select, SimpleGrid, Stack, TextInput, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { System } from '../../../src/contract/systems.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import { timeZones } from './methods.ts';
import { PositionFields, withoutEmpty } from './position-fields.tsx';
import { SettingsFields } from './settings-fields.tsx';

export function SystemSettings(props: { system: System }): ReactNode {
  const { system } = props;
  const navigate = useNavigate();
  const mayWrite = useMay('systems.write');
  const update = useChange('updateSystem', ['listSystems', 'getSystem', 'getMapping', 'dashboard']);
  const remove = useChange('deleteSystem', ['listSystems', 'dashboard', 'listEnvironments']);
  const [removing, removal] = useDisclosure(false);
  const [name, setName] = useState(system.name);
  const [timeZone, setTimeZone] = useState(system.time_zone);
  const [country, setCountry] = useState(system.country);
  const [note, setNote] = useState(system.note);
  const [behaviour, setBehaviour] = useState({
    retry: system.settings.retry,
    holdSeconds: system.settings.hold_after_failure_seconds,
    duplicateHours: system.settings.duplicate_window_hours,
  });
  const [positions, setPositions] = useState(system.settings.positions);
  const errors = fieldErrors(update.error);
  const save = (): void =>
    update.mutate(
      {
        params: { id: system.id },
        body: {
          name: name.trim(),
          time_zone: timeZone,
          country,
          note,
          settings: {
            retry: behaviour.retry,
            hold_after_failure_seconds: behaviour.holdSeconds,
            duplicate_window_hours: behaviour.duplicateHours,
            positions: withoutEmpty(positions),
          },
          version: system.version,
        },
      },
      { onSuccess: () => notifications.show({ message: 'Saved.' }) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="sm">
        <Section title="General">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            <TextInput
              label="Name"
              value={name}
              disabled={!mayWrite}
              error={errors['name']}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select
              label="Time zone of the practice"
              searchable
              limit={60}
              data={timeZones()}
              value={timeZone}
              disabled={!mayWrite}
              error={errors['time_zone']}
              allowDeselect={false}
              onChange={(value) => setTimeZone(value ?? timeZone)}
            />
            <TextInput
              label="Country"
              value={country}
              maxLength={2}
              disabled={!mayWrite}
              error={errors['country']}
              onChange={(event) => setCountry(event.currentTarget.value.toUpperCase())}
            />
          </SimpleGrid>
          <Textarea
            label="Note"
            autosize
            minRows={2}
            value={note}
            disabled={!mayWrite}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </Section>
        <Section title="Retries, order and duplicates">
          <SettingsFields value={behaviour} onChange={setBehaviour} errors={errors} disabled={!mayWrite} />
        </Section>
        <PositionFields
          systemId={system.id}
          value={positions}
          onChange={setPositions}
          errors={errors}
          disabled={!mayWrite}
        />
        <ErrorNotice error={update.error} />
        {mayWrite ? (
          <Group justify="space-between">
            <Button variant="default" leftSection={<IconTrash size={14} />} onClick={removal.open}>
              Remove system
            </Button>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
          </Group>
        ) : null}
      </Stack>
      <Confirm
        opened={removing}
        onClose={removal.close}
        title={`Remove ${system.name}`}
        effect="Removes the system and its settings. One that has received messages cannot be removed; pause it instead."
        actionLabel="Remove"
        dangerous
        environmentId={system.environment_id}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(
            { params: { id: system.id } },
            { onSuccess: () => void navigate({ to: '/settings/integrations/systems' }) },
          )
        }
      />
    </form>
  );
}
