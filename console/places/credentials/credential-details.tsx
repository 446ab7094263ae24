import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconRefresh, IconTestPipe, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useChange } from '../../api/use-api.ts';
import type { Answer } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { CertificateList } from './certificate-list.tsx';
import { CredentialState } from './credential-columns.tsx';
import { KIND_WORDS } from './kinds.ts';
import { PendingRequest } from './pending-request.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { saveText } from './save-text.ts';
import { VersionHistory } from './version-history.tsx';

const RESULTS = { ok: 'ok', warning: 'warning', failed: 'failed' } as const;

/** What is known of a credential without its secret, and what can be done with it. */
export function CredentialDetails(props: { credential: Answer<'getCredential'>; onRemoved: () => void }): ReactNode {
  const { credential } = props;
  const { active } = credential;
  const mayWrite = useMay('credentials.write');
  const test = useChange('testCredential');
  const remove = useChange('deleteCredential', ['listCredentials']);
  const [rotating, rotation] = useDisclosure(false);
  const [removing, removal] = useDisclosure(false);
  return (
    <Stack gap="md">
      <Group gap="md">
        <CredentialState credential={credential} />
        <span>{KIND_WORDS[credential.kind]}</span>
        <code>{credential.key}</code>
      </Group>
      {credential.note === '' ? null : <div>{credential.note}</div>}
      {active === null ? null : (
        <div>
          In force since <Time at={active.since} />, by {active.by}.{' '}
          {credential.used_by.length === 0 ? (
            'Nothing uses it.'
          ) : (
            <>
              Used by{' '}
              {credential.used_by.map((use, at) => (
                <span key={use.id}>
                  {at === 0 ? '' : ', '}
                  <Link to="/settings/integrations/hl7" search={{ listener: use.id } as never}>
                    {use.name}
                  </Link>
                </span>
              ))}
              .
            </>
          )}
        </div>
      )}
      {credential.pending === null ? null : <PendingRequest credential={credential} pending={credential.pending} />}
      {active === null ? null : <CertificateList certificates={active.certificates} />}
      {test.data === undefined ? null : (
        <table className="plain">
          <caption className="visually-hidden">What was tried</caption>
          <tbody>
            {test.data.steps.map((step) => (
              <tr key={step.name}>
                <td>
                  <StateMark state={RESULTS[step.result]} word={step.name} reason={step.detail} />
                </td>
                <td>{step.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ErrorNotice error={test.error} />
      <Group gap="xs">
        {active === null ? null : (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveText(`${credential.key}.pem`, active.pem)}
          >
            Certificate
          </Button>
        )}
        {mayWrite ? (
          <>
            <Button
              variant="default"
              leftSection={<IconTestPipe size={14} />}
              loading={test.isPending}
              onClick={() => test.mutate({ params: { id: credential.id } })}
            >
              Test
            </Button>
            <Button leftSection={<IconRefresh size={14} />} onClick={rotation.open}>
              Replace
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={14} />}
              disabled={credential.used_by.length > 0}
              onClick={removal.open}
            >
              Remove
            </Button>
          </>
        ) : null}
      </Group>
      {mayWrite && credential.used_by.length > 0 ? (
        <Notice title="It is in use">
          Replacing it takes effect at once for new connections, and open ones go on. To remove it, give those that use
          it another one first.
        </Notice>
      ) : null}
      <VersionHistory versions={credential.history} />
      <RotateDialog key={credential.version} credential={credential} opened={rotating} onClose={rotation.close} />
      <Confirm
        opened={removing}
        onClose={removal.close}
        title={`Remove ${credential.name}`}
        effect="Removes the credential with its private key, which cannot be had back from here."
        actionLabel="Remove"
        dangerous
        environmentId={credential.environment_id}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: credential.id } }, { onSuccess: props.onRemoved })}
      />
    </Stack>
  );
}
