import { Menu, Modal, PasswordInput, Stack, useMantineColorScheme } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import {
  IconCheck,
  IconChevronDown,
  IconDeviceDesktop,
  IconKey,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { forgetSession } from '../api/session.ts';
import { useChange } from '../api/use-api.ts';
import { useSession } from '../api/use-session.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { ROLE_WORDS } from '../parts/states.ts';
import classes from './frame.module.css';
import { initialsOf } from './initials.ts';
import { KeyboardHelp } from './keyboard-help.tsx';

const SCHEMES = [
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
  ['auto', 'As the computer has it', IconDeviceDesktop],
] as const;

export function UserMenu(): ReactNode {
  const { user } = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [changing, change] = useDisclosure(false);
  const [keysShown, keys] = useDisclosure(false);
  const signOut = useChange('signOut');
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <button type="button" className={classes['user']}>
            <span className={classes['initials']} aria-hidden>
              {initialsOf(user.name)}
            </span>
            <span className={classes['userName']}>{user.name}</span>
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user.login} · {ROLE_WORDS[user.role]}
          </Menu.Label>
          {SCHEMES.map(([value, label, Icon]) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={15} />}
              rightSection={colorScheme === value ? <IconCheck size={14} aria-label="chosen" /> : null}
              closeMenuOnClick={false}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconKeyboard size={15} />}
            rightSection={<kbd className={classes['kbd']}>?</kbd>}
            onClick={keys.open}
          >
            Keyboard
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={15} />} onClick={change.open}>
            Change password
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLogout size={15} />}
            onClick={() => {
              signOut.mutate(
                {},
                {
                  // Forgotten only when the frame is gone: it is not shown without a session.
                  onSettled: () => void navigate({ to: '/sign-in' }).finally(forgetSession),
                },
              );
            }}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <KeyboardHelp opened={keysShown} onOpen={keys.open} onClose={keys.close} />
      <Modal opened={changing} onClose={change.close} title="Change password">
        <ChangePassword onDone={change.close} />
      </Modal>
    </>
  );
}

function ChangePassword(props: { onDone: () => void }): ReactNode {
  const save = useChange('changePassword');
  const form = useForm({
    initialValues: { current: '', password: '', again: '' },
    validate: {
      current: (value) => (value === '' ? 'Enter the password you use now.' : null),
      password: (value) => (value === '' ? 'Enter a new password.' : null),
      again: (value, values) => (value === values.password ? null : 'The two entries differ.'),
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ current, password }) =>
        save.mutate(
          { body: { current, password } },
          {
            onSuccess: () => {
              notifications.show({ message: 'Password changed. Your other sessions have ended.' });
              props.onDone();
            },
          },
        ),
      )}
    >
      <Stack gap="sm">
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('current')}
        />
        <PasswordInput label="New password" autoComplete="new-password" {...form.getInputProps('password')} />
        <PasswordInput label="New password again" autoComplete="new-password" {...form.getInputProps('again')} />
        <ErrorNotice error={save.error} />
        <FormActions submit="Change password" onCancel={props.onDone} pending={save.isPending} />
      </Stack>
    </form>
  );
}
