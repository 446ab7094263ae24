import { Modal, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMemo, useState, type ReactNode } from 'react';
import type { MessageDetail } from '../../../src/contract/messages.ts';
import { useChange } from '../../api/use-api.ts';
import { FormActions } from '../../parts/form-actions.tsx';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { useTypedConfirmation } from '../../parts/typed-confirmation.tsx';
import { charsetLabel, fromBase64, toBase64 } from './bytes.ts';
import { DiffView } from './diff-view.tsx';
import { FailureView } from './failure-view.tsx';
import { draftOf, encodeDraft } from './repair.ts';
import classes from './tracer.module.css';

const TOUCHES = ['getMessage', 'searchMessages', 'listErrorGroups', 'listGroupMessages', 'dashboard'] as const;

/** Edits the content of a stored message and has it processed; the original is kept and linked. */
export function RepairDialog(props: { message: MessageDetail; opened: boolean; onClose: () => void }): ReactNode {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="min(1100px, 92vw)"
      title={`Repair ${props.message.type} ${props.message.control_id}`}
      closeOnClickOutside={false}
    >
      {props.opened ? <RepairForm message={props.message} onClose={props.onClose} /> : null}
    </Modal>
  );
}

function RepairForm(props: { message: MessageDetail; onClose: () => void }): ReactNode {
  const { message } = props;
  const charset = charsetLabel(message.charset);
  const typed = useTypedConfirmation(message.environment_id);
  const draft = useMemo(
    () => draftOf(fromBase64(message.repaired_base64 ?? message.raw_base64), charset),
    [message.repaired_base64, message.raw_base64, charset],
  );
  const [text, setText] = useState(draft.text);
  const [reason, setReason] = useState('');
  const replay = useChange('replayMessage', TOUCHES);
  const encoded = useMemo(() => encodeDraft(text, draft, charset), [text, draft, charset]);
  const changed = text !== draft.text;
  const ready = changed && 'bytes' in encoded && reason.trim() !== '' && typed.confirmed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        replay.mutate(
          { params: { id: message.id }, body: { reason: reason.trim(), repaired_base64: toBase64(encoded.bytes) } },
          {
            onSuccess: () => {
              notifications.show({ message: 'The repaired message is being processed.' });
              props.onClose();
            },
          },
        );
      }}
    >
      <Stack gap="sm">
        {message.failure === null ? null : <FailureView failure={message.failure} />}
        <label htmlFor="repair-content" className="quiet">
          One segment a line. Control characters are shown as pictures and turned back; the segment ends stay as they
          were on the wire. The original is kept.
        </label>
        <textarea
          id="repair-content"
          className={classes['editor']}
          value={text}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          rows={Math.min(18, Math.max(8, text.split('\n').length + 1))}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {'problem' in encoded ? <Notice tone="fail" title={encoded.problem} /> : null}
        {changed ? (
          <>
            <strong>What changes</strong>
            <DiffView before={draft.text} after={text} />
          </>
        ) : (
          <p className="quiet">Nothing is changed yet.</p>
        )}
        <Textarea
          label="Reason"
          description="Kept in the audit log. Do not name patients here."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          required
        />
        {typed.field}
        <ErrorNotice error={replay.error} />
        <FormActions
          submit="Process the repaired message"
          onCancel={props.onClose}
          pending={replay.isPending}
          disabled={!ready}
        />
      </Stack>
    </form>
  );
}
