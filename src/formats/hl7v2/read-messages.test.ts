import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hl7Error } from './hl7-error.ts';
import { parseMessage } from './message.ts';
import { type FileItem, type ReadMessagesOptions, readMessages } from './read-messages.ts';
import { splitMessages } from './split-messages.ts';
import { type WideForm, toWide } from './wide.ts';
import { type Batch, type BatchHeader, writeBatches } from './write-batch.ts';

const FHS = String.raw`FHS|^~\&|A`;
const BHS = String.raw`BHS|^~\&|A`;
const MSH = (id: number): string => String.raw`MSH|^~\&|A||||||ADT^A04|${id}|P|2.5.1`;

function cut(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

type Found = Exclude<FileItem, { readonly kind: 'problem' }>;

/** What was found but the problems. */
function parts(found: readonly FileItem[]): Found[] {
  return found.flatMap((item) => (item.kind === 'problem' ? [] : [item]));
}

function messagesOf(found: readonly FileItem[]): Found[] {
  return parts(found).filter(({ kind }) => kind === 'message');
}

async function items(file: Buffer | string, options?: ReadMessagesOptions, size = 7): Promise<FileItem[]> {
  const found: FileItem[] = [];
  const bytes = Buffer.from(file as string);
  for await (const item of readMessages(cut(bytes, size), options)) found.push(item);
  return found;
}

/** `m2 5 <2>` is message 2 at line 5, two levels deep; `! 7 BTS hl7.batch-count` a problem. */
async function told(lines: readonly string[], options?: ReadMessagesOptions): Promise<string[]> {
  const found = await items(lines.join('\r'), options);
  return found.flatMap((item) => {
    if (item.kind === 'problem') return [`! ${item.line} ${item.segment} ${item.code}`];
    return item.kind === 'message' ? [`m${item.number} ${item.line} <${item.depth}>`] : [];
  });
}

describe('readMessages', () => {
  it('gives the messages of a file of batches with their lines, and finds nothing wrong', async () => {
    const file = [FHS, BHS, MSH(1), 'PID|1', MSH(2), 'BTS|2', BHS, MSH(3), 'BTS|1|end of it', 'FTS|2', ''];
    expect(await told(file)).toEqual(['m1 3 <2>', 'm2 5 <2>', 'm3 8 <2>']);
  });

  it('gives headerless messages, whatever their lines end in', async () => {
    const file = `${MSH(1)}\r\nPID|1\n\n${MSH(2)}\rPID|2\r\n\u001c\r\u000b${MSH(3)}`;
    const found = await items(file);
    expect(found.map((item) => item.line)).toEqual([1, 4, 7]);
    expect(found.map((item) => item.offset)).toEqual([0, file.indexOf(MSH(2)), file.indexOf(`\u000b${MSH(3)}`)]);
    const segments = found.map((item) => (item.kind === 'message' ? parseMessage(item.bytes).segmentCount : 0));
    expect(segments).toEqual([2, 2, 1]);
  });

  it.each<[string, string[], string[]]>([
    ['another number of messages', [BHS, MSH(1), 'BTS|2'], ['m1 2 <1>', '! 3 BTS hl7.batch-count']],
    ['another number of batches', [FHS, BHS, MSH(1), 'BTS|1', 'FTS|3'], ['m1 3 <2>', '! 5 FTS hl7.batch-count']],
    ['a number that is none', [BHS, MSH(1), 'BTS|one'], ['m1 2 <1>', '! 3 BTS hl7.batch-count']],
    ['a batch that does not end', [FHS, BHS, MSH(1), 'FTS|1'], ['m1 3 <2>', '! 2 BHS hl7.batch-not-ended']],
    [
      'a file that is cut off',
      [FHS, BHS, MSH(1)],
      ['m1 3 <2>', '! 1 FHS hl7.batch-not-ended', '! 2 BHS hl7.batch-not-ended'],
    ],
    [
      'trailers without a header',
      [MSH(1), 'BTS|1', 'FTS|1'],
      ['m1 1 <0>', '! 2 BTS hl7.batch-not-begun', '! 3 FTS hl7.batch-not-begun'],
    ],
    ['delimiters that cannot be', ['BHS|^^|', MSH(1), 'BTS|1'], ['! 1 BHS hl7.batch-header', 'm1 2 <1>']],
  ])('tells of %s and gives the messages all the same', async (_, file, expected) => {
    expect(await told(file)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['no number at all', [FHS, BHS, MSH(1), 'BTS', 'FTS']],
    ['a file without batches that counts itself as one', [FHS, MSH(1), MSH(2), 'FTS|1']],
    ['a file without batches that counts messages', [FHS, MSH(1), MSH(2), 'FTS|2']],
    ['batches in batches that count their own', [BHS, MSH(1), BHS, MSH(2), 'BTS|1', 'BTS|1']],
    ['batches in batches that count all', [BHS, MSH(1), BHS, MSH(2), 'BTS|1', 'BTS|2']],
    ['several files in one', [FHS, BHS, MSH(1), 'BTS|1', 'FTS|1', FHS, BHS, MSH(2), 'BTS|1', 'FTS|1']],
    ['other delimiters', ['BHS#!~*%#A', MSH(1), 'BTS#1!x']],
    ['no encoding characters', ['BHS||||', MSH(1), 'BTS|1']],
    ['an empty batch', [FHS, BHS, 'BTS|0', 'FTS|1']],
  ])('finds nothing wrong with %s', async (_, file) => {
    expect((await told(file)).filter((line) => line.startsWith('!'))).toEqual([]);
  });

  it('passes over a message that is too long, and goes on', async () => {
    const long = `${MSH(2)}\rOBX|1|TX|||${'x'.repeat(20_000)}`;
    const file = Buffer.from([BHS, MSH(1), long, MSH(3), 'BTS|3', ''].join('\r'));
    for (const size of [50, 100_000]) {
      const found = await items(file, { maxMessageBytes: 10_000 }, size);
      expect(found.map((item) => (item.kind === 'problem' ? item.code : item.kind))).toEqual([
        'envelope',
        'message',
        'hl7.message-too-long',
        'message',
        'envelope',
      ]);
      expect(found[2]?.line).toBe(3);
    }
  });

  it('reads as many messages as it may', async () => {
    const found = await told([MSH(1), MSH(2), MSH(3)], { maxMessages: 2 });
    expect(found).toEqual(['m1 1 <0>', 'm2 2 <0>', '! 3 MSH hl7.too-many-messages']);
  });

  it.each<WideForm>(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('reads files in %s', async (form) => {
    const text = `\ufeff${[FHS, BHS, MSH(1), 'PID|1||||日本', '', MSH(2), 'BTS|2', 'FTS|1', ''].join('\r\n')}`;
    const wire = toWide(text, form);
    const found = await items(wire, {}, 33);
    expect(found.filter((item) => item.kind === 'problem')).toEqual([]);
    expect(
      found
        .flatMap((item) => (item.kind === 'problem' ? [] : [item.bytes]))
        .reduce((a, b) => Buffer.concat([a, b]))
        .equals(wire),
    ).toBe(true);
    const messages = messagesOf(found);
    expect(messages.map(({ line, number }) => [line, number])).toEqual([
      [3, 1],
      [6, 2],
    ]);
    for (const message of messages) expect(parseMessage(message.bytes).wide).toBe(form);
  });

  it('finds the same however the bytes come', async () => {
    const line = fc.constantFrom(
      FHS,
      BHS,
      MSH(1),
      'PID|1',
      'BTS|1',
      'FTS',
      '',
      ' ',
      '\u000b',
      '\ufeff',
      'MSH',
      'BTS',
      'x',
      '\u001c',
    );
    const file = fc.array(fc.tuple(line, fc.constantFrom('\r', '\n', '\r\n', '')), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 12 }), async (lines, size) => {
        const bytes = Buffer.from(lines.flat().join(''));
        const whole = [...splitMessages(bytes)];
        const streamed = (await items(bytes, {}, size)).filter((item) => item.kind !== 'problem');
        expect(streamed.map(({ offset, line: at, name, bytes: part }) => [offset, at, name, part.toString()])).toEqual(
          whole.map(({ offset, line: at, name, bytes: part }) => [offset, at, name, part.toString()]),
        );
      }),
      { numRuns: 300 },
    );
  });
});

const HEADER: BatchHeader = { time: new Date(0), sendingApplication: 'A|B', name: 'nightly', controlId: '7' };

async function written(batches: readonly Batch[], file?: BatchHeader): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of writeBatches(batches, file === undefined ? {} : { file })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('writeBatches', () => {
  it('writes envelopes that count what is in them', async () => {
    const messages = [Buffer.from(`${MSH(1)}\rPID|1`), Buffer.from(`${MSH(2)}\r\n`)];
    const bytes = await written(
      [
        { header: HEADER, messages },
        { header: { time: new Date(0) }, messages: [] },
      ],
      HEADER,
    );
    expect(bytes.toString().split('\r')).toEqual([
      String.raw`FHS|^~\&|A\F\B||||19700101000000+0000||nightly||7`,
      String.raw`BHS|^~\&|A\F\B||||19700101000000+0000||nightly||7`,
      MSH(1),
      'PID|1',
      MSH(2),
      '\nBTS|2',
      String.raw`BHS|^~\&|||||19700101000000+0000`,
      'BTS|0',
      'FTS|2',
      '',
    ]);
    const found = await items(bytes);
    expect(found.filter((item) => item.kind === 'problem')).toEqual([]);
    expect(messagesOf(found).map(({ bytes: message }) => message.toString())).toEqual([
      `${MSH(1)}\rPID|1\r`,
      `${MSH(2)}\r\n`,
    ]);
  });

  it.each([
    ['two messages', Buffer.from(`${MSH(1)}\r${MSH(2)}`)],
    ['nothing', Buffer.from('\r\n')],
    ['a batch', Buffer.from(`${BHS}\r${MSH(1)}\rBTS|1`)],
    ['UTF-16', toWide(MSH(1), 'utf-16le')],
  ])('refuses %s, which would not come back as it is', async (_, message) => {
    await expect(written([{ header: HEADER, messages: [message] }])).rejects.toThrow(Hl7Error);
  });
});
