import type { ReactNode } from 'react';
import { formatMany } from './format.ts';
import { StateMark } from './state-mark.tsx';

export type ExpiryState = 'fine' | 'soon' | 'near' | 'urgent' | 'expired';

const LOOKS = { fine: 'ok', soon: 'warning', near: 'warning', urgent: 'failing', expired: 'failing' } as const;

/** When something expires, in words: `expires in 12 days`. */
export function expiryWords(daysLeft: number, state: ExpiryState): string {
  if (state === 'expired') return 'expired';
  return daysLeft === 0 ? 'expires within a day' : `expires in ${formatMany(daysLeft, 'day')}`;
}

/** How long a certificate still lasts, as icon, words and colour. */
export function ExpiryMark(props: { daysLeft: number; state: ExpiryState; at: string }): ReactNode {
  const words = expiryWords(props.daysLeft, props.state);
  return (
    <StateMark
      state={LOOKS[props.state]}
      word={words.charAt(0).toUpperCase() + words.slice(1)}
      reason={`Until ${props.at.slice(0, 10)} (UTC).`}
    />
  );
}
