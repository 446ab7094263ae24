import { linesOf, showControls } from './bytes.ts';

/** A message as lines that can be edited, and what is needed to turn them back into its bytes. */
export interface Draft {
  readonly text: string;
  readonly terminators: readonly string[];
  /** Control characters are shown as pictures, and turned back. */
  readonly pictures: boolean;
}

/** One segment a line; control characters as pictures (␋), unless the message itself holds such pictures. */
export function draftOf(bytes: Uint8Array, charset: string): Draft {
  const decoder = new TextDecoder(charset);
  const lines = linesOf(bytes);
  const texts = lines.map((line) => decoder.decode(bytes.subarray(line.start, line.end)));
  const pictures = !texts.some((text) => /[\u2400-\u2421]/.test(text));
  return {
    text: (pictures ? texts.map(showControls) : texts).join('\n'),
    terminators: lines.map((line) => line.terminator),
    pictures,
  };
}

export type Encoded = { readonly bytes: Uint8Array } | { readonly problem: string };

/**
 * The bytes of an edited draft in the message's own charset, with its own terminators. Says which character the charset
 * cannot hold instead of replacing it.
 */
export function encodeDraft(text: string, draft: Draft, charset: string): Encoded {
  const lines = text.split('\n');
  const usual = draft.terminators.find((each) => each !== '') ?? '\r';
  // What the message ended with it still ends with, however many segments it has now.
  const ending = draft.terminators.at(-1) ?? '';
  const joined = lines
    .map((line, index) => {
      const own = draft.terminators[index];
      if (index === lines.length - 1) return line + ending;
      return line + (own === undefined || own === '' ? usual : own);
    })
    .join('');
  const plain = draft.pictures
    ? joined.replaceAll(/[\u2400-\u2421]/g, (picture) =>
        picture === '\u2421' ? '\u007f' : String.fromCharCode(picture.charCodeAt(0) - 0x2400),
      )
    : joined;
  if (charset === 'utf-8') return { bytes: new TextEncoder().encode(plain) };
  const table = singleByteTable(charset);
  if (table === undefined) return { problem: `Messages in ${charset} cannot be edited here.` };
  const bytes = new Uint8Array(plain.length);
  for (let index = 0; index < plain.length; index++) {
    const byte = table.get(plain.charAt(index));
    if (byte === undefined) {
      const character = String.fromCodePoint(plain.codePointAt(index) ?? 0);
      return { problem: `The message is in ${charset}, which has no character “${character}”.` };
    }
    bytes[index] = byte;
  }
  return { bytes };
}

function singleByteTable(charset: string): ReadonlyMap<string, number> | undefined {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const text = decoder.decode(Uint8Array.of(byte));
    if (text.length !== 1 || (byte < 128 && text.charCodeAt(0) !== byte)) return undefined;
    if (text !== '\ufffd') table.set(text, byte);
  }
  return table;
}
