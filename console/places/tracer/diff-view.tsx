import { useMemo, type ReactNode } from 'react';
import { diffLines } from './diff.ts';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import classes from './tracer.module.css';

/** Two texts as one: what goes and what comes, line by line, changed fields underlined. */
export function DiffView(props: { before: string; after: string }): ReactNode {
  const lines = useMemo(() => diffLines(props.before, props.after), [props.before, props.after]);
  return (
    <ScrollBox className={classes['diff']} label="Differences">
      {lines.map((line, index) =>
        line.kind === 'same' ? (
          <div key={index} className={`${classes['diffLine']} quiet`}>
            {line.text}
          </div>
        ) : (
          <div
            key={index}
            className={classes['diffLine']}
            data-kind={line.kind}
            data-sign={line.kind === 'added' ? '+' : '−'}
          >
            {line.parts.map((part, at) =>
              part.changed ? <b key={at}>{part.text}</b> : <span key={at}>{part.text}</span>,
            )}
          </div>
        ),
      )}
    </ScrollBox>
  );
}
