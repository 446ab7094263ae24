import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import type { MappingDraftInput } from '../../../src/contract/feed-analysis.ts';
import { useChange } from '../../api/use-api.ts';
import { formatMany } from '../../parts/format.ts';
import { ErrorNotice } from '../../parts/notice.tsx';

/** Stores the draft as the system's mapping, after saying what that does. */
export function AcceptDialog(props: {
  opened: boolean;
  onClose: () => void;
  systemName: string;
  systemId: string;
  input: MappingDraftInput;
  changes: number;
  onAccepted: () => void;
}): ReactNode {
  const [note, setNote] = useState('');
  const change = useChange('acceptMapping', ['getMapping', 'listSystems', 'getSystem']);
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Use this mapping" size="md">
      <Stack gap="sm">
        <div>
          Stores a new version of the field mapping of {props.systemName} with {formatMany(props.changes, 'change')}. It
          is in force for every message from now on; messages that were processed stay as they are, and can be replayed.
        </div>
        <Textarea
          label="Note"
          description="Kept in the audit log. Do not name patients here."
          value={note}
          maxLength={1000}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <ErrorNotice error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            loading={change.isPending}
            onClick={() =>
              change.mutate(
                { params: { id: props.systemId }, body: { draft: props.input, note } },
                {
                  onSuccess: ({ key, version }) => {
                    notifications.show({ message: `${key} version ${version} is in force.` });
                    props.onAccepted();
                  },
                },
              )
            }
          >
            Use this mapping
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
