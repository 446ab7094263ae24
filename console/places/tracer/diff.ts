/** The difference of two texts line by line, and inside a changed line piece by piece. */
export type DiffLine =
  | { readonly kind: 'same'; readonly text: string }
  | { readonly kind: 'removed' | 'added'; readonly parts: readonly DiffPart[] };
export interface DiffPart {
  readonly text: string;
  readonly changed: boolean;
}

/** Indices that a longest common subsequence pairs up. */
function pairs(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let a = left.length - 1; a >= 0; a--) {
    for (let b = right.length - 1; b >= 0; b--) {
      const at = a * width + b;
      lengths[at] =
        left[a] === right[b]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const found: [number, number][] = [];
  let a = 0;
  let b = 0;
  while (a < left.length && b < right.length) {
    if (left[a] === right[b]) found.push([a++, b++]);
    else if ((lengths[(a + 1) * width + b] ?? 0) >= (lengths[a * width + b + 1] ?? 0)) a++;
    else b++;
  }
  return found;
}

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const left = before.split('\n');
  const right = after.split('\n');
  // What both begin and end with needs no table; the table is bounded for very long messages.
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head++;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  const lines: DiffLine[] = left.slice(0, head).map((text) => ({ kind: 'same', text }));
  const oldMiddle = left.slice(head, left.length - tail);
  const newMiddle = right.slice(head, right.length - tail);
  const common = oldMiddle.length * newMiddle.length > 4_000_000 ? [] : pairs(oldMiddle, newMiddle);
  let a = 0;
  let b = 0;
  for (const [nextA, nextB] of [...common, [oldMiddle.length, newMiddle.length] as const]) {
    lines.push(...changed(oldMiddle.slice(a, nextA), newMiddle.slice(b, nextB)));
    const text = oldMiddle[nextA];
    if (text !== undefined && nextB < newMiddle.length) lines.push({ kind: 'same', text });
    a = nextA + 1;
    b = nextB + 1;
  }
  lines.push(...left.slice(left.length - tail).map((text): DiffLine => ({ kind: 'same', text })));
  return lines;
}

function changed(removed: readonly string[], added: readonly string[]): readonly DiffLine[] {
  if (removed.length !== added.length) {
    return [
      ...removed.map((text): DiffLine => ({ kind: 'removed', parts: [{ text, changed: true }] })),
      ...added.map((text): DiffLine => ({ kind: 'added', parts: [{ text, changed: true }] })),
    ];
  }
  return removed.flatMap((text, index): DiffLine[] => {
    const [left, right] = diffFields(text, added[index] ?? '');
    return [
      { kind: 'removed', parts: left },
      { kind: 'added', parts: right },
    ];
  });
}

/** Compares two segments field by field; unequal numbers of fields are aligned from the left. */
export function diffFields(before: string, after: string): readonly [readonly DiffPart[], readonly DiffPart[]] {
  const left = before.split('|');
  const right = after.split('|');
  const side = (own: readonly string[], other: readonly string[]): readonly DiffPart[] => {
    const parts: { text: string; changed: boolean }[] = [];
    own.forEach((field, index) => {
      const text = index === own.length - 1 ? field : `${field}|`;
      const isChanged = field !== other[index];
      const last = parts.at(-1);
      if (last !== undefined && last.changed === isChanged) last.text += text;
      else parts.push({ text, changed: isChanged });
    });
    return parts;
  };
  return [side(left, right), side(right, left)];
}
