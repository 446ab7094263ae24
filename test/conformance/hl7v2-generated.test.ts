import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText } from '../../src/formats/hl7v2/charset.ts';
import { type Delimiters, makeDelimiters } from '../../src/formats/hl7v2/delimiters.ts';
import { escapeText } from '../../src/formats/hl7v2/escape.ts';
import { type Hl7Message, parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { readMessages } from '../../src/formats/hl7v2/read-messages.ts';
import { isWrittenBack } from '../../src/formats/hl7v2/rebuild.ts';
import { type WideForm, toWide } from '../../src/formats/hl7v2/wide.ts';
import { writeBatches } from '../../src/formats/hl7v2/write-batch.ts';

// Messages made from values: what is read must be those values, what is written must be the bytes.

const DELIMITERS: readonly Delimiters[] = ['^~\\&', '^~\\&#', '!@%*'].flatMap((encoding) =>
  ['|', '$'].map((field) => makeDelimiters(field, encoding)),
);

/** A character set as MSH-18 names it, our name of it, and characters that it has. */
const SETS: readonly (readonly [string, string, string])[] = [
  ['UNICODE UTF-8', 'utf-8', 'é日𝒟ŻЖ김'],
  ['', 'utf-8', 'é日𝒟ŻЖ김'],
  ['8859/1', 'windows-1252', 'éÄß’'],
  ['8859/2', 'iso-8859-2', 'čŻł'],
  ['8859/5', 'iso-8859-5', 'ЖИя'],
  ['8859/15', 'iso-8859-15', '€Œ'],
  ['~ISO IR87', 'iso-2022-jp', '日本ｱ仝丂'],
  ['SHIFT_JIS', 'shift_jis', '表ポ日ｱ'],
  ['GB 18030-2000', 'gb18030', '患者€'],
  ['BIG-5', 'big5', '陳功許'],
  ['KS X 1001', 'cp949', '김철똠'],
];

type Field = readonly (readonly (readonly string[])[])[];

interface Made {
  readonly delimiters: Delimiters;
  readonly charset: (typeof SETS)[number];
  readonly wide: WideForm | undefined;
  readonly lineEnd: string;
  readonly segments: readonly { readonly name: string; readonly fields: readonly Field[] }[];
}

const SPECIAL = [...'abXFSTRE.br|^~\\&#$!@%*"/: 09\r\n\u000b\u001c', '""', '\\.br\\', 'C:\\dir', '\\X41\\', ''];

const made: fc.Arbitrary<Made> = fc.constantFrom(...SETS).chain((charset) => {
  const text = fc
    .array(fc.constantFrom(...SPECIAL, ...charset[2]), { maxLength: 8 })
    .map((pieces) => pieces.join(''))
    .filter((value) => value !== '""');
  const parts = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 1, maxLength: 3 });
  const segment = fc.record({
    name: fc.constantFrom('PID', 'OBX', 'NTE', 'ZA1', 'PV1'),
    fields: fc.array(parts(parts(parts(text))), { maxLength: 6 }),
  });
  const isUnicode = charset[1] === 'utf-8';
  return fc.record({
    delimiters: fc.constantFrom(...DELIMITERS),
    charset: fc.constant(charset),
    wide: isUnicode
      ? fc.constantFrom<(WideForm | undefined)[]>(undefined, undefined, 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be')
      : fc.constant(undefined),
    lineEnd: fc.constantFrom('\r', '\n', '\r\n'),
    segments: fc.array(segment, { minLength: 1, maxLength: 5 }),
  });
});

function write({ delimiters, charset, wide, lineEnd, segments }: Made): Buffer {
  const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
  const encoding = component + repetition + escape + subcomponent + truncation;
  const header = ['MSH', encoding, 'A', 'B', 'C', 'D', '2026', '', `ADT${component}A04`, '1', 'P', '2.5.1'];
  const lines = [[...header, '', '', '', '', '', charset[0].replace('~', repetition)].join(field)];
  for (const { name, fields } of segments) {
    const values = fields.map((repetitions) =>
      repetitions
        .map((components) =>
          components
            .map((subs) => subs.map((text) => escapeText(text, delimiters) ?? '').join(subcomponent))
            .join(component),
        )
        .join(repetition),
    );
    lines.push([name, ...values].join(field));
  }
  const text = lines.map((line) => line + lineEnd).join('');
  if (wide !== undefined) return toWide(text, wide);
  const bytes = encodeText(text, charset[1]);
  if (bytes === undefined) throw new Error(`${charset[0]} cannot carry the text that was made for it.`);
  return bytes;
}

/** Each value with its path. */
function* values({ segments }: Made): Generator<{ readonly path: string; readonly value: string }> {
  const seen = new Map<string, number>();
  for (const { name, fields } of segments) {
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    for (const [f, repetitions] of fields.entries()) {
      for (const [r, components] of repetitions.entries()) {
        for (const [c, subs] of components.entries()) {
          for (const [s, value] of subs.entries()) {
            yield { path: `${name}[${occurrence}]-${f + 1}[${r + 1}].${c + 1}.${s + 1}`, value };
          }
        }
      }
    }
  }
}

function expectRead(message: Hl7Message, model: Made): void {
  for (const { path, value } of values(model)) {
    expect(read(message, compilePath(path)) ?? '', path).toBe(value);
  }
}

describe('generated messages', () => {
  it('are read as they were made and written back as they came, in all delimiters, escapes and character sets', () => {
    fc.assert(
      fc.property(made, (model) => {
        const bytes = write(model);
        const message = parseMessage(bytes);
        expect(message.charset.name).toBe(model.charset[1]);
        expect(message.toBytes()).toBe(bytes);
        expect(isWrittenBack(message)).toBe(true);
        expectRead(message, model);
      }),
      { numRuns: 1500 },
    );
  });

  it('come back from a file of batches', async () => {
    const batches = fc.array(fc.array(made, { maxLength: 3 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 300 }), async (models, size) => {
        const plain = models.map((batch) => batch.filter(({ wide }) => wide === undefined));
        const header = { time: new Date(0), name: 'a|b\\c' };
        const written: Buffer[] = [];
        const source = plain.map((batch) => ({ header, messages: batch.map(write) }));
        for await (const piece of writeBatches(source, { file: header })) written.push(piece);
        const file = Buffer.concat(written);
        const chunks = Array.from({ length: Math.ceil(file.length / size) }, (_, n) =>
          file.subarray(n * size, (n + 1) * size),
        );
        const found: Buffer[] = [];
        for await (const item of readMessages(chunks)) {
          expect(item.kind).not.toBe('problem');
          if (item.kind === 'message') found.push(item.bytes);
        }
        const expected = plain.flat();
        expect(found).toHaveLength(expected.length);
        for (const [index, model] of expected.entries()) {
          const bytes = found[index] ?? Buffer.alloc(0);
          expect(bytes.equals(write(model))).toBe(true);
          expectRead(parseMessage(bytes), model);
        }
      }),
      { numRuns: 100 },
    );
  });
});
