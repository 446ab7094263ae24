import { ActionIcon, Button, Group, Select, SimpleGrid, Stack, TextInput, Textarea, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Environment, EnvironmentInput } from '../../../src/contract/environments.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { checkKey, keyOf } from '../../parts/key-of.ts';
import { FormActions } from '../../parts/form-actions.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import classes from './environments.module.css';
import { KIND_MEANINGS, KIND_WORDS } from './kinds.ts';

type Values = Required<EnvironmentInput>;

/** Name, kind, note and the connection parameters of an environment. */
export function EnvironmentForm(props: {
  environment?: Environment;
  submitLabel: string;
  pending: boolean;
  onSubmit: (values: Values, refused: (error: unknown) => void) => void;
  onCancel: () => void;
  error: unknown;
}): ReactNode {
  const old = props.environment;
  const kindFixed = old !== undefined && old.system_count > 0;
  const form = useForm<Values>({
    initialValues: {
      key: old?.key ?? '',
      name: old?.name ?? '',
      kind: old?.kind ?? 'development',
      note: old?.note ?? '',
      parameters: old?.parameters ?? [],
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it a name.' : null),
      key: checkKey,
      parameters: { name: (value) => (value.trim() === '' ? 'Name the parameter.' : null) },
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => props.onSubmit(values, (error) => form.setErrors(fieldErrors(error))))}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          <TextInput
            label="Name"
            {...form.getInputProps('name')}
            onChange={(event) => {
              const name = event.currentTarget.value;
              const follows = old === undefined && form.values.key === keyOf(form.values.name);
              form.setFieldValue('name', name);
              if (follows) form.setFieldValue('key', keyOf(name));
            }}
          />
          <TextInput
            label="Key"
            description="In configuration files and addresses"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('key')}
          />
          <Select
            label="Kind"
            description={
              kindFixed
                ? 'Fixed while the environment has systems, as what protects their patients goes by it.'
                : KIND_MEANINGS[form.values.kind]
            }
            disabled={kindFixed}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            allowDeselect={false}
            data={Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('kind')}
          />
        </SimpleGrid>
        <Textarea label="Note" autosize minRows={2} {...form.getInputProps('note')} />
        <div role="group" aria-label="Connection parameters">
          <Group justify="space-between" mb={6}>
            <div>
              <strong>Connection parameters</strong>
              <div className="quiet">
                Hosts, ports, outgoing addresses, VPN: what the other side’s network people need. Never a secret; those
                belong in the vault.
              </div>
            </div>
            <Button
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => form.insertListItem('parameters', { name: '', value: '', note: '' })}
            >
              Add parameter
            </Button>
          </Group>
          <div className={classes['parameters']}>
            {form.values.parameters.map((_, index) => (
              <div key={index} className={classes['parameter']}>
                <TextInput
                  aria-label={`Parameter ${index + 1}: name`}
                  placeholder="Name"
                  {...form.getInputProps(`parameters.${index}.name`)}
                />
                <TextInput
                  aria-label={`Parameter ${index + 1}: value`}
                  placeholder="Value"
                  {...form.getInputProps(`parameters.${index}.value`)}
                />
                <TextInput
                  aria-label={`Parameter ${index + 1}: note`}
                  placeholder="Note"
                  {...form.getInputProps(`parameters.${index}.note`)}
                />
                <Tooltip label="Remove">
                  <ActionIcon
                    aria-label={`Remove parameter ${index + 1}`}
                    onClick={() => form.removeListItem('parameters', index)}
                  >
                    <IconTrash size={15} />
                  </ActionIcon>
                </Tooltip>
              </div>
            ))}
          </div>
        </div>
        <ErrorNotice error={props.error} />
        <FormActions submit={props.submitLabel} onCancel={props.onCancel} pending={props.pending} />
      </Stack>
    </form>
  );
}
