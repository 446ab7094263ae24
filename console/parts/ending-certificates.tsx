import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Dashboard } from '../../src/contract/dashboard.ts';
import { useMay } from '../api/use-session.ts';
import { expiryWords } from './expiry-mark.tsx';
import { Notice } from './notice.tsx';

/** Certificates that come to their end, for the pages that say what needs a look. */
export function EndingCertificates(props: { ending: Dashboard['ending'] }): ReactNode {
  const maySee = useMay('credentials.read');
  const used = props.ending.filter(({ used_by: uses }) => uses.length > 0);
  const [first] = used;
  if (first === undefined) return null;
  const over = used.some(({ state }) => state === 'expired');
  const pressing = over || used.some(({ state }) => state === 'urgent');
  return (
    <Notice
      tone={pressing ? 'fail' : first.state === 'soon' ? 'info' : 'warn'}
      title={over ? 'Certificates have expired' : 'Certificates come to their end'}
    >
      {used.slice(0, 5).map((each, at) => (
        <span key={each.id}>
          {at === 0 ? '' : '; '}
          {maySee ? (
            <Link to="/settings/integrations/credentials" search={{ credential: each.id } as never}>
              {each.name}
            </Link>
          ) : (
            each.name
          )}{' '}
          {expiryWords(each.days_left, each.state)} ({each.used_by.join(', ')})
        </span>
      ))}
      {used.length > 5 ? ` and ${used.length - 5} more.` : '.'}
    </Notice>
  );
}
