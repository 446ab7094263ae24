import { readMessages } from '../../formats/hl7v2/read-messages.ts';
import { idAtMs } from '../../domain/ids.ts';
import { boundedRead } from '../../records/bounded-read.ts';
import { scanCandidates } from '../../records/messages/scan-messages.ts';
import { isPossibleId } from '../../records/page-cursor.ts';
import type { Sealer } from '../../security/sealing.ts';
import { messageContents } from '../../store/queries/feed-analyses.ts';
import type { Database } from '../../store/queryable.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';

/** One sample message, or something in its place that could not be read. */
export type Sample =
  { readonly bytes: Buffer; readonly place: string } | { readonly problem: string; readonly place: string };

export interface UploadLimits {
  /** Bytes of one upload. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Messages of one upload. Default 500,000. */
  readonly maxMessages?: number;
}

/** An upload that is larger than it may be. */
export class UploadTooLarge extends Error {
  readonly code = 'upload_too_large';

  constructor(maxBytes: number) {
    super(`The upload has more than ${Math.round(maxBytes / 1024 / 1024)} MB.`);
    this.name = 'UploadTooLarge';
  }
}

/** The messages of a file as it arrives. @throws UploadTooLarge */
export async function* uploadedSamples(
  chunks: AsyncIterable<Uint8Array>,
  limits: UploadLimits = {},
): AsyncGenerator<Sample, void, undefined> {
  const bounded = boundedChunks(chunks, limits.maxBytes ?? 1024 * 1024 * 1024);
  for await (const item of readMessages(bounded, { maxMessages: limits.maxMessages ?? 500_000 })) {
    if (item.kind === 'message') yield { bytes: item.bytes, place: `line ${item.line}` };
    else if (item.kind === 'problem') yield { problem: item.code, place: `line ${item.line}` };
  }
}

async function* boundedChunks(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw new UploadTooLarge(maxBytes);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** Longest first line, which holds a draft as JSON. */
const MAX_FIRST_LINE = 4 * 1024 * 1024;

/**
 * Takes the first line off a stream. Answers it and the rest; undefined when there is no line end within 4 MB.
 */
export async function takeFirstLine(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly line: string; readonly rest: AsyncIterable<Uint8Array> } | undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return undefined;
    const chunk = next.value;
    const end = chunk.indexOf(0x0a);
    if (end === -1) {
      held.push(chunk);
      length += chunk.length;
      if (length > MAX_FIRST_LINE) return undefined;
      continue;
    }
    const line = Buffer.concat([...held, chunk.subarray(0, end)]).toString('utf8');
    const first = chunk.subarray(end + 1);
    const rest = (async function* (): AsyncGenerator<Uint8Array> {
      if (first.length > 0) yield first;
      for (;;) {
        const more = await iterator.next();
        if (more.done === true) return;
        yield more.value;
      }
    })();
    return { line, rest };
  }
}

export interface StoredFilter {
  readonly system: string;
  readonly listener?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

/** Contents are opened so many at a time. */
const PAGE = 100;

/** The newest stored messages of a system, read page by page. */
export async function* storedSamples(
  deps: { readonly database: Database; readonly sealer: Sealer; readonly now: () => number },
  filter: StoredFilter,
): AsyncGenerator<Sample, void, undefined> {
  const { database, sealer } = deps;
  if (!isPossibleId(filter.system) || (filter.listener !== undefined && !isPossibleId(filter.listener))) return;
  const from = String(filter.from === undefined ? 0n : idAtMs(Date.parse(filter.from)));
  let below = String(idAtMs(filter.to === undefined ? deps.now() + 60_000 : Date.parse(filter.to)));
  const scan = {
    systems: [filter.system],
    listener: filter.listener ?? null,
    type: null,
    finalStates: null,
  };
  for (let left = filter.limit; left > 0;) {
    const start = below;
    const page = await boundedRead(database, async (tx) => {
      const { ids, resume } = await scanCandidates(tx, scan, from)(start, Math.min(PAGE, left));
      return { ids, resume, rows: ids.length === 0 ? [] : await messageContents(tx, ids) };
    });
    const byId = new Map(page.rows.map((row) => [String(row.id), row.content]));
    for (const id of page.ids) {
      const content = byId.get(id);
      if (content === undefined) continue;
      yield { bytes: sealer.open(SEALED_COLUMNS.messageContent, BigInt(id), content), place: `message ${id}` };
      left -= 1;
    }
    if (page.resume === null) return;
    below = page.resume;
  }
}
