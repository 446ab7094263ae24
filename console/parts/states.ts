import type { Icon } from '@tabler/icons-react';
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClockPause,
  IconFilter,
  IconLoader2,
  IconLock,
  IconMail,
  IconMinus,
  IconPlayerPause,
  IconPlayerStop,
  IconRefresh,
  IconStack2,
  IconX,
} from '@tabler/icons-react';

/** How loud a state is: success and rest are quiet, so that the others stand out. */
export type Tone = 'quiet' | 'busy' | 'warn' | 'fail' | 'outlined';
export interface StateLook {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: Icon;
  readonly meaning: string;
}

/** Every state of the product as icon + word + tone; the same on every page. */
export const STATES = {
  queued: { word: 'Queued', tone: 'quiet', icon: IconStack2, meaning: 'Stored durably and waiting for a worker.' },
  processing: { word: 'Processing', tone: 'busy', icon: IconLoader2, meaning: 'In a worker’s hands right now.' },
  retrying: {
    word: 'Retrying',
    tone: 'warn',
    icon: IconRefresh,
    meaning: 'A passing failure; waits for its next attempt.',
  },
  held: {
    word: 'Held',
    tone: 'warn',
    icon: IconClockPause,
    meaning: 'Waits behind a failed message about the same patient.',
  },
  delivered: {
    word: 'Delivered',
    tone: 'quiet',
    icon: IconCheck,
    meaning: 'Everything that it should change is changed.',
  },
  filtered: {
    word: 'Filtered',
    tone: 'outlined',
    icon: IconFilter,
    meaning: 'A rule decided that there is nothing to do.',
  },
  failed: {
    word: 'Failed',
    tone: 'fail',
    icon: IconAlertTriangle,
    meaning: 'Needs a person: it is in an error queue.',
  },
  discarded: {
    word: 'Discarded',
    tone: 'outlined',
    icon: IconBan,
    meaning: 'A person decided, with a reason, not to process it.',
  },

  ok: { word: 'Healthy', tone: 'quiet', icon: IconCheck, meaning: 'Messages arrive and are processed.' },
  attention: {
    word: 'Attention',
    tone: 'warn',
    icon: IconAlertTriangle,
    meaning: 'Works, but something needs a look.',
  },
  failing: { word: 'Failing', tone: 'fail', icon: IconX, meaning: 'Messages do not get through.' },
  idle: { word: 'Idle', tone: 'quiet', icon: IconMinus, meaning: 'Nothing arrived lately.' },
  paused: { word: 'Paused', tone: 'outlined', icon: IconPlayerPause, meaning: 'Switched off by a person.' },

  listening: { word: 'Listening', tone: 'quiet', icon: IconCheck, meaning: 'Takes connections.' },
  stopped: { word: 'Stopped', tone: 'outlined', icon: IconPlayerStop, meaning: 'Not started.' },

  active: { word: 'Active', tone: 'quiet', icon: IconCheck, meaning: 'Can sign in.' },
  invited: { word: 'Invited', tone: 'busy', icon: IconMail, meaning: 'Has not set a password yet.' },
  disabled: { word: 'Disabled', tone: 'outlined', icon: IconBan, meaning: 'Cannot sign in.' },
  locked: { word: 'Locked', tone: 'fail', icon: IconLock, meaning: 'Too many wrong passwords.' },

  warning: { word: 'Warning', tone: 'warn', icon: IconAlertTriangle, meaning: 'Done, with something to look at.' },
  skipped: { word: 'Skipped', tone: 'outlined', icon: IconMinus, meaning: 'Not needed here.' },
  refused: { word: 'Refused', tone: 'warn', icon: IconBan, meaning: 'Not permitted.' },
  unknown: { word: 'Unknown', tone: 'outlined', icon: IconCircleDashed, meaning: 'Not known yet.' },
} as const satisfies Record<string, StateLook>;
export type StateName = keyof typeof STATES;

export const CAUSE_WORDS = {
  authentication: 'Authentication',
  connectivity: 'Connectivity',
  rate_limit: 'Rate limit',
  rejected: 'Rejected by the PMS',
  message_format: 'Message format',
  mapping: 'Mapping',
  validation: 'Validation',
  matching: 'Matching',
  conflict: 'Conflict',
  missing_reference: 'Missing reference',
  internal: 'Internal',
} as const;

export const FLAG_WORDS = {
  duplicate: ['Duplicate', 'Received before with the same content: acknowledged again, processed once.'],
  'same-control-id': ['Control id reused', 'Another message with other content has the same control id.'],
  replayed: ['Replayed', 'A person had it processed again.'],
  repaired: ['Repaired', 'A person changed its content; the original is kept.'],
  'out-of-order': ['Out of order', 'Arrived after a newer message about the same patient.'],
  warnings: ['Warnings', 'Processed, with something to look at.'],
} as const;

export const ROLE_WORDS = {
  administrator: 'Administrator',
  integration_engineer: 'Integration engineer',
  front_desk: 'Front desk',
  billing: 'Billing',
  clinician: 'Clinician',
  compliance: 'Compliance',
  operator: 'Operator',
} as const;
