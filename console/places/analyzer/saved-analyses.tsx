import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { SavedAnalysis } from '../../../src/contract/feed-analysis.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { formatCount } from '../../parts/format.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import classes from './analyzer.module.css';

/** Analyses that somebody kept. */
export function SavedAnalyses(): ReactNode {
  const read = useRead('listFeedAnalyses', {});
  const remove = useChange('deleteFeedAnalysis', ['listFeedAnalyses']);
  const mayRemove = useMay('systems.write');
  const [asked, setAsked] = useState<SavedAnalysis | undefined>();
  const items = read.data?.items ?? [];
  if (read.error !== null) return <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />;
  if (items.length === 0) return null;
  return (
    <Section title="Saved analyses">
      <div className={classes['scroll']}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">System</th>
              <th scope="col">From</th>
              <th scope="col" className="number">
                Messages
              </th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td>
                  <Link to="." search={(old: object) => ({ ...old, analysis: item.id, tab: undefined })}>
                    {item.name}
                  </Link>
                </td>
                <td>{item.system_name}</td>
                <td>{item.source}</td>
                <td className="number">{formatCount(item.messages)}</td>
                <td>
                  <Ago at={item.made_at} /> by {item.made_by}
                </td>
                <td className="number">
                  {mayRemove ? (
                    <ActionIcon aria-label={`Remove ${item.name}`} onClick={() => setAsked(item)}>
                      <IconTrash size={15} />
                    </ActionIcon>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Remove this analysis"
        effect={`Removes “${asked?.name ?? ''}” for everybody. Mappings that were made from it stay.`}
        actionLabel="Remove"
        dangerous
        environmentId={undefined}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          asked !== undefined && remove.mutate({ params: { id: asked.id } }, { onSuccess: () => setAsked(undefined) })
        }
      />
    </Section>
  );
}
