import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataEncoding, decodeData, encodingOf } from './decode-data.ts';
import { documentBytes, embeddedDocument } from './embedded-document.ts';
import { unescapeText } from './escape.ts';
import { Hl7Error } from './hl7-error.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { locate, read } from './read.ts';
import { unescapeBytes } from './unescape-bytes.ts';

const HEADER = String.raw`MSH|^~\&|LAB|||||||1|P|2.5.1`;

function message(obx: string | Buffer): Hl7Message {
  return parseMessage(
    Buffer.concat([Buffer.from(`${HEADER}\rOBX|1|`), Buffer.from(obx as string), Buffer.from('|||F\r')]),
  );
}

function decoded(found: Hl7Message, encoding?: DataEncoding): Buffer {
  const document = embeddedDocument(found, 1);
  if (document === undefined) throw new Error('no document');
  return Buffer.concat([...documentBytes(found, [document.span], encoding ?? document.encoding ?? 'text')]);
}

function decode(text: string, encoding: DataEncoding, size = 1000): string {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Buffer.concat([...decodeData(pieces, encoding)]).toString('latin1');
}

describe('embeddedDocument', () => {
  it('finds encapsulated data and what it is', () => {
    const found = message('ED|PDF^Report||LAB^Application^PDF^Base64^SGVsbG8=');
    expect(embeddedDocument(found, 1)).toMatchObject({
      kind: 'data',
      type: 'Application',
      subtype: 'PDF',
      encoding: 'base64',
    });
    expect(decoded(found).toString()).toBe('Hello');
  });

  it('finds the pointer of a reference, and the second repetition', () => {
    const found = message('RP|x||a^^TEXT~https://files.example/7^LAB^Image^JPEG');
    const document = embeddedDocument(found, 1, 1);
    expect(document).toMatchObject({ kind: 'pointer', type: 'Image', subtype: 'JPEG', encoding: undefined });
    expect([...unescapeBytes(found, [document?.span ?? { start: 0, end: 0 }])].join('')).toBe(
      'https://files.example/7',
    );
  });

  it('finds nothing where there is none', () => {
    for (const obx of ['TX|x||text', 'ED|x||^TEXT^^A^', 'ED|x||', 'ED|x', '|x||a^b^c^d^e']) {
      expect(embeddedDocument(message(obx), 1)).toBeUndefined();
    }
  });

  it('reads hexadecimal and text, escapes undone', () => {
    expect(decoded(message('ED|x||^TEXT^^Hex^4865 6c6C\\X0D0A\\6f')).toString()).toBe('Hello');
    expect(decoded(message(String.raw`ED|x||^TEXT^^A^a\T\b\.br\C:\dir\X4142\ `)).toString()).toBe('a&b\nC:\\dirAB ');
  });

  it('reads a document in several parts', () => {
    const bytes = Buffer.from(`${HEADER}\rOBX|1|ED|x||^A^PDF^Base64^SGVs\rOBX|2|ED|x||^A^PDF^Base64^bG8=\r`);
    const found = parseMessage(bytes);
    const spans = [1, 2].flatMap((segment) => embeddedDocument(found, segment)?.span ?? []);
    expect(Buffer.concat([...documentBytes(found, spans, 'base64')]).toString()).toBe('Hello');
  });

  it('decodes 20 MB in pieces, without a copy of the whole', () => {
    const size = 20 * 1024 * 1024;
    const content = Buffer.alloc(size, 'Practice Studio ');
    const found = message(
      Buffer.concat([Buffer.from('ED|x||^A^PDF^Base64^'), Buffer.from(content.toString('base64'))]),
    );
    const document = embeddedDocument(found, 1);
    const before = process.memoryUsage();
    let at = 0;
    let same = true;
    let largest = 0;
    for (const piece of documentBytes(found, document === undefined ? [] : [document.span], 'base64')) {
      same &&= content.subarray(at, at + piece.length).equals(piece);
      at += piece.length;
      largest = Math.max(largest, piece.length);
    }
    const { heapUsed } = process.memoryUsage();
    expect({ at, same }).toEqual({ at: size, same: true });
    expect(largest).toBeLessThanOrEqual(65_536);
    expect(heapUsed - before.heapUsed).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('decodeData', () => {
  it.each([
    ['', ''],
    ['SGVsbG8', 'Hello'],
    ['SGVsbG8=', 'Hello'],
    ['SGVs\r\nbG8=\r\n', 'Hello'],
    ['SGVsbA==SGVsbG8=', 'HellHello'],
    ['-_8=', '\xfb\xff'],
  ])('reads Base64 %j', (text, expected) => {
    for (const size of [1, 3, 1000]) expect(decode(text, 'base64', size)).toBe(expected);
  });

  it.each<[DataEncoding, string, number]>([
    ['base64', 'SGVs*G8=', 4],
    ['base64', '====', 0],
    ['base64', 'S===', 1],
    ['base64', 'SGVsb', 5],
    ['hex', '4g', 1],
    ['hex', '486', 3],
  ])('refuses %s %j, as a document with a gap must not look whole', (encoding, text, offset) => {
    const refusal = (() => {
      try {
        return decode(text, encoding, 2);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Hl7Error);
    expect(refusal).toMatchObject({ code: 'hl7.bad-data', place: { offset } });
  });

  it('undoes what was encoded, whatever the pieces', () => {
    const size = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), size, (bytes, piece) => {
        const content = Buffer.from(bytes);
        const expected = content.toString('latin1');
        expect(decode(content.toString('base64'), 'base64', piece)).toBe(expected);
        expect(decode(content.toString('base64url'), 'base64', piece)).toBe(expected);
        expect(decode(content.toString('hex'), 'hex', piece)).toBe(expected);
      }),
    );
  });
});

describe('encodingOf', () => {
  it.each([
    ['Base64', 'base64'],
    ['BASE-64', 'base64'],
    ['Hex', 'hex'],
    ['A', 'text'],
    ['', undefined],
    ['zip', undefined],
  ])('%j is %s', (text, expected) => {
    expect(encodingOf(text)).toBe(expected);
  });
});

describe('unescapeBytes', () => {
  it('says what unescapeText says', () => {
    const path = compilePath('OBX-5');
    const units = [
      '\\',
      'X',
      'C3',
      'A9',
      '\\F\\',
      '\\.br\\',
      '\\.sp2\\',
      '\\X41\\',
      'é',
      'a',
      '\\E\\',
      '\\C2842\\',
      '\\Z\\',
      '\\H\\',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const found = message(`TX|x||${text}`);
        const span = locate(found, path) ?? { start: 0, end: 0 };
        const bytes = Buffer.concat([...unescapeBytes(found, [span])]);
        // Bytes that are no character are guessed at in a text; as bytes they stay.
        fc.pre(isUtf8(bytes));
        // A switch back to the default set means nothing where none was switched to; as bytes it stays.
        const expected = unescapeText(text.replaceAll('\\C2842\\', '\u0001'), found.delimiters, 'utf-8');
        expect(bytes.toString().replaceAll('\\C2842\\', '\u0001')).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps switches of ISO-2022-JP as its escape bytes', () => {
    const found = parseMessage(Buffer.from(`${HEADER}||||||~ISO IR87\rOBX|1|TX|x||\\M2442\\K!\\C2842\\a\r`));
    const span = locate(found, compilePath('OBX-5')) ?? { start: 0, end: 0 };
    expect(Buffer.concat([...unescapeBytes(found, [span])]).toString('latin1')).toBe('\u001b$BK!\u001b(Ba');
    expect(read(found, compilePath('OBX-5'))).toBe('法a');
  });
});
