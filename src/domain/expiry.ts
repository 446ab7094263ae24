const DAY_MS = 86_400_000;

/** Days before its end at which something that expires is told of, the farthest first. */
export const EXPIRY_STAGES = [60, 30, 14, 7, 1] as const;

export interface Expiry {
  /** Whole days that are left; 0 on the last one, negative when it is over. */
  readonly daysLeft: number;
  /**
   * `fine`: more than 60 days. `soon`: at most 60. `near`: at most 30, time to act. `urgent`: at most 7. `expired`: over.
   */
  readonly state: 'fine' | 'soon' | 'near' | 'urgent' | 'expired';
  /** The last of {@link EXPIRY_STAGES} that was passed; null before the first. */
  readonly stage: (typeof EXPIRY_STAGES)[number] | null;
}

/** How long something still lasts. */
export function expiryOf(notAfter: Date, nowMs: number): Expiry {
  const left = notAfter.getTime() - nowMs;
  const daysLeft = Math.floor(left / DAY_MS);
  const stage = EXPIRY_STAGES.findLast((days) => left <= days * DAY_MS) ?? null;
  const state = left <= 0 ? 'expired' : stage === null ? 'fine' : stage <= 7 ? 'urgent' : stage <= 30 ? 'near' : 'soon';
  return { daysLeft, state, stage };
}

/** `expires in 12 days`, `expires today`, `expired 3 days ago`. */
export function expiryText({ daysLeft, state }: Expiry): string {
  if (state === 'expired') return daysLeft === -1 ? 'has expired' : `expired ${days(-daysLeft - 1)} ago`;
  return daysLeft === 0 ? 'expires within a day' : `expires in ${days(daysLeft)}`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
