import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { RouteName } from '../../src/contract/routes.ts';
import type { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import type { Answer, Args } from '../api/client.ts';

type Paged = {
  [N in RouteName]: Answer<N> extends { items: readonly unknown[]; next?: string | undefined } ? N : never;
}[RouteName];
type Item<N extends Paged> = Answer<N> extends { items: readonly (infer I)[] } ? I : never;

const MANY_PAGES = 3;

export interface Pages<T> {
  readonly rows: readonly T[] | undefined;
  readonly total: number | undefined;
  readonly error: ApiError | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly fetching: boolean;
  readonly readAt: number;
  readonly more: () => void;
  /** Reads again from the first page. */
  readonly again: () => void;
}

/** Reads a list page after page as it is scrolled. `at` puts the cursor into the arguments (query or body). */
export function usePages<N extends Paged>(
  name: N,
  key: unknown,
  at: (cursor: string | undefined) => Args<N>,
  options: { enabled?: boolean; refetchInterval?: number | false } = {},
): Pages<Item<N>> {
  const query = useInfiniteQuery<Answer<N>, ApiError, { pages: Answer<N>[] }, readonly unknown[], string | undefined>({
    queryKey: [name, 'pages', key],
    queryFn: ({ pageParam, signal }) => call(name, at(pageParam), signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => (last as { next?: string }).next,
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchInterval ?? false,
    // Coming back to a list shows what is true now, not what was read before; only one scrolled far is not read again
    // page by page at every return.
    staleTime: (now) => ((now.state.data?.pages.length ?? 0) > MANY_PAGES ? 30_000 : 1_000),
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => (page as { items: Item<N>[] }).items), [query.data]);
  const { fetchNextPage, refetch } = query;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const again = useCallback(() => void refetch(), [refetch]);
  return {
    rows,
    total: (query.data?.pages[0] as { total?: number } | undefined)?.total,
    error: query.data === undefined ? query.error : null,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    fetching: query.isFetching,
    readAt: query.dataUpdatedAt,
    more,
    again,
  };
}
