import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { formatBytes } from '../../parts/format.ts';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { runsOf, type ByteRange } from './runs.ts';
import { byteAt, linesOf, showBytes } from './bytes.ts';
import classes from './tracer.module.css';

/** A line longer than this is cut until asked for: embedded documents are megabytes long. */
const LONG_LINE = 8_000;

/** The message as it was on the wire, one segment a line, with a run of bytes marked. */
export function RawView(props: {
  bytes: Uint8Array;
  charset: string;
  marked: ByteRange | undefined;
  /** A byte was pointed at. */
  onPoint?: (offset: number) => void;
  /** Arrow keys: to the next or previous field, or segment. */
  onStep?: (unit: 'field' | 'segment', by: 1 | -1) => void;
  label: string;
}): ReactNode {
  const { bytes, charset, marked } = props;
  const lines = useMemo(() => linesOf(bytes), [bytes]);
  const [whole, setWhole] = useState<ReadonlySet<number>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const markStart = marked?.start;
  const markEnd = marked?.end;
  useEffect(() => {
    if (markStart === undefined || markEnd === undefined) return;
    box.current?.querySelector('mark')?.scrollIntoView({ block: 'nearest' });
  }, [markStart, markEnd]);

  const onClick = (event: MouseEvent): void => {
    const line = lines[Number((event.target as Element).closest<HTMLElement>('[data-line]')?.dataset['line'])];
    if (line === undefined) return;
    const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const run = at?.offsetNode.parentElement?.closest<HTMLElement>('[data-start]');
    if (at == null || run == null || document.getSelection()?.isCollapsed === false) return;
    const start = Number(run.dataset['start']);
    const end = Number(run.dataset['end']);
    const offset = start + byteAt(bytes.subarray(start, end), charset, at.offset);
    props.onPoint?.(Math.max(line.start, Math.min(offset, line.end - 1)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, [unit: 'field' | 'segment', by: 1 | -1]> = {
      ArrowRight: ['field', 1],
      ArrowLeft: ['field', -1],
      ArrowDown: ['segment', 1],
      ArrowUp: ['segment', -1],
    };
    const step = steps[event.key];
    if (step === undefined || props.onStep === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    props.onStep(step[0], step[1]);
  };

  return (
    <ScrollBox
      ref={box}
      className={classes['raw']}
      label={props.onStep === undefined ? props.label : `${props.label}; arrow keys go from field to field`}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {lines.map((line, index) => {
        const cut = line.end - line.start > LONG_LINE && !whole.has(index);
        const end = cut ? line.start + LONG_LINE : line.end;
        return (
          <div key={line.start} className={classes['rawLine']} data-line={index}>
            <span className={classes['rawNumber']} aria-hidden>
              {index + 1}
            </span>
            <span className={classes['rawText']}>
              {runsOf(line.start, end, marked).map((run) => {
                const text = showBytes(bytes.subarray(run.start, run.end), charset);
                const data = { 'data-start': run.start, 'data-end': run.end };
                return run.marked ? (
                  <mark key={run.start} {...data}>
                    {text}
                  </mark>
                ) : (
                  <span key={run.start} {...data}>
                    {text}
                  </span>
                );
              })}
              {cut ? (
                <button
                  type="button"
                  className={classes['more']}
                  onClick={(event) => {
                    event.stopPropagation();
                    setWhole(new Set([...whole, index]));
                  }}
                >
                  {' '}
                  … {formatBytes(line.end - end)} more
                </button>
              ) : null}
            </span>
          </div>
        );
      })}
    </ScrollBox>
  );
}
