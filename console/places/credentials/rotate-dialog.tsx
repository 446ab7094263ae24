import { Button, Group, Modal, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import { fieldErrors } from '../../api/api-error.ts';
import { useChange } from '../../api/use-api.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { SourceFields } from './source-fields.tsx';
import { sourceLike, toSource } from './source.ts';

/** Another certificate and key in place of those in force. */
export function RotateDialog(props: { credential: Credential; opened: boolean; onClose: () => void }): ReactNode {
  const { credential } = props;
  const rotate = useChange('rotateCredential', ['listCredentials', 'getCredential', 'listListeners', 'dashboard']);
  const [draft, setDraft] = useState(() => sourceLike(credential));
  const source = toSource(draft, credential.kind);
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={`Replace ${credential.name}`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof source === 'string') return;
          rotate.mutate(
            { params: { id: credential.id }, body: { version: credential.version, source } },
            {
              onSuccess: (made) => {
                const waits = made.pending !== null;
                notifications.show({ message: waits ? 'The request is made.' : `${made.name} is replaced.` });
                props.onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <p className="quiet">
            New connections get the new one at once, open ones go on. The key in force is erased when it is replaced;
            with a request it stays until the certificate has come.
          </p>
          <SourceFields
            kind={credential.kind}
            draft={draft}
            errors={rotate.error === null ? {} : fieldErrors(rotate.error)}
            onChange={(change) => setDraft((old) => ({ ...old, ...change }))}
          />
          <ErrorNotice error={rotate.error} />
          <Group justify="flex-end" gap="xs">
            {typeof source === 'string' ? <span className="quiet">{source}</span> : null}
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rotate.isPending} disabled={typeof source === 'string'}>
              Replace
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
