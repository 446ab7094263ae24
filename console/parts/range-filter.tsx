import { Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RangeName, SpanFilter } from '../places/tracer/span.ts';
import { fromLocalInput, toLocalInput } from './format.ts';

/** Which span of time a list shows: a usual one, or from and to as typed. */
export function RangeFilter(props: {
  value: SpanFilter;
  standard: RangeName;
  onChange: (value: SpanFilter) => void;
}): ReactNode {
  const { value } = props;
  const range = value.range ?? props.standard;
  return (
    <>
      <Select
        label="Time"
        w={132}
        allowDeselect={false}
        value={range}
        data={[
          { value: '15m', label: 'Last 15 min' },
          { value: '1h', label: 'Last hour' },
          { value: '24h', label: 'Last 24 hours' },
          { value: '7d', label: 'Last 7 days' },
          { value: 'all', label: 'Any time' },
          { value: 'custom', label: 'From … to' },
        ]}
        onChange={(next) => props.onChange({ range: next ?? props.standard, from: undefined, to: undefined })}
      />
      {range === 'custom' ? (
        <>
          <TextInput
            label="From"
            type="datetime-local"
            step={1}
            value={toLocalInput(value.from)}
            onChange={(event) => props.onChange({ ...value, range, from: fromLocalInput(event.currentTarget.value) })}
          />
          <TextInput
            label="To"
            type="datetime-local"
            step={1}
            value={toLocalInput(value.to)}
            onChange={(event) => props.onChange({ ...value, range, to: fromLocalInput(event.currentTarget.value) })}
          />
        </>
      ) : null}
    </>
  );
}
