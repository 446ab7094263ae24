import { Button, Group, Select, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconBan, IconPencil, IconRefresh } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import type { ErrorGroup } from '../../../src/contract/errors.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment, useFollowEnvironment } from '../../frame/environment.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { formatCount, formatMany } from '../../parts/format.ts';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Loading, Page, Section } from '../../parts/page.tsx';
import { CAUSE_WORDS } from '../../parts/states.ts';
import { Ago, Time } from '../../parts/time.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { usePages } from '../../table/use-pages.ts';
import { charsetLabel, fromBase64 } from '../tracer/bytes.ts';
import { messageColumns } from '../tracer/message-columns.tsx';
import { RawView } from '../tracer/raw-view.tsx';
import { RepairDialog } from '../tracer/repair-dialog.tsx';
import { nodeOf, pathOfPlace } from '../tracer/tree.ts';
import classes from './errors.module.css';

const CRUMBS = [{ label: 'Error management', to: '/settings/integrations/errors' }] as const;
const TOUCHES = ['listErrorGroups', 'listGroupMessages', 'searchMessages', 'getMessage', 'dashboard'] as const;

/** One group of alike failures: what, where, who has to act, a sample, and what to do with one, some or all. */
export function ErrorGroupPage(): ReactNode {
  const { fingerprint } = useParams({ from: '/frame/settings/integrations/errors/$fingerprint' });
  // Of all environments: a link to a group must work whatever environment was chosen.
  const read = useRead('listErrorGroups', { query: {} }, { refetchInterval: 10_000 });
  const group = read.data?.items.find((each) => each.fingerprint === fingerprint);
  useFollowEnvironment(group?.environment_id);
  if (group === undefined) {
    return (
      <Page title="Error group" purpose="Alike failures of one system." crumbs={CRUMBS}>
        {read.error !== null ? (
          <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
        ) : read.data === undefined ? (
          <Loading label="Loading the group" />
        ) : (
          <div className="panel">
            <EmptyState
              title="This group has no open errors any more"
              action={
                <Button component={Link} to="/settings/integrations/errors">
                  Show what is open
                </Button>
              }
            >
              They were replayed or discarded. The messages stay in the message tracer.
            </EmptyState>
          </div>
        )}
      </Page>
    );
  }
  return <GroupView group={group} />;
}

function GroupView(props: { group: ErrorGroup }): ReactNode {
  const { group } = props;
  const { failure, fingerprint } = group;
  const navigate = useNavigate();
  const { byId } = useEnvironment();
  const mayResolve = useMay('errors.resolve');
  const environment = byId(group.environment_id)?.name ?? 'its environment';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<'replay' | 'discard'>();
  const replay = useChange('replayErrorGroup', TOUCHES);
  const discard = useChange('discardErrorGroup', TOUCHES);
  const pages = usePages('listGroupMessages', fingerprint, (cursor) => ({
    params: { fingerprint },
    query: cursor === undefined ? { limit: 200 } : { limit: 200, cursor },
  }));
  const some = selected.size > 0;
  const count = some ? selected.size : group.count;
  const messages = formatMany(count, 'message');
  const scope = some
    ? `${formatCount(selected.size)} selected`
    : group.count === 1
      ? 'it'
      : `all ${formatCount(group.count)}`;
  const acting = asking === 'discard' ? discard : replay;
  const confirm = (reason: string): void =>
    acting.mutate(
      { params: { fingerprint }, body: { reason, ...(some ? { message_ids: [...selected] } : {}) } },
      {
        onSuccess: (answer) => {
          setAsking(undefined);
          setSelected(new Set());
          notifications.show({
            message:
              asking === 'discard'
                ? `${formatMany(answer.count, 'message')} discarded; they stay stored.`
                : `${formatMany(answer.count, 'message')} being processed again.`,
          });
        },
      },
    );
  const open = (what: 'replay' | 'discard'): void => {
    replay.reset();
    discard.reset();
    setAsking(what);
  };
  return (
    <Page
      title={failure.sentence}
      documentTitle={CAUSE_WORDS[failure.cause]}
      purpose={`${CAUSE_WORDS[failure.cause]} in ${group.type} of ${group.system_name}`}
      crumbs={CRUMBS}
      action={
        mayResolve ? (
          <Group gap="xs">
            <Button variant="default" leftSection={<IconBan size={14} />} onClick={() => open('discard')}>
              Discard {scope}
            </Button>
            <Button leftSection={<IconRefresh size={14} />} onClick={() => open('replay')}>
              Replay {scope}
            </Button>
          </Group>
        ) : undefined
      }
    >
      <div className={classes['grid']}>
        <Section title="What, where, what to do">
          <dl className="facts">
            <dt>Open</dt>
            <dd>
              <strong style={{ color: 'var(--ps-fail)' }}>{formatMany(group.count, 'message')}</strong>
            </dd>
            <dt>Where</dt>
            <dd>{failure.place === null ? '–' : <code>{failure.place}</code>}</dd>
            <dt>What usually helps</dt>
            <dd>{failure.hint}</dd>
            <dt>Who has to act</dt>
            <dd>{group.who}</dd>
            <dt>First, last seen</dt>
            <dd>
              <Time at={group.first_at} />, <Time at={group.last_at} /> (<Ago at={group.last_at} />)
            </dd>
            <dt>Code</dt>
            <dd>
              <code>{failure.code}</code>
            </dd>
          </dl>
        </Section>
        <Ownership key={`${group.assigned_to?.id ?? ''} ${group.note}`} group={group} mayResolve={mayResolve} />
      </div>
      <Sample group={group} mayResolve={mayResolve} />
      <div className="panel" style={{ display: 'flex', minHeight: 220 }}>
        <DataTable
          name="messages"
          rows={pages.rows}
          columns={messageColumns}
          rowKey={(row) => row.id}
          rowLabel={(row) => `${row.type} ${row.control_id}`}
          error={pages.error}
          onRetry={pages.again}
          maxHeight={520}
          onOpen={(row) =>
            void navigate({ to: '/settings/integrations/diagnostics/tracer/$id', params: { id: row.id } })
          }
          {...(mayResolve ? { selected, onSelect: setSelected } : {})}
          bulk={
            <>
              <Button size="compact-xs" onClick={() => open('replay')}>
                Replay selected
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => open('discard')}>
                Discard selected
              </Button>
            </>
          }
          hasMore={pages.hasMore}
          loadingMore={pages.loadingMore}
          onMore={pages.more}
          summary={`${formatMany(group.count, 'open message')} of this group`}
          empty={<EmptyState title="No messages">They were replayed or discarded a moment ago.</EmptyState>}
        />
      </div>
      <Confirm
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === 'discard' ? `Discard ${messages}` : `Replay ${messages}`}
        effect={
          asking === 'discard'
            ? `Discards ${messages} of ${group.system_name} (${environment}): they are not processed and leave the error queue. They stay stored and can be replayed from the message tracer.`
            : `Replays ${messages} to ${group.system_name} (${environment}) with the mapping in force. What fails again comes back to this group.`
        }
        actionLabel={asking === 'discard' ? `Discard ${messages}` : `Replay ${messages}`}
        dangerous={asking === 'discard'}
        environmentId={group.environment_id}
        reason="required"
        pending={acting.isPending}
        error={acting.error}
        onConfirm={confirm}
      />
    </Page>
  );
}

function Ownership(props: { group: ErrorGroup; mayResolve: boolean }): ReactNode {
  const { group } = props;
  const colleagues = useRead('listColleagues', {}, { enabled: props.mayResolve, staleTime: 60_000 });
  const update = useChange('updateErrorGroup', ['listErrorGroups']);
  const [note, setNote] = useState(group.note);
  const save = (body: { assigned_to?: string | null; note?: string }): void =>
    update.mutate(
      { params: { fingerprint: group.fingerprint }, body },
      { onSuccess: () => notifications.show({ message: 'Saved.' }) },
    );
  return (
    <Section title="Who takes care">
      <Select
        label="Assigned to"
        placeholder="Nobody"
        clearable
        clearButtonProps={{ 'aria-label': 'Assign to nobody' }}
        disabled={!props.mayResolve || update.isPending}
        data={(colleagues.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
        value={group.assigned_to?.id ?? null}
        onChange={(next) => save({ assigned_to: next })}
      />
      <Textarea
        label="Note"
        description="What was found out, what was agreed. Do not name patients here."
        autosize
        minRows={2}
        maxRows={6}
        maxLength={4000}
        disabled={!props.mayResolve}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <ErrorNotice error={update.error} />
      {note === group.note ? null : (
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setNote(group.note)}>
            Undo
          </Button>
          <Button loading={update.isPending} onClick={() => save({ note })}>
            Save note
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Sample(props: { group: ErrorGroup; mayResolve: boolean }): ReactNode {
  const { group } = props;
  const mayRead = useMay('messages.raw');
  const read = useRead(
    'getMessage',
    { params: { id: group.sample_message_id } },
    { enabled: mayRead, staleTime: 600_000 },
  );
  const [repairing, repair] = useDisclosure(false);
  const message = read.data;
  const bytes = useMemo(() => (message === undefined ? undefined : fromBase64(message.raw_base64)), [message]);
  if (!mayRead) return null;
  const place = group.failure.place;
  const ids = message === undefined || place === null ? [] : pathOfPlace(message.tree, place);
  const last = ids.at(-1);
  const node = message === undefined || last === undefined ? undefined : nodeOf(message.tree, last);
  return (
    <Section
      title="One of them"
      action={
        message === undefined ? undefined : (
          <Group gap="xs">
            <Link to="/settings/integrations/diagnostics/tracer/$id" params={{ id: message.id }}>
              Open in the tracer
            </Link>
            {props.mayResolve ? (
              <Button variant="default" leftSection={<IconPencil size={14} />} onClick={repair.open}>
                Repair this one
              </Button>
            ) : null}
          </Group>
        )
      }
    >
      {read.error !== null ? <ErrorNotice error={read.error} onRetry={() => void read.refetch()} /> : null}
      {message === undefined || bytes === undefined ? (
        read.error === null ? (
          <Loading label="Loading a sample" lines={4} />
        ) : null
      ) : (
        <>
          {node === undefined ? null : (
            <p>
              <code>{node.path}</code> {node.name}{' '}
              <span className="mono">{node.value === undefined || node.value === '' ? '(empty)' : node.value}</span>
            </p>
          )}
          {message.tree_problem === null ? null : (
            <Notice tone="warn" title={message.tree.length === 0 ? 'No structure' : 'Only the beginning'}>
              {message.tree_problem}
            </Notice>
          )}
          <div className={classes['sample']}>
            <RawView
              bytes={bytes}
              charset={charsetLabel(message.charset)}
              label="Raw sample message"
              marked={node === undefined ? undefined : { start: node.start, end: node.end }}
            />
          </div>
          <RepairDialog message={message} opened={repairing} onClose={repair.close} />
        </>
      )}
    </Section>
  );
}
