import { routeTable } from 'virtual:route-table';
import { watchActivity } from './activity.ts';
import { createClient } from './client.ts';
import { currentSession } from './session.ts';

const listeners = new Set<() => void>();
/** Calls back when the API says that nobody is signed in any more. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const activity = watchActivity(window, Date.now);

export const call = createClient({
  table: routeTable,
  fetch: (input, init) => fetch(input, init),
  csrfToken: () => currentSession()?.csrf_token ?? '',
  isQuiet: () => activity.isQuiet(),
  onSignedOut: () => {
    for (const listener of listeners) listener();
  },
});
