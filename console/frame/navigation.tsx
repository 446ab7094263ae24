import { Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mayIn } from '../api/session.ts';
import { useSession } from '../api/use-session.ts';
import classes from './frame.module.css';
import { API_DOCUMENT, PLACES } from './places.ts';

/** The left navigation: only the places that the role may read. */
export function Navigation(props: { collapsed: boolean; onFold: () => void }): ReactNode {
  const session = useSession();
  const groups = PLACES.map((group) => ({
    ...group,
    places: group.places.filter((place) => mayIn(session, place.permission)),
  })).filter((group) => group.places.length > 0);
  const Fold = props.collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes['nav']} aria-label="Main">
      {groups.map((group) => (
        <div key={group.label} style={{ display: 'contents' }}>
          <div className={classes['navGroup']} aria-hidden>
            {group.label}
          </div>
          <ul className={classes['navList']} aria-label={group.label}>
            {group.places.map((place) => (
              <li key={place.label}>
                <Tooltip label={place.label} position="right" disabled={!props.collapsed}>
                  <Link
                    to={place.to}
                    className={classes['link']}
                    activeOptions={{ exact: place.exact === true, includeSearch: false }}
                  >
                    <place.icon size={17} stroke={1.6} aria-hidden />
                    <span className={classes['linkText']}>{place.label}</span>
                  </Link>
                </Tooltip>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className={classes['navEnd']}>
        <Tooltip label={API_DOCUMENT.label} position="right" disabled={!props.collapsed}>
          <a href={API_DOCUMENT.href} className={classes['link']} target="_blank" rel="noreferrer">
            <API_DOCUMENT.icon size={17} stroke={1.6} aria-hidden />
            <span className={classes['linkText']}>{API_DOCUMENT.label}</span>
          </a>
        </Tooltip>
        <button
          type="button"
          className={`${classes['link']} ${classes['fold']}`}
          onClick={props.onFold}
          aria-expanded={!props.collapsed}
        >
          <Fold size={17} stroke={1.6} aria-hidden />
          <span className={classes['linkText']}>{props.collapsed ? 'Unfold the navigation' : 'Fold'}</span>
        </button>
      </div>
    </nav>
  );
}
