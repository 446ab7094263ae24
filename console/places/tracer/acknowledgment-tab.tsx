import type { ReactNode } from 'react';
import type { MessageDetail } from '../../../src/contract/messages.ts';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import classes from './tracer.module.css';

const SENT_WORDS = { sent: 'sent', 'not-sent': 'not sent', pending: 'not sent yet' } as const;
const WHEN_WORDS = {
  commit: 'when the message was stored',
  processed: 'when it was processed',
  none: 'not asked for',
} as const;
const MEANINGS: Readonly<Record<string, string>> = {
  AA: 'accepted',
  AE: 'error in the content',
  AR: 'rejected',
  CA: 'accepted for keeping',
  CE: 'error, not kept',
  CR: 'rejected, not kept',
};

/** What the sender was told: code, moment, and the text as it went out. */
export function AcknowledgmentTab(props: { message: MessageDetail }): ReactNode {
  const ack = props.message.acknowledgment;
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      <dl className="facts">
        <dt>Code</dt>
        <dd>
          <code>{ack.code === '' ? '–' : ack.code}</code> {MEANINGS[ack.code] ?? ''}
        </dd>
        <dt>Sent</dt>
        <dd>
          {SENT_WORDS[ack.sent]}, {WHEN_WORDS[ack.when]}
        </dd>
      </dl>
      {ack.text === '' ? null : (
        <ScrollBox className={`mono ${classes['json']}`} label="Acknowledgment as sent">
          {ack.text.replaceAll('\r', '\n')}
        </ScrollBox>
      )}
    </div>
  );
}
