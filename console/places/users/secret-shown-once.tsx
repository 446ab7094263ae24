import { Button, CopyButton, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Notice } from '../../parts/notice.tsx';

/** A link or token in the one moment that it can be seen; it closes only on purpose. */
export function SecretShownOnce(props: {
  title: string;
  value: string | undefined;
  label: string;
  explain: string;
  onClose: () => void;
}): ReactNode {
  return (
    <Modal
      opened={props.value !== undefined}
      onClose={props.onClose}
      title={props.title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size="lg"
    >
      <Stack gap="sm">
        <Notice tone="warn" title="Copy it now">
          {props.explain}
        </Notice>
        <TextInput
          label={props.label}
          readOnly
          value={props.value ?? ''}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onFocus={(event) => event.currentTarget.select()}
          data-autofocus
        />
        <Group justify="flex-end" gap="xs">
          <CopyButton value={props.value ?? ''}>
            {({ copied, copy }) => (
              <Button leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={props.onClose}>
            I have kept it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
