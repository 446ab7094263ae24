import { Button } from '@mantine/core';
import { IconCertificate, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { credentialColumns } from './credential-columns.tsx';
import { CredentialDrawer } from './credential-drawer.tsx';

const HERE = '/settings/integrations/credentials';

export function CredentialsPage(): ReactNode {
  const search = useSearch({ from: '/frame/settings/integrations/credentials' });
  const navigate = useNavigate();
  const { filter, current } = useEnvironment();
  const mayAdd = useMay('credentials.write');
  const read = useRead('listCredentials', { query: filter }, { keep: true });
  const open = (credential: string | undefined): void =>
    void navigate({ from: HERE, search: (old) => ({ ...old, credential }) });
  const add = mayAdd ? (
    <Button leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      Add new credential
    </Button>
  ) : undefined;
  return (
    <Page
      title="Credentials"
      purpose="The vault: certificates with their keys, and the authorities we trust. A secret goes in and is never shown again."
      full
      action={add}
    >
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="credentials"
          rows={read.data?.items}
          columns={credentialColumns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          error={read.data === undefined ? read.error : null}
          onRetry={() => void read.refetch()}
          sort={search.sort}
          onSort={(sort) => void navigate({ from: HERE, search: (old) => ({ ...old, sort }), replace: true })}
          onOpen={(row) => open(row.id)}
          openKey={search.credential}
          empty={
            <EmptyState
              icon={IconCertificate}
              title={current === undefined ? 'No credentials yet' : `No credentials in ${current.name} yet`}
              action={add}
            >
              A listener with TLS shows a server certificate from here, and trusts the authorities of a bundle. Upload
              one, let the program make one, or request one from your authority.
            </EmptyState>
          }
        />
      </div>
      <CredentialDrawer asked={search.credential} onClose={() => open(undefined)} onSaved={(id) => open(id)} />
    </Page>
  );
}
