import type { FailureCause } from '../../domain/failure-causes.ts';

/** Why a message cannot be processed: a cause, a stable code and a place; never a value. */
export interface Failure {
  readonly cause: FailureCause;
  readonly code: string;
  readonly place: string | null;
}
