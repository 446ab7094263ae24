import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page.tsx';
import { CredentialDetails } from './credential-details.tsx';
import { NewCredentialForm } from './new-credential-form.tsx';

/** The details of one credential, or the form for a new one. */
export function CredentialDrawer(props: {
  asked: string | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}): ReactNode {
  const { current } = useEnvironment();
  const adding = props.asked === 'new';
  const id = props.asked ?? '0';
  const read = useRead('getCredential', { params: { id } }, { enabled: props.asked !== undefined && !adding });
  return (
    <Drawer
      opened={props.asked !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title={adding ? 'Add new credential' : (read.data?.name ?? 'Credential')}
    >
      {adding ? (
        <NewCredentialForm key={current?.id ?? ''} onCancel={props.onClose} onSaved={props.onSaved} />
      ) : read.error !== null ? (
        <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
      ) : read.data === undefined ? (
        <Loading label="Loading the credential" />
      ) : (
        <CredentialDetails key={read.data.id} credential={read.data} onRemoved={props.onClose} />
      )}
    </Drawer>
  );
}
