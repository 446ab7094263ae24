import { Skeleton } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import { Fragment, useEffect, type ReactNode } from 'react';
import { useEnvironment } from '../frame/environment.tsx';
import classes from './page.module.css';

export interface Crumb {
  readonly label: string;
  readonly to: LinkProps['to'];
}

/** Every page: title, one line that says what it is for, the one main action at the right; names the document too. */
export function Page(props: {
  title: string;
  purpose: ReactNode;
  /** What the document's title says, where the page's title would name a patient. */
  documentTitle?: string;
  crumbs?: readonly Crumb[];
  state?: ReactNode;
  action?: ReactNode;
  /** The page fills the window and its parts scroll by themselves. */
  full?: boolean;
  narrow?: boolean;
  children: ReactNode;
}): ReactNode {
  const { current } = useEnvironment();
  const documentTitle = props.documentTitle ?? props.title;
  useEffect(() => {
    document.title = `${documentTitle} · ${current?.name ?? 'All environments'} · Practice Studio`;
  }, [documentTitle, current?.name]);
  return (
    <div
      className={`${classes['page']} ${props.full === true ? classes['full'] : ''} ${props.narrow === true ? classes['narrow'] : ''}`}
    >
      <header className={classes['header']}>
        <div className={classes['heading']}>
          {props.crumbs === undefined ? null : (
            <nav className={classes['crumbs']} aria-label="Where this page belongs">
              {props.crumbs.map((crumb) => (
                <Fragment key={crumb.label}>
                  <Link to={crumb.to ?? '.'}>{crumb.label}</Link>
                  <span aria-hidden>›</span>
                </Fragment>
              ))}
            </nav>
          )}
          <div className={classes['titleRow']}>
            <h1>{props.title}</h1>
            {props.state}
          </div>
          <p className={classes['purpose']}>{props.purpose}</p>
        </div>
        {props.action === undefined ? null : <div className={classes['actions']}>{props.action}</div>}
      </header>
      {props.children}
    </div>
  );
}

/** A titled part of a page. */
export function Section(props: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}): ReactNode {
  return (
    <section className={`panel ${classes['section']} ${props.className ?? ''}`}>
      <div className={classes['sectionHeader']}>
        <h2>{props.title}</h2>
        {props.action}
      </div>
      {props.children}
    </section>
  );
}

/** Grey lines where content will be, so that the page does not jump. */
export function Loading(props: { lines?: number; label: string }): ReactNode {
  return (
    <div role="status" aria-label={props.label} style={{ display: 'grid', gap: 10, padding: '6px 0' }}>
      {Array.from({ length: props.lines ?? 5 }, (_, index) => (
        <Skeleton key={index} height={14} width={`${92 - ((index * 17) % 45)}%`} />
      ))}
    </div>
  );
}
