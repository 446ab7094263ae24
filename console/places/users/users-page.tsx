import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../api/use-session.ts';
import { Page } from '../../parts/page.tsx';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { UsersTab } from './users-tab.tsx';

export function UsersPage(): ReactNode {
  const search = useSearch({ from: '/frame/settings/users' });
  const navigate = useNavigate();
  const mayTokens = useMay('tokens.manage');
  const tab = search.tab ?? 'users';
  const set = (change: Partial<typeof search>): void =>
    void navigate({ from: '/settings/users', search: (old) => ({ ...old, ...change }), replace: true });
  const close = (): void => set({ dialog: undefined });
  return (
    <Page
      title="Users"
      purpose="Who may sign in and in which role, and which programs may use the API."
      full
      action={
        tab === 'users' ? (
          <Button leftSection={<IconPlus size={14} />} onClick={() => set({ dialog: 'invite' })}>
            Invite a user
          </Button>
        ) : (
          <Button leftSection={<IconPlus size={14} />} onClick={() => set({ dialog: 'token' })}>
            Create an API token
          </Button>
        )
      }
    >
      <TabsPanel
        label="Users and tokens"
        value={tab}
        onChange={(next) => set({ tab: next === 'users' ? undefined : next, dialog: undefined })}
        full
        tabs={[
          {
            value: 'users',
            label: 'Users',
            content: <UsersTab inviting={search.dialog === 'invite'} onClose={close} />,
          },
          ...(mayTokens
            ? [
                {
                  value: 'tokens' as const,
                  label: 'API tokens',
                  content: <TokensTab creating={search.dialog === 'token'} onClose={close} />,
                },
              ]
            : []),
        ]}
      />
    </Page>
  );
}
