import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconRefresh, IconX } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { MessageDetail } from '../../../src/contract/messages.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment, useFollowEnvironment } from '../../frame/environment.tsx';
import { countLines } from '../../parts/changes-table.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CopyId } from '../../parts/copy-id.tsx';
import { formatBytes, formatCount, formatMs } from '../../parts/format.ts';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { FLAG_WORDS } from '../../parts/states.ts';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { AcknowledgmentTab } from './acknowledgment-tab.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { ContentTab } from './content-tab.tsx';
import { FailureView } from './failure-view.tsx';
import { RepairDialog } from './repair-dialog.tsx';
import { StepsTab } from './steps-tab.tsx';
import classes from './tracer.module.css';

const FROM = '/frame/settings/integrations/diagnostics/tracer/$id';
const UNSETTLED = new Set(['queued', 'processing', 'retrying', 'held']);

/** The details of one message, right of the list, under an address of their own. */
export function MessagePanel(): ReactNode {
  const { id } = useParams({ from: FROM });
  const navigate = useNavigate();
  const mayRead = useMay('messages.raw');
  const read = useRead('getMessage', { params: { id } }, { enabled: mayRead, staleTime: 60_000 });
  // A message still on its way is read again until it has settled; each reading is in the audit log, so not often.
  const unsettled = read.data !== undefined && UNSETTLED.has(read.data.state);
  useRead(
    'getMessage',
    { params: { id } },
    { enabled: mayRead && unsettled, refetchInterval: unsettled ? 3_000 : false },
  );
  useFollowEnvironment(read.data?.environment_id);
  const close = (): void =>
    void navigate({ to: '/settings/integrations/diagnostics/tracer', search: (old: object) => old } as never);
  useHotkeys([['Escape', close]]);
  return (
    <section className={`panel ${classes['panel']}`} aria-label="Message">
      {read.data !== undefined ? (
        <MessageView key={read.data.id} message={read.data} onClose={close} />
      ) : (
        <>
          <div className={classes['panelHead']}>
            <div className={classes['panelTitle']} />
            <CloseButton onClose={close} />
          </div>
          <div className={classes['panelBody']}>
            {!mayRead ? (
              <EmptyState title="Your role does not see contents">
                You see that messages flow and in which state they are. What is in them is for integration engineers and
                administrators.
              </EmptyState>
            ) : read.error !== null ? (
              <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
            ) : (
              <Loading label="Loading the message" lines={9} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

function CloseButton(props: { onClose: () => void }): ReactNode {
  return (
    <Tooltip label="Close (Esc)">
      <ActionIcon aria-label="Close the message" onClick={props.onClose}>
        <IconX size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function MessageView(props: { message: MessageDetail; onClose: () => void }): ReactNode {
  const { message } = props;
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  const mayReplay = useMay('messages.replay');
  const maySeePatients = useMay('patients.read');
  const { byId } = useEnvironment();
  const replay = useChange('replayMessage', [
    'getMessage',
    'searchMessages',
    'listErrorGroups',
    'listGroupMessages',
    'dashboard',
  ]);
  const [replaying, replayDialog] = useDisclosure(false);
  const [repairing, repairDialog] = useDisclosure(false);
  const [place, setPlace] = useState<string | null>(message.failure?.place ?? null);
  const [jump, setJump] = useState(0);
  const setTab = (tab: 'content' | 'steps' | 'changes' | 'acknowledgment'): void =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, tab }), replace: true } as never);
  const toPlace = (next: string): void => {
    setPlace(next);
    setJump(jump + 1);
    setTab('content');
  };
  const changes = message.transactions.reduce((sum, each) => sum + countLines(each.changes), 0);
  return (
    <>
      <header className={classes['panelHead']}>
        <div className={classes['panelTitle']}>
          <div className={classes['titleLine']}>
            <h2 className="mono" style={{ fontSize: 14 }}>
              {message.type}
            </h2>
            <StateMark state={message.state} />
            {message.flags.map((flag) => (
              <span key={flag} className={classes['flag']} title={FLAG_WORDS[flag][1]}>
                {FLAG_WORDS[flag][0]}
              </span>
            ))}
          </div>
          <div className={classes['meta']}>
            <span>
              Control id <CopyId value={message.control_id} label="control id" />
            </span>
            <Time at={message.received_at} />
            <span>{message.system_name}</span>
            <span>
              {message.listener_name ?? 'no listener'}
              {message.peer === null ? '' : ` from ${message.peer}`}
            </span>
            <span>{formatBytes(message.size_bytes)}</span>
            <span>{message.processing_ms === null ? '' : `processed in ${formatMs(message.processing_ms)}`}</span>
            {message.patient_id !== null && message.patient_name !== null && maySeePatients ? (
              <Link to="/patients/$id" params={{ id: message.patient_id }}>
                {message.patient_name}
              </Link>
            ) : null}
            <span>
              Message id <CopyId value={message.id} label="message id" />
            </span>
          </div>
        </div>
        <div className={classes['actions']}>
          {mayReplay ? (
            <>
              <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={replayDialog.open}>
                Replay
              </Button>
              <Button
                variant={message.state === 'failed' ? 'filled' : 'default'}
                leftSection={<IconPencil size={14} />}
                onClick={repairDialog.open}
              >
                Repair
              </Button>
            </>
          ) : null}
          <CloseButton onClose={props.onClose} />
        </div>
      </header>
      <div className={classes['panelBody']}>
        {message.failure === null ? null : <FailureView failure={message.failure} onPlace={toPlace} />}
        {message.duplicate_of === null ? null : (
          <Notice title="A duplicate">
            The same message was received before and processed once:{' '}
            <Link to="/settings/integrations/diagnostics/tracer/$id" params={{ id: message.duplicate_of }}>
              show the first
            </Link>
            .
          </Notice>
        )}
        <TabsPanel
          label="Parts of the message"
          value={search.tab ?? 'content'}
          onChange={setTab}
          full
          tabs={[
            {
              value: 'content',
              label: 'Content',
              content: <ContentTab key={jump} message={message} place={place} />,
            },
            {
              value: 'steps',
              label: 'Steps',
              content: <StepsTab message={message} onPlace={toPlace} />,
            },
            { value: 'changes', label: 'Changes', count: changes, content: <ChangesTab message={message} /> },
            {
              value: 'acknowledgment',
              label: 'Acknowledgment',
              content: <AcknowledgmentTab message={message} />,
            },
          ]}
        />
      </div>
      <Confirm
        opened={replaying}
        onClose={replayDialog.close}
        title="Replay this message"
        effect={
          <>
            Processes 1 message of {message.system_name} ({byId(message.environment_id)?.name ?? 'its environment'})
            again with the mapping in force. What it changes is added to the patient’s history.
            <LaterMessages count={message.later_applied} />
          </>
        }
        actionLabel="Replay 1 message"
        environmentId={message.environment_id}
        reason="required"
        pending={replay.isPending}
        error={replay.error}
        onConfirm={(reason) =>
          replay.mutate(
            { params: { id: message.id }, body: { reason } },
            {
              onSuccess: () => {
                replayDialog.close();
                notifications.show({ message: 'The message is being processed again.' });
              },
            },
          )
        }
      />
      <RepairDialog message={message} opened={repairing} onClose={repairDialog.close} />
    </>
  );
}

/** Says that the patient's record has moved on since the message: replaying it may bring old data back. */
function LaterMessages(props: { count: number }): ReactNode {
  if (props.count === 0) return null;
  const many = props.count >= 1_000 ? '1,000 or more' : formatCount(props.count);
  return (
    <p role="alert" style={{ marginTop: 8 }}>
      <strong>
        {many} later {props.count === 1 ? 'message' : 'messages'} about this patient{' '}
        {props.count === 1 ? 'was' : 'were'} applied since.
      </strong>{' '}
      Look at what this message says before you replay it: it may be older than what the record says now.
    </p>
  );
}
