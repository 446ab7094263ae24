import { IconCircleCheck, IconDatabaseOff, IconLoader2, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLive, type Live } from '../api/live.ts';
import { formatRate } from '../parts/format.ts';
import classes from './frame.module.css';

export type ProgramState = 'accepting' | 'database-away' | 'lost' | 'connecting';
export function programState(live: Live): ProgramState {
  if (live.connection !== 'open') return live.connection === 'lost' ? 'lost' : 'connecting';
  if (live.tick === undefined) return 'connecting';
  return live.tick.accepting ? 'accepting' : 'database-away';
}

const LOOKS = {
  accepting: {
    word: 'Accepting',
    icon: IconCircleCheck,
    title: 'The listeners accept messages and the database answers.',
  },
  'database-away': {
    word: 'Database away',
    icon: IconDatabaseOff,
    title: 'The database does not answer. Listeners hold back, so that nothing is acknowledged that is not on disk.',
  },
  lost: {
    word: 'Connection lost',
    icon: IconPlugConnectedX,
    title: 'This page does not reach the program. What you see may be old; the page reconnects by itself.',
  },
  connecting: { word: 'Connecting', icon: IconLoader2, title: 'Waiting for the first word from the program.' },
} as const;

/** Whether the program takes messages right now, in the top bar of every page. */
export function ProgramStateMark(): ReactNode {
  const live = useLive();
  const state = programState(live);
  const look = LOOKS[state];
  const Icon = look.icon;
  const bad = state === 'database-away' || state === 'lost';
  return (
    <span className={`${classes['program']} ${bad ? classes['programWarn'] : ''}`} title={look.title}>
      <Icon size={15} aria-hidden />
      <span role="status">{look.word}</span>
      {state === 'accepting' && live.tick !== undefined ? (
        <span className={classes['wideOnly']}>
          {formatRate(live.tick.rate_per_second)}
          {live.tick.waiting > 0 ? ` · ${live.tick.waiting.toLocaleString('en-US')} waiting` : ''}
        </span>
      ) : null}
    </span>
  );
}
