import { type MessagePart, MessageSplitter } from './message-splitter.ts';

/**
 * Takes a file of messages that is in memory apart; see {@link MessageSplitter} for how, and `readMessages` for a stream. The
 * parts are views of the file's bytes, not copies.
 */
export function* splitMessages(bytes: Buffer): Generator<MessagePart, void, undefined> {
  const splitter = new MessageSplitter();
  for (const parts of [splitter.push(bytes), splitter.end()]) {
    for (const part of parts) if (part.kind !== 'too-long') yield part;
  }
}
