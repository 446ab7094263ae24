import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { RouteName } from '../../src/contract/routes.ts';
import type { ApiError } from './api-error.ts';
import { call } from './call.ts';
import type { Answer, Args } from './client.ts';

interface ReadOptions {
  readonly enabled?: boolean;
  /** Keeps showing what was read for other arguments until the new answer is there. */
  readonly keep?: boolean;
  readonly refetchInterval?: number | false;
  readonly staleTime?: number;
}

/** Reads a route and keeps the answer by its name and arguments. */
export function useRead<N extends RouteName>(
  name: N,
  args: Args<N>,
  options: ReadOptions = {},
): UseQueryResult<Answer<N>, ApiError> {
  return useQuery<Answer<N>, ApiError>({
    queryKey: [name, args],
    queryFn: ({ signal }) => call(name, args, signal),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Calls a route that changes something, then reads again what the change may have touched. */
export function useChange<N extends RouteName>(
  name: N,
  touches: readonly RouteName[] = [],
): UseMutationResult<Answer<N>, ApiError, Args<N>> {
  const client = useQueryClient();
  return useMutation<Answer<N>, ApiError, Args<N>>({
    mutationFn: (args) => call(name, args),
    onSuccess: async () => {
      await Promise.all(touches.map((touched) => client.invalidateQueries({ queryKey: [touched] })));
    },
  });
}
