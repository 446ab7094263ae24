import { isDatabaseAway, sqlState } from '../store/pg-database.ts';

/** Whose fault an unexpected error is: the database is away, a statement took too long, or the program itself. */
export type FaultKind = 'database-away' | 'too-slow' | 'program';

/** SQLSTATE of a cancelled statement, and of a lock that could not be had in time. */
const TOO_SLOW: ReadonlySet<string> = new Set(['57014', '55P03']);

export function faultKind(error: unknown): FaultKind {
  if (TOO_SLOW.has(sqlState(error))) return 'too-slow';
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return 'program';
  return error instanceof Error && isDatabaseAway(error) ? 'database-away' : 'program';
}
