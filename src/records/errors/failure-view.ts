import { CAUSE_CODES, type FailureCause } from '../../domain/failure-causes.ts';
import { failureText } from './failure-texts.ts';

const CAUSES = new Map<number, FailureCause>(
  Object.entries(CAUSE_CODES).map(([name, number]) => [number, name as FailureCause]),
);

/** The cause that a stored number means; a number of a newer program is shown as internal. */
export function causeOf(number: number | null): FailureCause {
  return (number === null ? undefined : CAUSES.get(number)) ?? 'internal';
}

/** The cause of a stored name, as attempts that are retried keep it. */
export function causeNamed(name: string): FailureCause {
  return Object.hasOwn(CAUSE_CODES, name) ? (name as FailureCause) : 'internal';
}

/** A failure as it is shown: what happened, where, what helps; never a value. */
export interface FailureView {
  readonly cause: FailureCause;
  readonly code: string;
  readonly sentence: string;
  readonly place: string | null;
  readonly hint: string;
}

export function failureView(cause: FailureCause, code: string, place: string | null): FailureView {
  const { sentence, hint } = failureText(cause, code);
  return { cause, code, sentence, place: place === '' ? null : place, hint };
}
