import { Button, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { Token } from '../../../src/contract/users.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { FormActions } from '../../parts/form-actions.tsx';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { ROLE_WORDS } from '../../parts/states.ts';
import { Ago, Time } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { nameColumn } from '../../table/shared-columns.tsx';
import { ROLE_MEANINGS, ROLE_OPTIONS, type RoleName } from './roles.ts';
import { SecretShownOnce } from './secret-shown-once.tsx';

const DAY_MS = 86_400_000;
function expiryIn(days: string): string | null {
  return days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
}

function tokenColumns(onRevoke: (token: Token) => void): readonly Column<Token>[] {
  return [
    nameColumn('Name', 180),
    { key: 'prefix', title: 'Begins with', width: 130, mono: true, cell: (row) => row.prefix },
    { key: 'role', title: 'Role', width: 150, cell: (row) => ROLE_WORDS[row.role], sort: (row) => row.role },
    {
      key: 'scopes',
      title: 'Narrowed to',
      width: 150,
      grow: 1,
      cell: (row) => (row.scopes.length === 0 ? <span className="quiet">all of the role</span> : row.scopes.join(', ')),
    },
    { key: 'by', title: 'Made by', width: 130, cell: (row) => row.created_by, sort: (row) => row.created_by },
    {
      key: 'used',
      title: 'Last used',
      width: 110,
      cell: (row) => <Ago at={row.last_used_at} />,
      sort: (row) => row.last_used_at,
    },
    {
      key: 'expires',
      title: 'Expires',
      width: 160,
      cell: (row) => (row.expires_at === null ? <span className="quiet">never</span> : <Time at={row.expires_at} />),
      sort: (row) => row.expires_at,
    },
    {
      key: 'actions',
      title: 'Actions',
      width: 90,
      cell: (row) => (
        <Button size="compact-xs" variant="default" aria-label={`Revoke ${row.name}`} onClick={() => onRevoke(row)}>
          Revoke
        </Button>
      ),
    },
  ];
}

export function TokensTab(props: { creating: boolean; onClose: () => void }): ReactNode {
  const read = useRead('listTokens', {});
  const revoke = useChange('revokeToken', ['listTokens']);
  const [sort, setSort] = useMemory<string | undefined>('tokens-sort', 'name');
  const [secret, setSecret] = useState<string>();
  const [revoking, setRevoking] = useState<Token>();
  const columns = useMemo(() => tokenColumns(setRevoking), []);
  return (
    <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
      <DataTable
        name="tokens"
        rows={read.data?.items}
        columns={columns}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.name}
        error={read.data === undefined ? read.error : null}
        onRetry={() => void read.refetch()}
        sort={sort}
        onSort={setSort}
        empty={
          <EmptyState icon={IconKey} title="No API tokens yet">
            A token lets a program use the HTTP API in a role: a script that applies the configuration, a monitor that
            reads the metrics. Its secret is shown once.
          </EmptyState>
        }
      />
      <Modal opened={props.creating && secret === undefined} onClose={props.onClose} title="Create an API token">
        <TokenForm onClose={props.onClose} onSecret={setSecret} />
      </Modal>
      <SecretShownOnce
        title="API token"
        label="Token"
        value={secret}
        explain="Put it where the program that uses it keeps secrets. It is not shown again; a lost one is revoked and replaced."
        onClose={() => {
          setSecret(undefined);
          props.onClose();
        }}
      />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => {
          revoke.reset();
          setRevoking(undefined);
        }}
        title={`Revoke ${revoking?.name ?? ''}`}
        effect="Ends the token at once: every program that uses it is refused from now on."
        actionLabel="Revoke"
        dangerous
        environmentId={undefined}
        pending={revoke.isPending}
        error={revoke.error}
        onConfirm={() =>
          revoking !== undefined &&
          revoke.mutate({ params: { id: revoking.id } }, { onSuccess: () => setRevoking(undefined) })
        }
      />
    </div>
  );
}

function TokenForm(props: { onClose: () => void; onSecret: (secret: string) => void }): ReactNode {
  const create = useChange('createToken', ['listTokens']);
  const form = useForm<{ name: string; role: RoleName; days: string }>({
    initialValues: { name: '', role: 'operator', days: '365' },
    validate: { name: (value) => (value.trim() === '' ? 'Name the program that will use it.' : null) },
  });
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        create.mutate(
          {
            body: {
              name: values.name.trim(),
              role: values.role,
              expires_at: expiryIn(values.days),
            },
          },
          { onSuccess: ({ secret }) => props.onSecret(secret), onError: (error) => form.setErrors(fieldErrors(error)) },
        ),
      )}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="Nightly configuration check"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Select
          label="Role"
          description={ROLE_MEANINGS[form.values.role]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDeselect={false}
          data={ROLE_OPTIONS}
          {...form.getInputProps('role')}
        />
        <Select
          label="Expires"
          allowDeselect={false}
          data={[
            { value: '30', label: 'In 30 days' },
            { value: '90', label: 'In 90 days' },
            { value: '365', label: 'In a year' },
            { value: '', label: 'Never' },
          ]}
          {...form.getInputProps('days')}
        />
        <ErrorNotice error={create.error} />
        <FormActions submit="Create the token" onCancel={props.onClose} pending={create.isPending} />
      </Stack>
    </form>
  );
}
