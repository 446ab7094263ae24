import { routeTable } from 'virtual:route-table';
import { createClient } from './client.ts';
import { currentSession } from './session.ts';

const listeners = new Set<() => void>();
/** Calls back when the API says that nobody is signed in any more. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const call = createClient({
  table: routeTable,
  fetch: (input, init) => fetch(input, init),
  csrfToken: () => currentSession()?.csrf_token ?? '',
  onSignedOut: () => {
    for (const listener of listeners) listener();
  },
});
