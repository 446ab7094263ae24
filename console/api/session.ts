import type { Permission } from '../../src/domain/permissions.ts';
import type { Session } from '../../src/contract/session.ts';
import { forgetMemory } from '../table/memory.ts';
import { queryClient } from './query-client.ts';

const KEY = ['session'] as const;

/** The session as last read, or undefined while nobody is signed in. */
export function currentSession(): Session | undefined {
  return queryClient.getQueryData<Session>(KEY);
}
export function setSession(session: Session): void {
  queryClient.clear();
  queryClient.setQueryData(KEY, session);
}
/** Forgets everything that was read: the next person at this screen starts empty. */
export function forgetSession(): void {
  queryClient.clear();
  forgetMemory();
}
export function mayIn(session: Session | undefined, permission: Permission): boolean {
  return session?.permissions.includes(permission) ?? false;
}
