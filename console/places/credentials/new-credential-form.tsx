import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { checkKey, keyOf } from '../../parts/key-of.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { KIND_MEANINGS, KIND_OPTIONS } from './kinds.ts';
import { SourceFields } from './source-fields.tsx';
import { EMPTY_SOURCE, toSource } from './source.ts';

/** Adds a credential to the vault. */
export function NewCredentialForm(props: { onCancel: () => void; onSaved: (id: string) => void }): ReactNode {
  const { current } = useEnvironment();
  const environments = useRead('listEnvironments', {});
  const create = useChange('createCredential', ['listCredentials', 'getCredential', 'dashboard']);
  const [draft, setDraft] = useState(EMPTY_SOURCE);
  const form = useForm<{ key: string; name: string; environment_id: string; kind: Credential['kind']; note: string }>({
    initialValues: { key: '', name: '', environment_id: current?.id ?? '', kind: 'tls_server', note: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the credential a name.' : null),
      key: checkKey,
      environment_id: (value) => (value === '' ? 'Choose the environment that it belongs to.' : null),
    },
  });
  const [missing, setMissing] = useState<string>();
  const submit = form.onSubmit((values) => {
    const source = toSource(draft, values.kind);
    setMissing(typeof source === 'string' ? source : undefined);
    if (typeof source === 'string') return;
    create.mutate(
      { body: { ...values, name: values.name.trim(), source } },
      {
        onSuccess: (made) => {
          notifications.show({ message: `${made.name} is in the vault.` });
          props.onSaved(made.id);
        },
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    );
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label="Kind"
          description={KIND_MEANINGS[form.values.kind]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={KIND_OPTIONS}
          allowDeselect={false}
          {...form.getInputProps('kind')}
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            label="Name"
            placeholder="Hub certificate"
            {...form.getInputProps('name')}
            onChange={(event) => {
              const name = event.currentTarget.value;
              const follows = form.values.key === keyOf(form.values.name);
              form.setFieldValue('name', name);
              if (follows) form.setFieldValue('key', keyOf(name));
            }}
          />
          <TextInput
            label="Key"
            description="Cannot be changed later"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('key')}
          />
        </SimpleGrid>
        <Select
          label="Environment"
          data={(environments.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          allowDeselect={false}
          {...form.getInputProps('environment_id')}
        />
        <SourceFields
          kind={form.values.kind}
          draft={draft}
          errors={form.errors}
          onChange={(change) => setDraft((old) => ({ ...old, ...change }))}
        />
        <Textarea label="Note" autosize minRows={2} {...form.getInputProps('note')} />
        {missing === undefined ? null : (
          <div role="alert" className="fail">
            {missing}
          </div>
        )}
        <ErrorNotice error={create.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add to the vault
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
