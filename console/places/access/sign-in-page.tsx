import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { setSession } from '../../api/session.ts';
import { useChange } from '../../api/use-api.ts';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { useFocusFirst } from './use-focus-first.ts';
import { AccessCard } from './access-card.tsx';
import { safeNext } from './safe-next.ts';

export function SignInPage(): ReactNode {
  const search = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const signIn = useChange('signIn');
  const first = useFocusFirst();
  const form = useForm({
    initialValues: { login: '', password: '' },
    validate: {
      login: (value) => (value.trim() === '' ? 'Enter your login.' : null),
      password: (value) => (value === '' ? 'Enter your password.' : null),
    },
  });
  return (
    <AccessCard title="Sign in">
      {search.ended === '1' ? (
        <Notice title="Your session has ended">Sign in again to go on where you were.</Notice>
      ) : null}
      <form
        onSubmit={form.onSubmit((values) =>
          signIn.mutate(
            { body: { login: values.login.trim(), password: values.password } },
            {
              onSuccess: (session) => {
                setSession(session);
                void navigate({ href: safeNext(search.next), replace: true } as never);
              },
              onError: () => form.setFieldValue('password', ''),
            },
          ),
        )}
      >
        <Stack gap="sm">
          <TextInput size="sm" label="Login" autoComplete="username" ref={first} {...form.getInputProps('login')} />
          <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
          <ErrorNotice error={signIn.error} />
          <Button type="submit" size="sm" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </AccessCard>
  );
}
