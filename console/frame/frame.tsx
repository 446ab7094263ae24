import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { onSignedOut } from '../api/call.ts';
import { useLive } from '../api/live.ts';
import { forgetSession } from '../api/session.ts';
import { useSession } from '../api/use-session.ts';
import { Logo } from '../parts/logo.tsx';
import { EnvironmentProvider } from './environment.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import classes from './frame.module.css';
import { Navigation } from './navigation.tsx';
import { programState, ProgramStateMark } from './program-state.tsx';
import { SearchButton, SearchEverywhere } from './search-everywhere.tsx';
import { UserMenu } from './user-menu.tsx';

/** What every page of a signed-in person stands in. */
export function Frame(): ReactNode {
  const navigate = useNavigate();
  useEffect(
    () =>
      onSignedOut(() => {
        const next = location.pathname + location.search;
        const signIn = { to: '/sign-in', search: { next, ended: '1' }, replace: true };
        // Forgotten only when the frame is gone: it is not shown without a session.
        void navigate(signIn as never).finally(forgetSession);
      }),
    [navigate],
  );
  return (
    <EnvironmentProvider>
      <FrameBody />
    </EnvironmentProvider>
  );
}

function FrameBody(): ReactNode {
  const { product } = useSession();
  const narrow = useMediaQuery('(max-width: 1100px)', false, { getInitialValueInEffect: false });
  const [fold, setFold] = useLocalStorage<boolean | null>({ key: 'practice-studio-navigation', defaultValue: null });
  const collapsed = fold ?? narrow;
  return (
    <div className={`${classes['frame']} ${collapsed ? classes['collapsed'] : ''}`}>
      <a href="#main" className={classes['skip']}>
        Skip to the content
      </a>
      <header className={classes['top']}>
        <Link to="/" className={classes['brand']}>
          <Logo size={26} />
          <span className={classes['brandText']}>
            Practice Studio <small>{product.demo ? 'demo' : ''}</small>
          </span>
        </Link>
        <EnvironmentSwitch />
        <SearchButton />
        <div className={classes['spacer']} />
        <ProgramStateMark />
        <UserMenu />
        <div id="popups" />
      </header>
      <Navigation collapsed={collapsed} onFold={() => setFold(!collapsed)} />
      <Main />
      <SearchEverywhere />
      <div className={classes['edge']} aria-hidden />
    </div>
  );
}

function Main(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const router = useRouter();
  // A new page is announced by moving the focus to it, as the browser itself would have done.
  useEffect(
    () =>
      router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || fromLocation === undefined || document.activeElement !== document.body) return;
        main.current?.focus({ preventScroll: true });
      }),
    [router],
  );
  return (
    <main id="main" ref={main} tabIndex={-1} className={classes['main']}>
      <DatabaseAway />
      <Outlet />
    </main>
  );
}

function DatabaseAway(): ReactNode {
  const state = programState(useLive());
  if (state !== 'database-away') return null;
  return (
    <div className={classes['banner']} role="alert">
      <strong>The database does not answer.</strong> Listeners hold back until it does, and senders keep their messages;
      nothing that was acknowledged is lost. The program recovers by itself.
    </div>
  );
}
