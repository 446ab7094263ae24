import { IconCheck } from '@tabler/icons-react';
import { useClipboard } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './copy-id.module.css';

/** An id in the wire face that copies itself on click. */
export function CopyId(props: { value: string; label: string; tabIndex?: number }): ReactNode {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <button
      type="button"
      className={classes['copy']}
      title={clipboard.copied ? 'Copied' : `Copy ${props.label}`}
      aria-label={`${props.label} ${props.value}, copy`}
      tabIndex={props.tabIndex}
      onClick={() => clipboard.copy(props.value)}
    >
      <span className={classes['text']}>{props.value}</span>
      {clipboard.copied ? <IconCheck size={12} aria-hidden /> : null}
      <span role="status" className="visually-hidden">
        {clipboard.copied ? 'Copied' : ''}
      </span>
    </button>
  );
}
