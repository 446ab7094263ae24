import { Button } from '@mantine/core';
import { IconPlus, IconStack } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { formatMany } from '../../parts/format.ts';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { Loading, Page } from '../../parts/page.tsx';
import classes from './environments.module.css';
import { KIND_WORDS } from './kinds.ts';

export function EnvironmentsPage(): ReactNode {
  const read = useRead('listEnvironments', {});
  const mayAdd = useMay('environments.write');
  const add = mayAdd ? (
    <Button component={Link} to="/settings/integrations/environments/new" leftSection={<IconPlus size={14} />}>
      Add new environment
    </Button>
  ) : undefined;
  return (
    <Page
      title="Environments"
      purpose="Where systems are built, tried and run. Settings, credentials and systems belong to one environment."
      action={add}
    >
      <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
      {read.isPending ? <Loading label="Loading environments" /> : null}
      {read.data?.items.length === 0 ? (
        <div className="panel">
          <EmptyState icon={IconStack} title="No environments yet" action={add}>
            Most practices have three: Development to build in, Test to accept in, Production for real patients.
          </EmptyState>
        </div>
      ) : null}
      <div className={classes['cards']}>
        {(read.data?.items ?? []).map((each) => (
          <Link
            key={each.id}
            to="/settings/integrations/environments/$id"
            params={{ id: each.id }}
            className={`panel ${classes['card']}`}
            style={{ '--kind': `var(--ps-env-${each.kind})` } as never}
          >
            <span className={classes['name']}>{each.name}</span>
            <span className="quiet">
              {each.name === KIND_WORDS[each.kind] ? '' : `${KIND_WORDS[each.kind]} · `}
              {formatMany(each.system_count, 'system')} · {formatMany(each.parameters.length, 'documented parameter')}
            </span>
            {each.note === '' ? null : <span>{each.note}</span>}
          </Link>
        ))}
      </div>
    </Page>
  );
}
