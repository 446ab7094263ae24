import { describe, expect, it } from 'vitest';
import { continuationView } from './continuation.ts';
import { edit } from './edit.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';
import { validateMessage } from './validate.ts';
import { toWide } from './wide.ts';

const HEADER = String.raw`MSH|^~\&|LAB|H|||||ORU^R01|1|P|2.5.1`;

function parse(...segments: readonly string[]): Hl7Message {
  return parseMessage(Buffer.from([HEADER, ...segments, ''].join('\r')));
}

function fields(message: Hl7Message, ...paths: readonly string[]): (string | null | undefined)[] {
  return paths.map((path) => read(message, compilePath(path)));
}

describe('continuationView', () => {
  const message = parse(
    'PID|1||7',
    'OBX|1|TX|N||It is a lo',
    'ADD|ng text',
    'ADD|, really||||||F',
    'OBX|2|TX|N||short',
  );

  it('joins ADD to the field that it continues, and its later fields behind it', () => {
    const view = continuationView(message).message;
    expect(fields(view, 'OBX-5', 'OBX-11', 'OBX[2]-5')).toEqual(['It is a long text, really', 'F', 'short']);
    expect(view.segmentIndexes('ADD')).toEqual([]);
    expect(validateMessage(view).filter(({ severity }) => severity === 'E')).toEqual(
      validateMessage(message).filter(({ severity }) => severity === 'E'),
    );
  });

  it('leaves the bytes of the wire as they are', () => {
    const { message: view } = continuationView(message);
    expect(view.toBytes()).toBe(message.toBytes());
    expect(fields(message, 'OBX-5', 'ADD[2]-7')).toEqual(['It is a lo', 'F']);
    expect(() => edit(view, compilePath('OBX-5'), 'x')).toThrow(/view/);
  });

  it('tells where its bytes stand in the message', () => {
    const view = continuationView(message);
    for (const text of ['PID|1', 'It is', 'ng text', ', really', 'short']) {
      const at = view.message.bytes.indexOf(text);
      expect(view.toOriginal(at)).toBe(message.bytes.indexOf(text));
    }
  });

  it('is the message itself where nothing is continued', () => {
    const whole = parse('PID|1||7', 'OBX|1|TX|N||text');
    expect(continuationView(whole).message).toBe(whole);
  });

  it('leaves an ADD behind the header, which continues another message', () => {
    const fragment = parse('ADD|the rest||||||F', 'ADD|x', 'OBX|2');
    const { message: view } = continuationView(fragment);
    expect(fields(view, 'ADD-1', 'ADD-7')).toEqual(['the rest', 'Fx']);
  });

  it('takes a mark without fields away', () => {
    for (const mark of ['ADD', 'ADD|']) {
      expect(fields(continuationView(parse('OBX|1|TX|N||It is a lo', mark)).message, 'OBX-5')).toEqual(['It is a lo']);
    }
  });

  it('joins characters that were cut in two, also in UTF-16', () => {
    const cut = Buffer.from('日');
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}\rNTE|1||`),
      cut.subarray(0, 1),
      Buffer.from('\r\nADD|'),
      cut.subarray(1),
    ]);
    expect(fields(continuationView(parseMessage(bytes)).message, 'NTE-3')).toEqual(['日']);
    const wide = parseMessage(toWide(`${HEADER}\rNTE|1||日\rADD|本\r`, 'utf-16le'));
    expect(fields(continuationView(wide).message, 'NTE-3')).toEqual(['日本']);
  });
});
