/** One reason for a proposal: how much it says by itself (0 to 1), and the sentence. */
export interface Reason {
  readonly weight: number;
  readonly words: string;
}

/** The confidence of independent reasons together: one minus the product of the doubts each of them leaves. */
export function weigh(reasons: readonly Reason[]): number {
  const doubt = reasons.reduce((product, { weight }) => product * (1 - weight), 1);
  return Math.round((1 - doubt) * 100) / 100;
}

/** `97 %`, `under 1 %`. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  if (share < 1 && share > 0.99) return 'over 99 %';
  return `${Math.round(share * 100)} %`;
}
