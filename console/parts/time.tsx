import { useEffect, useState, type ReactNode } from 'react';
import { formatAgo, formatAgoMinute, formatInstant } from './format.ts';

/** The time now, renewed every `everyMs`, for relative times. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function hover(at: string): string {
  return `${formatInstant(at, 'UTC')} UTC · ${formatAgo(at, Date.now())}`;
}

/** A time to the second in the reader's zone; UTC and the relative form on hover. */
export function Time(props: { at: string | null; short?: boolean }): ReactNode {
  if (props.at === null) return <span className="quiet">–</span>;
  const text = formatInstant(props.at);
  return (
    <time dateTime={props.at} title={hover(props.at)} className="nowrap">
      {props.short === true ? text.slice(11) : text}
    </time>
  );
}

/** A relative time that keeps running; the exact one on hover. */
export function Ago(props: {
  at: string | null;
  none?: string;
  /** The time is known to the minute only. */
  toTheMinute?: boolean;
}): ReactNode {
  const now = useNow(props.at === null ? 60_000 : 1000);
  if (props.at === null) return <span className="quiet">{props.none ?? 'never'}</span>;
  return (
    <time
      dateTime={props.at}
      title={`${formatInstant(props.at)} · ${formatInstant(props.at, 'UTC')} UTC`}
      className="nowrap"
    >
      {props.toTheMinute === true ? formatAgoMinute(props.at, now) : formatAgo(props.at, now)}
    </time>
  );
}
