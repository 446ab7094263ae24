import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RouteName } from '../../src/contract/routes.ts';
import { onLive } from '../api/live.ts';

/** Reads routes again when the program says that something moved, at most every `everyMs`. */
export function useTickRefresh(names: readonly RouteName[], everyMs: number): void {
  const client = useQueryClient();
  const list = names.join();
  useEffect(() => {
    let readAt = 0;
    let seen = '';
    return onLive(({ tick }) => {
      if (tick === undefined || document.hidden) return;
      const moved = [tick.received, tick.delivered, tick.filtered, tick.failed, tick.waiting].join();
      const now = Date.now();
      if (moved === seen || now - readAt < everyMs) return;
      seen = moved;
      readAt = now;
      for (const name of list.split(',')) void client.invalidateQueries({ queryKey: [name] });
    });
  }, [client, everyMs, list]);
}
