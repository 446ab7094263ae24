import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { fieldErrors } from '../../api/api-error.ts';
import { setSession } from '../../api/session.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page.tsx';
import { useFocusFirst } from './use-focus-first.ts';
import { AccessCard } from './access-card.tsx';

/** The one-time link carries its token behind `#`, which browsers send to nobody. */
function tokenOfLink(): string {
  return new URLSearchParams(location.hash.replace(/^#/, '')).get('token') ?? '';
}

export function SetupPage(): ReactNode {
  const [token] = useState(tokenOfLink);
  const state = useRead('setupState', {});
  useEffect(() => {
    // The link works once; it does not stay in the address bar or the history.
    if (token !== '') history.replaceState(history.state, '', location.pathname);
  }, [token]);
  const needed = state.data?.needed;
  if (needed === undefined) {
    return (
      <AccessCard title="Set up">
        {state.error === null ? (
          <Loading lines={3} label="Asking the program whether it is set up" />
        ) : (
          <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />
        )}
      </AccessCard>
    );
  }
  if (token === '') return <NoToken needed={needed} />;
  return <SetupForm token={token} first={needed} />;
}

function NoToken(props: { needed: boolean }): ReactNode {
  return (
    <AccessCard title={props.needed ? 'Make the administrator' : 'A link is needed'}>
      {props.needed ? (
        <Text size="sm">
          Practice Studio printed a one-time link when it started, beginning with <code>/setup#token=</code>. Open that
          link here. If it scrolled away, restart the program: it prints a new one until the administrator is made.
        </Text>
      ) : (
        <>
          <Text size="sm">
            This page sets a password with a one-time link. Ask an administrator for a new link, or sign in.
          </Text>
          <Button component={Link} to="/sign-in" size="sm">
            Sign in
          </Button>
        </>
      )}
    </AccessCard>
  );
}

function SetupForm(props: { token: string; first: boolean }): ReactNode {
  const navigate = useNavigate();
  const setup = useChange('setup');
  const first = useFocusFirst();
  const form = useForm({
    initialValues: { login: '', name: '', password: '', again: '' },
    validate: {
      login: (value) =>
        props.first && value.trim() === '' ? 'Choose a login, for example your e-mail address.' : null,
      name: (value) =>
        props.first && value.trim() === '' ? 'Enter your name; colleagues and the audit log see it.' : null,
      password: (value) => (value.length < 12 ? 'At least 12 characters; a few words are easier to keep.' : null),
      again: (value, values) => (value === values.password ? null : 'The two entries differ.'),
    },
  });
  return (
    <AccessCard title={props.first ? 'Make the administrator' : 'Set your password'}>
      <Text size="sm" c="dimmed">
        {props.first
          ? 'This account may do everything and invites the others. The link works once.'
          : 'The link works once. You are signed in right after.'}
      </Text>
      <form
        onSubmit={form.onSubmit((values) =>
          setup.mutate(
            {
              body: {
                token: props.token,
                password: values.password,
                ...(props.first ? { login: values.login.trim(), name: values.name.trim() } : {}),
              },
            },
            {
              onSuccess: (session) => {
                setSession(session);
                void navigate({ to: '/', replace: true });
              },
              onError: (error) => form.setErrors(fieldErrors(error)),
            },
          ),
        )}
      >
        <Stack gap="sm">
          {props.first ? (
            <>
              <TextInput size="sm" label="Your name" autoComplete="name" ref={first} {...form.getInputProps('name')} />
              <TextInput size="sm" label="Login" autoComplete="username" {...form.getInputProps('login')} />
            </>
          ) : null}
          <PasswordInput
            label="Password"
            description="At least 12 characters"
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <PasswordInput label="Password again" autoComplete="new-password" {...form.getInputProps('again')} />
          <ErrorNotice error={setup.error} />
          {setup.error !== null && !props.first ? (
            <Notice title="Used or expired?">An administrator can make a new link under Users.</Notice>
          ) : null}
          <Button type="submit" size="sm" loading={setup.isPending}>
            {props.first ? 'Make the account and sign in' : 'Set the password and sign in'}
          </Button>
        </Stack>
      </form>
    </AccessCard>
  );
}
