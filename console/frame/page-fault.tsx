import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState, ErrorNotice } from '../parts/notice.tsx';

/** Shown in place of a page that could not be drawn or whose first read failed. */
export function PageFault(props: { error: unknown; reset?: () => void }): ReactNode {
  const router = useRouter();
  return (
    <div style={{ padding: 20, maxWidth: 760 }}>
      <ErrorNotice
        error={props.error}
        onRetry={() => {
          props.reset?.();
          void router.invalidate();
        }}
      />
    </div>
  );
}

/** The same where not even the frame could be drawn. */
export function ProgramFault(props: { error: unknown; reset?: () => void }): ReactNode {
  return (
    <main>
      <h1 className="visually-hidden">Practice Studio Integrations</h1>
      <PageFault {...props} />
    </main>
  );
}

export function NotFound(): ReactNode {
  return (
    <main>
      <h1 className="visually-hidden">No such page</h1>
      <EmptyState
        title="There is no such page"
        action={
          <Button component={Link} to="/">
            Go to the start page
          </Button>
        }
      >
        The address may be mistyped, or what it showed was removed.
      </EmptyState>
    </main>
  );
}
