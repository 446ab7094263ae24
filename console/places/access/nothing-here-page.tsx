import type { ReactNode } from 'react';
import { useSession } from '../../api/use-session.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { ROLE_WORDS } from '../../parts/states.ts';

/** For a role none of whose places is in this release. */
export function NothingHerePage(): ReactNode {
  const { user } = useSession();
  return (
    <Page title="Welcome" purpose="You are signed in.">
      <div className="panel">
        <EmptyState title={`Nothing here yet for the role ${ROLE_WORDS[user.role]}`}>
          The places of your role are not part of this release. An administrator can give you another role.
        </EmptyState>
      </div>
    </Page>
  );
}
