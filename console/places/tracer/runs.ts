export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A line's bytes in up to three runs: before, inside and after what is marked. */
export function runsOf(
  start: number,
  end: number,
  marked: ByteRange | undefined,
): readonly { readonly start: number; readonly end: number; readonly marked: boolean }[] {
  if (marked === undefined || marked.end <= start || marked.start >= end || marked.end <= marked.start) {
    return [{ start, end, marked: false }];
  }
  const from = Math.max(start, marked.start);
  const to = Math.min(end, marked.end);
  return [
    { start, end: from, marked: false },
    { start: from, end: to, marked: true },
    { start: to, end, marked: false },
  ].filter((run) => run.end > run.start);
}
