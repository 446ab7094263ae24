/**
 * When something was said, as exactly as the sender told: some instant of this span, in milliseconds since 1970 UTC. A
 * time to the second is a span of a second, a mere date one of a day.
 */
export interface SaidTime {
  readonly from: number;
  readonly to: number;
}

/** Whether one was said before the other beyond doubt; spans that overlap leave it open. */
export function isBefore(one: SaidTime, other: SaidTime): boolean {
  return one.to < other.from;
}
