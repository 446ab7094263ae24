import type { RecordBody, RecordState } from '../record-input.ts';

type Span = readonly [from: number, to: number];

/** A clinical resource as it is sealed: the resource, and by which times it is held against others. */
interface StoredResource {
  readonly v: 1;
  readonly r: RecordBody;
  readonly s?: Span;
  readonly i?: Span;
  readonly e?: 1;
}

/** The sealed form of a resource. The other way: {@link decodeResource}. */
export function encodeResource({ body, said, issued, ended }: RecordState): string {
  const stored: StoredResource = {
    v: 1,
    r: body,
    ...(said === undefined ? {} : { s: [said.from, said.to] }),
    ...(issued === undefined ? {} : { i: [issued.from, issued.to] }),
    ...(ended ? { e: 1 } : {}),
  };
  return JSON.stringify(stored);
}

/**
 * Reads what {@link encodeResource} wrote.
 *
 * @throws Error when the text is of a version that this program does not know.
 */
export function decodeResource(text: string, status: string): RecordState {
  const { v, r, s, i, e } = JSON.parse(text) as StoredResource;
  if (v !== 1) throw new Error(`The stored resource is of version ${String(v)}; this program reads 1.`);
  const span = (times: Span | undefined) => (times === undefined ? undefined : { from: times[0], to: times[1] });
  return { status, ended: e === 1, said: span(s), issued: span(i), body: r };
}
