import { NumberInput, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatSeconds } from '../../parts/format.ts';
import { retryDelays, type SystemDraft } from './draft.ts';

type Behaviour = Pick<SystemDraft, 'retry' | 'holdSeconds' | 'duplicateHours'>;

/** Retry, hold and duplicate settings: the same in the wizard and on the system's page. */
export function SettingsFields(props: {
  value: Behaviour;
  onChange: (value: Behaviour) => void;
  errors?: Record<string, ReactNode>;
  disabled?: boolean;
}): ReactNode {
  const { value, onChange, errors = {} } = props;
  const number = (
    label: string,
    description: string,
    now: number,
    min: number,
    max: number,
    unit: string,
    set: (next: number) => Behaviour,
    path: string,
  ): ReactNode => (
    <NumberInput
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={now}
      min={min}
      max={max}
      suffix={unit}
      thousandSeparator=","
      clampBehavior="blur"
      disabled={props.disabled === true}
      error={errors[path]}
      onChange={(next) => typeof next === 'number' && onChange(set(next))}
    />
  );
  const delays = retryDelays(value.retry, 4).map(formatSeconds).join(', ');
  const retry = (part: Partial<Behaviour['retry']>): Behaviour => ({ ...value, retry: { ...value.retry, ...part } });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      {number(
        'Attempts',
        `A passing failure is tried again after ${delays} …`,
        value.retry.max_attempts,
        1,
        1000,
        '',
        (next) => retry({ max_attempts: next }),
        'settings.retry.max_attempts',
      )}
      {number(
        'First delay',
        'Doubled after each attempt, with some jitter',
        value.retry.first_delay_seconds,
        0.1,
        3600,
        ' s',
        (next) => retry({ first_delay_seconds: next }),
        'settings.retry.first_delay_seconds',
      )}
      {number(
        'Longest delay',
        `At most ${formatSeconds(value.retry.max_delay_seconds)} between two attempts`,
        value.retry.max_delay_seconds,
        1,
        86_400,
        ' s',
        (next) => retry({ max_delay_seconds: next }),
        'settings.retry.max_delay_seconds',
      )}
      {number(
        'Give up after',
        `Then a person decides: ${formatSeconds(value.retry.deadline_seconds)} after the first attempt`,
        value.retry.deadline_seconds,
        10,
        604_800,
        ' s',
        (next) => retry({ deadline_seconds: next }),
        'settings.retry.deadline_seconds',
      )}
      {number(
        'Hold after a failure',
        value.holdSeconds === 0
          ? 'Later messages about the same patient do not wait'
          : `Later messages about the same patient wait up to ${formatSeconds(value.holdSeconds)}`,
        value.holdSeconds,
        0,
        604_800,
        ' s',
        (next) => ({ ...value, holdSeconds: next }),
        'settings.hold_after_failure_seconds',
      )}
      {number(
        'Look for duplicates back',
        'The same control id and content within this time is processed once',
        value.duplicateHours,
        1,
        2160,
        ' h',
        (next) => ({ ...value, duplicateHours: next }),
        'settings.duplicate_window_hours',
      )}
    </SimpleGrid>
  );
}
