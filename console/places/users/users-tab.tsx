import { ActionIcon, Menu, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconDots } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { User } from '../../../src/contract/users.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useSession } from '../../api/use-session.ts';
import { FormActions } from '../../parts/form-actions.tsx';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { ROLE_WORDS } from '../../parts/states.ts';
import { Ago, Time } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { nameColumn } from '../../table/shared-columns.tsx';
import { ROLE_MEANINGS, ROLE_OPTIONS, type RoleName } from './roles.ts';
import { SecretShownOnce } from './secret-shown-once.tsx';

function userColumns(onLink: (link: string) => void, onEdit: (user: User) => void): readonly Column<User>[] {
  return [
    nameColumn('Name', 180),
    { key: 'login', title: 'Login', width: 200, grow: 2, cell: (row) => row.login, sort: (row) => row.login },
    { key: 'role', title: 'Role', width: 160, cell: (row) => ROLE_WORDS[row.role], sort: (row) => row.role },
    {
      key: 'state',
      title: 'State',
      width: 110,
      cell: (row) => <StateMark state={row.state} />,
      sort: (row) => row.state,
    },
    {
      key: 'last',
      title: 'Last sign-in',
      width: 120,
      cell: (row) => <Ago at={row.last_login_at} />,
      sort: (row) => row.last_login_at,
    },
    {
      key: 'created',
      title: 'Added',
      width: 160,
      cell: (row) => <Time at={row.created_at} />,
      sort: (row) => row.created_at,
    },
    {
      key: 'actions',
      title: 'Actions',
      width: 80,
      cell: (row) => <UserActions user={row} onLink={onLink} onEdit={onEdit} />,
    },
  ];
}

export function UsersTab(props: { inviting: boolean; onClose: () => void }): ReactNode {
  const read = useRead('listUsers', {});
  const [sort, setSort] = useMemory<string | undefined>('users-sort', 'name');
  const [link, setLink] = useState<string>();
  const [editing, setEditing] = useState<User>();
  const columns = useMemo(() => userColumns(setLink, setEditing), []);
  return (
    <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
      <DataTable
        name="users"
        rows={read.data?.items}
        columns={columns}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.name}
        error={read.data === undefined ? read.error : null}
        onRetry={() => void read.refetch()}
        sort={sort}
        onSort={setSort}
        onOpen={setEditing}
        empty={<EmptyState title="Nobody">There is always at least the first administrator.</EmptyState>}
      />
      <Modal opened={props.inviting && link === undefined} onClose={props.onClose} title="Invite a user">
        <InviteForm onClose={props.onClose} onLink={setLink} />
      </Modal>
      <Modal opened={editing !== undefined} onClose={() => setEditing(undefined)} title={editing?.name ?? ''}>
        {editing === undefined ? null : <EditForm user={editing} onClose={() => setEditing(undefined)} />}
      </Modal>
      <SecretShownOnce
        title="One-time link"
        label="Link"
        value={link}
        explain="Give this link to the person over a channel that only they read. It sets the password, works once, and is not shown again."
        onClose={() => {
          setLink(undefined);
          props.onClose();
        }}
      />
    </div>
  );
}

function UserActions(props: { user: User; onLink: (link: string) => void; onEdit: (user: User) => void }): ReactNode {
  const { user } = props;
  const me = useSession().user.id === user.id;
  const update = useChange('updateUser', ['listUsers']);
  const reset = useChange('resetUser', ['listUsers']);
  const failed = (error: Error): void => {
    notifications.show({ color: 'red', title: 'Not done', message: error.message });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Actions for ${user.name}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => props.onEdit(user)}>Change name or role</Menu.Item>
        <Menu.Item
          onClick={() =>
            reset.mutate({ params: { id: user.id } }, { onSuccess: ({ link }) => props.onLink(link), onError: failed })
          }
        >
          {user.state === 'invited' ? 'New invitation link' : 'Link to set a new password'}
        </Menu.Item>
        <Menu.Item
          disabled={me}
          onClick={() =>
            update.mutate(
              { params: { id: user.id }, body: { state: user.state === 'disabled' ? 'active' : 'disabled' } },
              { onError: failed },
            )
          }
        >
          {user.state === 'disabled' ? 'Enable' : 'Disable and end all sessions'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function InviteForm(props: { onClose: () => void; onLink: (link: string) => void }): ReactNode {
  const create = useChange('createUser', ['listUsers']);
  const form = useForm<{ login: string; name: string; role: RoleName }>({
    initialValues: { login: '', name: '', role: 'integration_engineer' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter the name; colleagues and the audit log see it.' : null),
      login: (value) => (value.trim() === '' ? 'Enter a login, for example the e-mail address.' : null),
    },
  });
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        create.mutate(
          { body: { login: values.login.trim(), name: values.name.trim(), role: values.role } },
          { onSuccess: ({ link }) => props.onLink(link), onError: (error) => form.setErrors(fieldErrors(error)) },
        ),
      )}
    >
      <Stack gap="sm">
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <TextInput label="Login" autoComplete="off" {...form.getInputProps('login')} />
        <Select
          label="Role"
          description={ROLE_MEANINGS[form.values.role]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDeselect={false}
          data={ROLE_OPTIONS}
          {...form.getInputProps('role')}
        />
        <ErrorNotice error={create.error} />
        <FormActions submit="Make the invitation link" onCancel={props.onClose} pending={create.isPending} />
      </Stack>
    </form>
  );
}

function EditForm(props: { user: User; onClose: () => void }): ReactNode {
  const update = useChange('updateUser', ['listUsers']);
  const me = useSession().user.id === props.user.id;
  const [name, setName] = useState(props.user.name);
  const [role, setRole] = useState<RoleName>(props.user.role);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate(
          { params: { id: props.user.id }, body: { name: name.trim(), ...(me ? {} : { role }) } },
          { onSuccess: props.onClose },
        );
      }}
    >
      <Stack gap="sm">
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <Select
          label="Role"
          description={me ? 'Your own role is changed by another administrator.' : ROLE_MEANINGS[role]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          disabled={me}
          allowDeselect={false}
          data={ROLE_OPTIONS}
          value={role}
          onChange={(value) => setRole((value as RoleName | null) ?? role)}
        />
        <ErrorNotice error={update.error} />
        <FormActions submit="Save" onCancel={props.onClose} pending={update.isPending} disabled={name.trim() === ''} />
      </Stack>
    </form>
  );
}
