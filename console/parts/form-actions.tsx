import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';

/** The end of a form: leave it, or send it. */
export function FormActions(props: {
  submit: string;
  onCancel: () => void;
  pending: boolean;
  disabled?: boolean;
  dangerous?: boolean;
}): ReactNode {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={props.onCancel}>
        Cancel
      </Button>
      <Button
        type="submit"
        {...(props.dangerous === true ? { color: 'red' } : {})}
        disabled={props.disabled === true}
        loading={props.pending}
      >
        {props.submit}
      </Button>
    </Group>
  );
}
