import type { ReactNode } from 'react';
import type { Failure } from '../../../src/contract/messages.ts';
import { Notice } from '../../parts/notice.tsx';
import { CAUSE_WORDS } from '../../parts/states.ts';
import classes from './tracer.module.css';

/** A failure: what happened, where, and what usually solves it. */
export function FailureView(props: { failure: Failure; onPlace?: (place: string) => void }): ReactNode {
  const { failure } = props;
  return (
    <Notice tone="fail" title={`${CAUSE_WORDS[failure.cause]}: ${failure.sentence}`}>
      {failure.place === null ? null : (
        <>
          At{' '}
          {props.onPlace === undefined ? (
            <code>{failure.place}</code>
          ) : (
            <button
              type="button"
              className={classes['placeLink']}
              onClick={() => failure.place !== null && props.onPlace?.(failure.place)}
            >
              {failure.place}
            </button>
          )}
          .{' '}
        </>
      )}
      {failure.hint} <code>{failure.code}</code>
    </Notice>
  );
}
