import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconLock, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import classes from './notice.module.css';

/** A remark on the page itself: what is so, and what to do. */
export function Notice(props: {
  tone?: 'info' | 'warn' | 'fail';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  const tone = props.tone ?? 'info';
  const Mark = tone === 'info' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={`${classes['notice']} ${classes[tone] ?? ''}`} role={tone === 'fail' ? 'alert' : undefined}>
      <Mark size={16} aria-hidden />
      <div className={classes['body']}>
        <div className={classes['title']}>{props.title}</div>
        {props.children === undefined ? null : <div className="prose">{props.children}</div>}
        {props.action === undefined ? null : <div className={classes['actions']}>{props.action}</div>}
      </div>
    </div>
  );
}

/** A failed call: what happened, where, why if known, what to do, and the code to quote. A 403 says what is missing. */
export function ErrorNotice(props: { error: unknown; onRetry?: (() => void) | undefined; doing?: string }): ReactNode {
  if (props.error === null || props.error === undefined) return null;
  const error = ApiError.from(props.error);
  const { problem } = error;
  const Mark = error.status === 403 ? IconLock : IconAlertTriangle;
  const title = error.status === 403 ? 'Your role does not allow this' : problem.title;
  const hint =
    error.status === 403
      ? (problem.hint ?? 'Ask an administrator for a role that does, or for them to do it for you.')
      : problem.hint;
  return (
    <div className={`${classes['notice']} ${error.status === 403 ? classes['warn'] : classes['fail']}`} role="alert">
      <Mark size={16} aria-hidden />
      <div className={classes['body']}>
        <div className={classes['title']}>{props.doing === undefined ? title : `${props.doing}: ${title}`}</div>
        {problem.detail === undefined || problem.detail === title ? null : <div>{problem.detail}</div>}
        {hint === undefined ? null : <div>{hint}</div>}
        {problem.places === undefined || problem.places.length === 0 ? null : (
          <ul className={classes['places']}>
            {problem.places.map(({ place, reason }) => (
              <li key={`${place} ${reason}`}>
                <code>{place}</code> {reason}
              </li>
            ))}
          </ul>
        )}
        <div className={classes['code']}>
          <code>
            {problem.code}
            {problem.request_id === undefined ? '' : ` · request ${problem.request_id}`}
          </code>
        </div>
        {props.onRetry === undefined ? null : (
          <div className={classes['actions']}>
            <Button variant="default" onClick={props.onRetry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** An empty place teaches: what belongs here, why it is empty, and the action that fills it. */
export function EmptyState(props: { icon?: Icon; title: string; children: ReactNode; action?: ReactNode }): ReactNode {
  const Mark = props.icon ?? IconInfoCircle;
  return (
    <div className={classes['empty']}>
      <Mark size={28} stroke={1.4} aria-hidden className={classes['emptyIcon']} />
      <div className={classes['emptyTitle']}>{props.title}</div>
      <p>{props.children}</p>
      {props.action === undefined ? null : <div className={classes['actions']}>{props.action}</div>}
    </div>
  );
}
