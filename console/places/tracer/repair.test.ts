import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf, encodeDraft } from './repair.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const encode = (bytes: Uint8Array, charset: string, edit: (text: string) => string = (text) => text) => {
  const draft = draftOf(bytes, charset);
  return encodeDraft(edit(draft.text), draft, charset);
};

describe('the repair of a message', () => {
  it('gives back every byte of what was not edited: terminators, control characters, pictures of them', () => {
    const messages = [
      'MSH|a\rPID|b\r',
      'MSH|a\r\nPID|b\nPV1|c',
      '\u000bMSH|\u0000x\u001c\r',
      'MSH|␋ is shown\r',
      'MSH|a\r\rPID\r',
    ];
    for (const message of messages) expect(encode(bytesOf(message), 'utf-8')).toEqual({ bytes: bytesOf(message) });
  });
  it('gives back any message in a charset of one byte a character', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(encode(bytes, 'windows-1252')).toEqual({ bytes: Uint8Array.from(bytes) });
      }),
    );
  });
  it('ends a segment that is added as the others end', () => {
    expect(encode(bytesOf('MSH|a\rPV1|c\r'), 'utf-8', (text) => text.replace('\n', '\nPID|b\n'))).toEqual({
      bytes: bytesOf('MSH|a\rPID|b\rPV1|c\r'),
    });
    expect(encode(bytesOf('MSH|a\rPV1|c'), 'utf-8', (text) => `${text}\nZZZ`)).toEqual({
      bytes: bytesOf('MSH|a\rPV1|c\rZZZ'),
    });
  });
  it('writes the message’s own charset, and says which character that does not have', () => {
    const latin = Uint8Array.of(0x44, 0xd6, 0x45, 0x0d);
    expect(encode(latin, 'windows-1252', (text) => text.replace('E', 'é'))).toEqual({
      bytes: Uint8Array.of(0x44, 0xd6, 0xe9, 0x0d),
    });
    expect(encode(latin, 'windows-1252', (text) => text.replace('E', '名'))).toEqual({
      problem: 'The message is in windows-1252, which has no character “名”.',
    });
    expect(encode(bytesOf('MSH'), 'shift_jis')).toHaveProperty('problem');
  });
});
