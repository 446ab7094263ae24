import { Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FormActions } from './form-actions.tsx';
import { ErrorNotice } from './notice.tsx';
import { useTypedConfirmation } from './typed-confirmation.tsx';

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** The effect, with its numbers: "Replays 214 messages to NextGen Production." */
  readonly effect: ReactNode;
  readonly actionLabel: string;
  readonly dangerous?: boolean;
  /** The environment it happens in; in Production its name has to be typed. */
  readonly environmentId: string | undefined;
  /** Asks for a reason, which goes to the audit log. */
  readonly reason?: 'required';
  readonly pending: boolean;
  readonly error: unknown;
  readonly onConfirm: (reason: string) => void;
}

/** A question before something that can't be taken back: names the effect, takes a reason, and in Production a typed word. */
export function Confirm(props: ConfirmProps): ReactNode {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size="md">
      {props.opened ? <ConfirmBody {...props} /> : null}
    </Modal>
  );
}

function ConfirmBody(props: ConfirmProps): ReactNode {
  const typed = useTypedConfirmation(props.environmentId);
  const [reason, setReason] = useState('');
  const ready = (props.reason === undefined || reason.trim() !== '') && typed.confirmed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) props.onConfirm(reason.trim());
      }}
    >
      <Stack gap="sm">
        <Text size="sm" component="div">
          {props.effect}
        </Text>
        {props.reason === undefined ? null : (
          <Textarea
            label="Reason"
            description="Kept in the audit log. Do not name patients here."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={1000}
            autosize
            minRows={2}
            required
            data-autofocus
          />
        )}
        {typed.field}
        <ErrorNotice error={props.error} />
        <FormActions
          submit={props.actionLabel}
          onCancel={props.onClose}
          pending={props.pending}
          disabled={!ready}
          dangerous={props.dangerous === true}
        />
      </Stack>
    </form>
  );
}
