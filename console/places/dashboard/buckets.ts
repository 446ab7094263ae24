/** The span of time that a bucket counts: from its own instant to the next one's (to `end` for the last). */
export function bucketSpan(
  series: readonly { readonly at: string }[],
  index: number,
  end: string,
): { readonly from: string; readonly to: string } {
  return { from: series[index]?.at ?? end, to: series[index + 1]?.at ?? end };
}
