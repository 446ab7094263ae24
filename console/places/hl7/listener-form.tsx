import {
  Accordion,
  Button,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import type { Listener } from '../../../src/contract/listeners.ts';
import type { System } from '../../../src/contract/systems.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { checkKey, keyOf } from '../../parts/key-of.ts';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { TlsFields } from './tls-fields.tsx';

const TOUCHES = ['listListeners', 'getListener', 'listSystems', 'getSystem'] as const;

export function ListenerForm(props: {
  listener?: Listener;
  systems: readonly System[];
  forSystem: string | undefined;
  mayWrite: boolean;
  onCancel: () => void;
  onSaved: (id: string) => void;
}): ReactNode {
  const old = props.listener;
  const { byId, current } = useEnvironment();
  const create = useChange('createListener', TOUCHES);
  const update = useChange('updateListener', TOUCHES);
  const remove = useChange('deleteListener', TOUCHES);
  const [removing, removal] = useDisclosure(false);
  const form = useForm({
    initialValues: {
      key: old?.key ?? '',
      name: old?.name ?? '',
      system_id: old?.system_id ?? props.forSystem ?? '',
      host: old?.host ?? '127.0.0.1',
      port: old?.port ?? 6661,
      enabled: old?.enabled ?? true,
      node: old?.node ?? '',
      ack_when: old?.ack_when ?? ('commit' as const),
      ack_mode: old?.ack_mode ?? ('auto' as const),
      ack_timeout_seconds: old?.ack_timeout_seconds ?? 30,
      allowed_peers: old?.allowed_peers ?? [],
      limits: old?.limits ?? {
        max_frame_bytes: 20_971_520,
        idle_timeout_seconds: 600,
        max_connections: 2000,
        max_connections_per_peer: 500,
        max_in_flight_per_connection: 256,
      },
      tls: old?.tls ?? {
        enabled: false,
        certificates: [],
        client_certificate: 'none' as const,
        client_ca: null,
        allowed_certificates: [],
        handshake_timeout_seconds: 10,
      },
      plaintext_reason: old?.plaintext_reason ?? '',
      note: old?.note ?? '',
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the listener a name.' : null),
      key: checkKey,
      system_id: (value) => (value === '' ? 'Choose the system it takes messages for.' : null),
      host: (value) => (value.trim() === '' ? 'The address to listen on, for example 127.0.0.1 or 0.0.0.0.' : null),
      port: (value) => (typeof value === 'number' && value >= 1 && value <= 65_535 ? null : 'A port from 1 to 65535.'),
    },
  });
  // The only system is chosen also when it becomes known while the form is open; what was typed stays.
  const only = props.systems.length === 1 ? props.systems[0]?.id : undefined;
  const { setFieldValue } = form;
  const unchosen = form.values.system_id === '';
  useEffect(() => {
    if (unchosen && only !== undefined) setFieldValue('system_id', only);
  }, [unchosen, only, setFieldValue]);
  const error = create.error ?? update.error;
  const refused = { onError: (cause: unknown) => form.setErrors(fieldErrors(cause)) };
  const system = props.systems.find((each) => each.id === form.values.system_id);
  const environment = byId(system?.environment_id ?? old?.environment_id ?? '');
  const maySeeCredentials = useMay('credentials.read');
  const credentials = useRead('listCredentials', { query: {} }, { enabled: maySeeCredentials });
  const offered = props.systems.filter((each) => current === undefined || each.environment_id === current.id);
  const submit = form.onSubmit((values) => {
    const body = { ...values, name: values.name.trim(), host: values.host.trim(), port: values.port };
    if (old === undefined) {
      create.mutate(
        { body },
        {
          ...refused,
          onSuccess: (made) => {
            notifications.show({ message: `${made.name} added.` });
            props.onSaved(made.id);
          },
        },
      );
    } else {
      update.mutate(
        { params: { id: old.id }, body: { ...body, version: old.version } },
        {
          ...refused,
          onSuccess: (made) => {
            notifications.show({ message: 'Saved; the listener restarts with it.' });
            props.onSaved(made.id);
          },
        },
      );
    }
  });
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!props.mayWrite} style={{ border: 0, margin: 0, padding: 0 }}>
        <Stack gap="sm">
          <Select
            label="System"
            data={offered.map((each) => ({
              value: each.id,
              label: `${each.name} (${byId(each.environment_id)?.name ?? each.environment_key})`,
            }))}
            searchable
            allowDeselect={false}
            {...form.getInputProps('system_id')}
          />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput
              label="Name"
              placeholder="ADT feed"
              {...form.getInputProps('name')}
              onChange={(event) => {
                const name = event.currentTarget.value;
                const follows = old === undefined && form.values.key === keyOf(form.values.name);
                form.setFieldValue('name', name);
                if (follows) form.setFieldValue('key', keyOf(name));
              }}
            />
            <TextInput label="Key" {...form.getInputProps('key')} />
            <TextInput
              label="Host"
              description="0.0.0.0 takes connections from other computers"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('host')}
            />
            <NumberInput label="Port" min={1} max={65_535} allowDecimal={false} {...form.getInputProps('port')} />
          </SimpleGrid>
          <SimpleGrid cols={2} spacing="sm">
            <Select
              label="Acknowledges"
              description={
                form.values.ack_when === 'commit'
                  ? 'As soon as the message is on disk'
                  : 'With the outcome of the processing'
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={[
                { value: 'commit', label: 'When stored' },
                { value: 'processed', label: 'When processed' },
              ]}
              allowDeselect={false}
              {...form.getInputProps('ack_when')}
            />
            <Select
              label="Mode"
              description="Automatic follows MSH-15 and MSH-16"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={[
                { value: 'auto', label: 'Automatic' },
                { value: 'original', label: 'Original (AA, AE, AR)' },
                { value: 'enhanced', label: 'Enhanced (CA, CE, CR)' },
              ]}
              allowDeselect={false}
              {...form.getInputProps('ack_mode')}
            />
          </SimpleGrid>
          {form.values.ack_when === 'processed' ? (
            <NumberInput
              label="Wait for the outcome at most"
              suffix=" s"
              min={1}
              max={600}
              {...form.getInputProps('ack_timeout_seconds')}
            />
          ) : null}
          <TlsFields
            value={form.values.tls}
            onChange={(change) => form.setFieldValue('tls', { ...form.values.tls, ...change })}
            credentials={(credentials.data?.items ?? []).filter((each) => each.environment_id === environment?.id)}
            errors={form.errors}
          />
          {environment?.kind === 'production' && !form.values.tls.enabled ? (
            <>
              <Notice tone="warn" title="A production listener without TLS">
                refuses to start unless it is written down why that is acceptable here. The reason is shown with the
                listener, and kept in the audit log with your name.
              </Notice>
              <Textarea
                label="Why without TLS"
                placeholder="For example: both ends inside the same private link"
                autosize
                minRows={2}
                {...form.getInputProps('plaintext_reason')}
              />
            </>
          ) : null}
          <TagsInput
            label="Allowed senders"
            description="Addresses or networks (10.20.0.0/16); empty = anybody who reaches the port"
            placeholder={form.values.allowed_peers.length === 0 ? 'Type an address, then Enter' : ''}
            {...form.getInputProps('allowed_peers')}
          />
          <Switch label="Listens" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <Accordion variant="default" chevronPosition="left">
            <Accordion.Item value="limits">
              <Accordion.Control>Limits, node and note</Accordion.Control>
              <Accordion.Panel>
                <SimpleGrid cols={2} spacing="sm">
                  <NumberInput
                    label="Largest message"
                    suffix=" bytes"
                    thousandSeparator=","
                    min={1024}
                    max={268_435_456}
                    {...form.getInputProps('limits.max_frame_bytes')}
                  />
                  <NumberInput
                    label="Close when idle for"
                    suffix=" s"
                    min={1}
                    max={86_400}
                    {...form.getInputProps('limits.idle_timeout_seconds')}
                  />
                  <NumberInput
                    label="Connections"
                    min={1}
                    max={20_000}
                    {...form.getInputProps('limits.max_connections')}
                  />
                  <NumberInput
                    label="Connections per sender"
                    min={1}
                    max={20_000}
                    {...form.getInputProps('limits.max_connections_per_peer')}
                  />
                  <NumberInput
                    label="In flight per connection"
                    min={1}
                    max={10_000}
                    {...form.getInputProps('limits.max_in_flight_per_connection')}
                  />
                  <TextInput label="Only on node" placeholder="empty = every node" {...form.getInputProps('node')} />
                </SimpleGrid>
                <Textarea mt="sm" label="Note" autosize minRows={2} {...form.getInputProps('note')} />
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
        </Stack>
      </fieldset>
      <Stack gap="sm" mt="sm">
        <ErrorNotice error={error} />
        {props.mayWrite ? (
          <Group gap="xs">
            {old === undefined ? null : (
              <Button variant="default" leftSection={<IconTrash size={14} />} onClick={removal.open}>
                Remove
              </Button>
            )}
            <div style={{ flex: 1 }} />
            <Button variant="default" onClick={props.onCancel}>
              {old === undefined ? 'Cancel' : 'Close'}
            </Button>
            <Button type="submit" loading={create.isPending || update.isPending}>
              {old === undefined ? 'Add listener' : 'Save'}
            </Button>
          </Group>
        ) : null}
      </Stack>
      {old === undefined ? null : (
        <Confirm
          opened={removing}
          onClose={removal.close}
          title={`Remove ${old.name}`}
          effect={`Stops listening on ${old.host}:${old.port} and removes the listener. ${old.system_name} cannot deliver there any more; the messages already received stay.`}
          actionLabel="Remove"
          dangerous
          environmentId={old.environment_id}
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({ params: { id: old.id } }, { onSuccess: props.onCancel })}
        />
      )}
    </form>
  );
}
