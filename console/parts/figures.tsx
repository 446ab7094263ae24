import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './figures.module.css';

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
  readonly tone?: 'fail' | 'warn' | undefined;
  /** The very things that the figure counts. */
  readonly to?: { readonly to: string; readonly search?: Record<string, string | undefined> } | undefined;
}

/** A row of figures on top of a list; each leads to what it counts. */
export function Figures(props: { figures: readonly Figure[] }): ReactNode {
  return (
    <div className={`panel ${classes['figures']}`}>
      {props.figures.map((figure) => {
        const content = (
          <>
            <span className={classes['label']}>{figure.label}</span>
            <span className={`${classes['value']} ${figure.tone === undefined ? '' : classes[figure.tone]}`}>
              {figure.value}
            </span>
            <span className={classes['detail']}>{figure.detail ?? ''}</span>
          </>
        );
        return figure.to === undefined ? (
          <div key={figure.label} className={classes['figure']}>
            {content}
          </div>
        ) : (
          <Link key={figure.label} className={classes['figure']} {...(figure.to as { to: '/' })}>
            {content}
          </Link>
        );
      })}
    </div>
  );
}
