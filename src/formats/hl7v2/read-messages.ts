import { ENVELOPE_PROBLEMS, type EnvelopeProblem, EnvelopeTally } from './envelope-tally.ts';
import { type MessagePart, MessageSplitter, type TooLongPart } from './message-splitter.ts';

/** One thing found in a file of messages, in the order of the file. */
export type FileItem =
  | (MessagePart & {
      /** Messages are counted from 1; of an envelope line, the number of messages before it. */
      readonly number: number;
      /** How many batches and files it lies in. */
      readonly depth: number;
    })
  /** Something is wrong with the envelope, or a message was too long to be read. */
  | (EnvelopeProblem & { readonly kind: 'problem' });

export interface ReadMessagesOptions {
  /** Longest message in bytes; a longer one is told as a problem and passed over. Default 64 MiB. */
  readonly maxMessageBytes?: number;
  /** Reading ends after so many messages, which is told as a problem. Default: no limit. */
  readonly maxMessages?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file of HL7 messages from a stream: headerless or with file and batch envelopes (HL7 v2 section 2.10.3), any
 * mixture of line ends, frames left in, UTF-16 and UTF-32. Counts of trailers are checked; what is wrong comes as an item of kind
 * `problem` and never keeps a message away. Memory: one message, and the chunk it ends in.
 *
 * @example
 * for await (const item of readMessages(createReadStream(path))) {
 *   if (item.kind === 'message') take(parseMessage(item.bytes), item.line);
 * }
 */
export async function* readMessages(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: ReadMessagesOptions = {},
): AsyncGenerator<FileItem, void, undefined> {
  const splitter = new MessageSplitter({ maxBytes: options.maxMessageBytes ?? DEFAULT_MAX_BYTES });
  const tally = new EnvelopeTally();
  const state = { number: 0, max: options.maxMessages ?? Number.POSITIVE_INFINITY };
  for await (const chunk of chunks) {
    for (const part of splitter.push(chunk)) {
      yield* itemsOf(part, tally, state);
      if (state.number > state.max) return;
    }
  }
  for (const part of splitter.end()) {
    yield* itemsOf(part, tally, state);
    if (state.number > state.max) return;
  }
  for (const problem of tally.end()) yield { kind: 'problem', ...problem };
}

function* itemsOf(
  part: MessagePart | TooLongPart,
  tally: EnvelopeTally,
  state: { number: number; readonly max: number },
): Generator<FileItem, void, undefined> {
  const isMessage = part.kind === 'message' || (part.kind === 'too-long' && part.name === 'MSH');
  if (isMessage) state.number += 1;
  if (state.number > state.max) {
    const text = `There are more than ${state.max} messages in it; the rest was not read.`;
    const { name: segment, line, offset } = part;
    yield { kind: 'problem', code: ENVELOPE_PROBLEMS.TOO_MANY, text, segment, line, offset };
    return;
  }
  const { depth } = tally;
  for (const problem of tally.add(part)) yield { kind: 'problem', ...problem };
  if (part.kind === 'too-long') {
    const what = isMessage ? 'The message' : 'The line';
    const text = `${what} has ${part.length} bytes, more than the limit, and was passed over.`;
    const { name: segment, line, offset } = part;
    yield { kind: 'problem', code: ENVELOPE_PROBLEMS.TOO_LONG, text, segment, line, offset };
    return;
  }
  yield { ...part, number: state.number, depth };
}
