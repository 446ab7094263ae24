import { useSyncExternalStore } from 'react';
import type { Tick } from '../../src/contract/dashboard.ts';
import type { RouteName } from '../../src/contract/routes.ts';
import { call } from './call.ts';
import { queryClient } from './query-client.ts';

/** What the program tells about itself about once a second. */
export interface Live {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly tick: Tick | undefined;
}

const CONFIGURATION: readonly RouteName[] = [
  'listEnvironments',
  'getEnvironment',
  'listSystems',
  'getSystem',
  'listListeners',
  'getListener',
  'getMapping',
];
const RECONNECT_MS = 3_000;

let state: Live = { connection: 'connecting', tick: undefined };
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

function set(next: Partial<Live>): void {
  state = { ...state, ...next };
  for (const watcher of watchers) watcher();
}

function open(): void {
  source = new EventSource('/api/events');
  source.addEventListener('open', () => set({ connection: 'open' }));
  source.addEventListener('tick', (event) => {
    set({ connection: 'open', tick: JSON.parse((event as MessageEvent<string>).data) as Tick });
  });
  source.addEventListener('config', () => {
    for (const name of CONFIGURATION) void queryClient.invalidateQueries({ queryKey: [name] });
  });
  source.addEventListener('error', () => {
    set({ connection: 'lost' });
    // The browser reconnects by itself after a broken line, but gives up when it was answered with an error: that of a
    // session that has ended, maybe, which a call tells and a stream does not.
    if (source?.readyState === EventSource.CLOSED) {
      void call('session', {}).catch(() => undefined);
      clearTimeout(timer);
      timer = setTimeout(open, RECONNECT_MS);
    }
  });
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  if (watchers.size === 1) open();
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearTimeout(timer);
    source?.close();
    state = { connection: 'connecting', tick: undefined };
  };
}

/** Calls back at every change of the live state. */
export function onLive(watcher: (live: Live) => void): () => void {
  return subscribe(() => watcher(state));
}

/** The live state of the program, shared by everything that shows it: one connection for the whole page. */
export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => state);
}
