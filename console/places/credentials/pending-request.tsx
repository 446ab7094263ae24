import { Button, Group, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import { useChange } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { saveText } from './save-text.ts';

/** A request that waits for its certificate, and the place to bring it to. */
export function PendingRequest(props: {
  credential: Credential;
  pending: NonNullable<Credential['pending']>;
}): ReactNode {
  const { credential, pending } = props;
  const mayWrite = useMay('credentials.write');
  const complete = useChange('completeCredential', ['listCredentials', 'getCredential', 'dashboard']);
  const [text, setText] = useState('');
  return (
    <Stack gap="sm">
      <Notice title="Waits for its certificate">
        Hand the request to your authority. Its key was made here and does not leave.
      </Notice>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveText(`${credential.key}.csr`, pending.request)}
        >
          Certificate request
        </Button>
      </Group>
      {mayWrite ? (
        <>
          <Textarea
            label="The certificate that came, and those that issued it"
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={3}
            maxRows={8}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <ErrorNotice error={complete.error} />
          <Group justify="flex-end">
            <Button
              loading={complete.isPending}
              disabled={text.trim() === ''}
              onClick={() =>
                complete.mutate(
                  { params: { id: credential.id }, body: { version: credential.version, certificates: text } },
                  { onSuccess: () => notifications.show({ message: `${credential.name} is in force.` }) },
                )
              }
            >
              Put in force
            </Button>
          </Group>
        </>
      ) : null}
    </Stack>
  );
}
