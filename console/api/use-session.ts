import { useQuery } from '@tanstack/react-query';
import type { Permission } from '../../src/domain/permissions.ts';
import type { Session } from '../../src/contract/session.ts';
import { call } from './call.ts';
import { mayIn } from './session.ts';

/** The session of the person at the screen; the frame is shown only when there is one. */
export function useSession(): Session {
  const { data } = useQuery({ queryKey: ['session'], queryFn: () => call('session', {}), staleTime: Infinity });
  if (data === undefined) throw new Error('This part of the console is shown to signed-in people only.');
  return data;
}
/** Whether the person at the screen may do something. */
export function useMay(permission: Permission): boolean {
  return mayIn(useSession(), permission);
}
