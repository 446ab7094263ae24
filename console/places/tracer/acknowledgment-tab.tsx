import type { ReactNode } from 'react';
import type { MessageDetail } from '../../../src/contract/messages.ts';

const SENT_WORDS = { sent: 'Sent', 'not-sent': 'Not sent', pending: 'Not sent yet' } as const;
const WHEN_WORDS = {
  commit: ', when the message was stored',
  processed: ', when the message was processed',
  none: '',
} as const;

/** What the sender was told, when, and whether it reached him. */
export function AcknowledgmentTab(props: { message: MessageDetail }): ReactNode {
  const ack = props.message.acknowledgment;
  return (
    <dl className="facts">
      <dt>Code</dt>
      <dd>{ack.code === '' ? <span className="quiet">none</span> : <code>{ack.code}</code>}</dd>
      <dt>Meaning</dt>
      <dd>{ack.text}</dd>
      <dt>Sent</dt>
      <dd>
        {SENT_WORDS[ack.sent]}
        {ack.sent === 'sent' ? WHEN_WORDS[ack.when] : ''}
      </dd>
    </dl>
  );
}
