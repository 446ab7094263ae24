import { useEffect, type ReactNode } from 'react';
import { Logo } from '../../parts/logo.tsx';
import classes from './access.module.css';

/** The pages before the frame: sign-in and set-up. */
export function AccessCard(props: { title: string; children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Practice Studio Integrations`;
  }, [props.title]);
  return (
    <main className={classes['page']}>
      <div className={`panel ${classes['card']}`}>
        <div className={classes['brand']}>
          <Logo size={36} />
          <div>
            <strong>Practice Studio</strong>
            <span>Integrations</span>
          </div>
        </div>
        <h1>{props.title}</h1>
        {props.children}
      </div>
    </main>
  );
}
