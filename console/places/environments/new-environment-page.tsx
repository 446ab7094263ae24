import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useChange } from '../../api/use-api.ts';
import { Page, Section } from '../../parts/page.tsx';
import { EnvironmentForm } from './environment-form.tsx';

export function NewEnvironmentPage(): ReactNode {
  const navigate = useNavigate();
  const create = useChange('createEnvironment', ['listEnvironments']);
  return (
    <Page
      title="Add new environment"
      purpose="A place of its own for systems, settings and credentials."
      crumbs={[{ label: 'Environments', to: '/settings/integrations/environments' }]}
      narrow
    >
      <Section title="The environment">
        <EnvironmentForm
          submitLabel="Add environment"
          pending={create.isPending}
          error={create.error}
          onCancel={() => void navigate({ to: '/settings/integrations/environments' })}
          onSubmit={(body, refused) =>
            create.mutate(
              { body },
              {
                onError: refused,
                onSuccess: ({ id, name }) => {
                  notifications.show({ message: `${name} added.` });
                  void navigate({ to: '/settings/integrations/environments/$id', params: { id } });
                },
              },
            )
          }
        />
      </Section>
    </Page>
  );
}
