import { Button, CopyButton, Group, SegmentedControl } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import classes from './hl7.module.css';
import { bashCommand, nodeProgram, sampleMessage } from './sample.ts';

const FORMS = [
  { value: 'bash', label: 'bash' },
  { value: 'node', label: 'Node.js' },
  { value: 'message', label: 'Message alone' },
] as const;
type Form = (typeof FORMS)[number]['value'];

const HINTS: Readonly<Record<Form, string>> = {
  bash: 'Paste it into a terminal: it prints the acknowledgment.',
  node: 'Save it as sample.mjs, then run “node sample.mjs”: it prints the acknowledgment.',
  message: 'For an MLLP client of your own; each line is a segment.',
};

/** A registration of an invented patient, ready to copy in the form that is at hand. */
export function SendSample(props: { host: string; port: number; tls: boolean }): ReactNode {
  const { host, port, tls } = props;
  const [form, setForm] = useState<Form>('bash');
  const [now] = useState(() => new Date());
  const text = useMemo(() => {
    if (form === 'bash') return bashCommand(host, port, now, tls);
    return form === 'node' ? nodeProgram(host, port, now, tls) : sampleMessage(now).join('\n');
  }, [form, host, port, now, tls]);
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <h3>Send a sample</h3>
        <Group gap="xs">
          <SegmentedControl aria-label="Form of the sample" value={form} onChange={setForm} data={[...FORMS]} />
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Group>
      <ScrollBox label="Sample" className={classes['command']}>
        {text}
      </ScrollBox>
      <p className="quiet" style={{ marginTop: 4 }}>
        An invented patient. {HINTS[form]}
      </p>
    </div>
  );
}
