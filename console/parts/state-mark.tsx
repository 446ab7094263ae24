import type { ReactNode } from 'react';
import classes from './state-mark.module.css';
import { STATES, type StateLook, type StateName } from './states.ts';

/** A state as icon + word + colour, never colour alone. `reason` is told on hover instead of the general meaning. */
export function StateMark(props: { state: StateName; reason?: string | null | undefined; word?: string }): ReactNode {
  const look: StateLook = STATES[props.state];
  const Icon = look.icon;
  return (
    <span className={`${classes['mark']} ${classes[look.tone]}`} title={props.reason ?? look.meaning}>
      <Icon
        size={14}
        stroke={2}
        aria-hidden
        className={props.state === 'processing' ? classes['turning'] : undefined}
      />
      {props.word ?? look.word}
    </span>
  );
}
