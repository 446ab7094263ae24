import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHeader } from '../../src/engine/intake/header-check.ts';
import { planReply, renderAck } from '../../src/engine/intake/replies.ts';
import { continuationView } from '../../src/formats/hl7v2/continuation.ts';
import { edit } from '../../src/formats/hl7v2/edit.ts';
import { documentBytes, embeddedDocument } from '../../src/formats/hl7v2/embedded-document.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { fragmentInfo, joinFragments } from '../../src/formats/hl7v2/fragments.ts';
import { Hl7Error } from '../../src/formats/hl7v2/hl7-error.ts';
import { type Hl7Message, parseMessage } from '../../src/formats/hl7v2/message.ts';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { peekPatientKey } from '../../src/formats/hl7v2/patient-key.ts';
import { read, readRaw, repetitionCount } from '../../src/formats/hl7v2/read.ts';
import { readMessages } from '../../src/formats/hl7v2/read-messages.ts';
import { isWrittenBack } from '../../src/formats/hl7v2/rebuild.ts';
import { splitMessages } from '../../src/formats/hl7v2/split-messages.ts';
import { describeMessage } from '../../src/formats/hl7v2/tree.ts';
import { validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { hl7Samples, sampleBytes } from './hl7v2-samples.ts';

const PATHS = [
  'MSH-9.2',
  'MSH-10',
  'PID-3.4',
  'PID-3[2].4.2',
  'PID-5.1',
  'PV1-3.4',
  'OBX[2]-5',
  'ZPM-3.2',
  'IN1[2]-4',
].map(compilePath);

const SEED = Buffer.from(
  [
    String.raw`MSH|^~\&|NG|HOST|PS|SRV|20260301||ADT^A04^ADT_A01|1|P|2.5.1||||||UNICODE UTF-8`,
    'EVN|A04|20260301',
    String.raw`PID|1||7^^^NG&1.2&ISO^MR~8^^^X||DÖE\T\^JOHN^""||19700101|M|||1 MAIN\.br\ST^^X`,
    String.raw`OBX|1|ED|x||^APPLICATION^PDF^Base64^JVBERi0xLjQ\X0D0A\ `,
    'ADD|goes on||||||F',
    'ZPM|a^b&c~d',
    'DSC|next|F',
    '',
  ].join('\r'),
);

/** Does everything a message goes through and tells whether it was read; anything but an Hl7Error is a fault. */
function exercise(bytes: Buffer): 'read' | 'refused' {
  let outcome: 'read' | 'refused' = 'refused';
  const tolerate = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Hl7Error)) throw error;
    }
  };
  expect(['AA', 'AE', 'AR']).toContain(acknowledge(bytes));
  tolerate(() => void peekPatientKey(bytes, peekEnvelope(bytes)));
  tolerate(() => {
    const message = parseMessage(bytes);
    outcome = 'read';
    expect(message.toBytes()).toBe(bytes);
    // Half a unit at the end of wide text, and units that are no characters, cannot come back from UTF-8.
    if (message.wide === undefined) expect(isWrittenBack(message)).toBe(true);
    readWhole(message, tolerate);
    for (const path of PATHS) {
      read(message, path);
      readRaw(message, path);
    }
    for (let i = 0; i < message.segmentCount; i++) repetitionCount(message, i, 3);
    for (const problem of validateMessage(message)) expect(problem.text).not.toBe('');
    describeMessage(message);
    for (const path of PATHS) {
      tolerate(() => {
        const edited = edit(message, path, 'new');
        expect(read(edited, path)).toBe('new');
      });
    }
  });
  tolerate(() => {
    for (const part of splitMessages(bytes)) tolerate(() => void parseMessage(part.bytes));
  });
  return outcome;
}

/** The answer of a listener that acknowledges at commit, as its sender reads it. */
function acknowledge(bytes: Buffer): string {
  const { envelope, errors, refusal } = checkHeader(bytes);
  const plan = planReply(envelope, refusal, { when: 'commit', mode: 'original' });
  expect(plan.atCommit).toBeDefined();
  const ack = renderAck(envelope, plan.atCommit ?? 'AR', 1n, new Date(0), errors, 'a|b');
  return parseAck(ack).code;
}

/** Continued segments, fragments, documents. */
function readWhole(message: Hl7Message, tolerate: (run: () => void) => void): void {
  const view = continuationView(message);
  for (let i = 0; i < view.message.segmentCount; i++) {
    expect(view.toOriginal(view.message.segmentStart(i))).toBeLessThanOrEqual(message.bytes.length);
    const document = embeddedDocument(view.message, i);
    if (document === undefined) continue;
    for (const encoding of ['base64', 'hex', 'text'] as const) {
      tolerate(() => void [...documentBytes(view.message, [document.span], encoding)]);
    }
  }
  if (fragmentInfo(message) !== undefined) tolerate(() => void joinFragments([message, message]));
}

/** Reads the bytes as a file that comes in chunks; all that is in it comes out. */
async function readAsFile(bytes: Buffer, chunk: number): Promise<void> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));
  const found: string[] = [];
  for await (const item of readMessages(chunks)) {
    if (item.kind !== 'problem') found.push(`${item.offset} ${item.line} ${item.name} ${item.bytes.length}`);
  }
  const whole = [...splitMessages(bytes)];
  expect(found).toEqual(whole.map((part) => `${part.offset} ${part.line} ${part.name} ${part.bytes.length}`));
}

/** Damage as it happens on the way: bytes changed, lost, doubled, cut off; pieces of other messages let in. */
function mutate(bytes: Buffer, random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * n);
  let result = Buffer.from(bytes);
  const pieces = [
    '|',
    '^',
    '~',
    '\\',
    '&',
    '\r',
    '\n',
    '\r\n',
    '\u000b',
    '\u001c\r',
    '""',
    'MSH|',
    'MSH',
    '\\X',
    '\u0000',
    '\u001b$B',
  ];
  for (let n = 1 + below(8); n > 0; n--) {
    const at = below(result.length + 1);
    const kind = below(7);
    if (kind === 0 && at < result.length) result[at] = below(256);
    else if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(at + below(20))]);
    else if (kind === 2) result = Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - below(60)))]);
    else if (kind === 3) result = Buffer.from(result.subarray(0, at));
    else if (kind === 4) {
      result = Buffer.concat([
        result.subarray(0, at),
        Buffer.from(pieces[below(pieces.length)] ?? ''),
        result.subarray(at),
      ]);
    } else if (kind === 6) {
      // Rarely, as in wide text most other damage is without effect.
      if (below(10) === 0) result = Buffer.from(result.toString('latin1'), 'utf16le');
    } else {
      const charsets = ['~ISO IR87', 'SHIFT_JIS', 'GB 18030-2000', 'BIG-5', '8859/1', 'KS X 1001', 'NONE'];
      const text = result.toString('latin1').replace('UNICODE UTF-8', charsets[below(charsets.length)] ?? '');
      result = Buffer.from(text, 'latin1');
    }
  }
  return result;
}

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 100,000 by hand before a release: `PRACTICE_STUDIO_FUZZ=100000 npm test -- test/conformance/hl7v2-fuzz.test.ts`. */
const MUTATIONS = Number(process.env['PRACTICE_STUDIO_FUZZ'] ?? 5000);

describe('damaged HL7', () => {
  it(`${MUTATIONS} mutated messages are read or refused and acknowledged, and never anything else`, async () => {
    const samples = (hl7Samples() ?? []).map(sampleBytes).filter((bytes) => bytes.length < 20_000);
    const seeds = [SEED, ...samples];
    const outcomes = { read: 0, refused: 0 };
    for (let n = 0; n < MUTATIONS; n++) {
      const random = seeded(n);
      const bytes = mutate(seeds[n % seeds.length] ?? SEED, random);
      try {
        outcomes[exercise(bytes)] += 1;
        await readAsFile(bytes, 1 + (n % 97));
      } catch (error) {
        throw new Error(`Mutation ${n} failed`, { cause: error });
      }
    }
    // Damage that never reached a header, or always did, would have tried little.
    expect(outcomes.read).toBeGreaterThan(MUTATIONS / 2);
    expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 50);
  }, 3_600_000);

  it('any bytes after a header are read, and written back as they are', () => {
    const header = fc.constantFrom('MSH|^~\\&|', 'MSH|^~\\&#|', 'MSH#!@%*#', 'MSH|^~|', 'MSH||', 'MSH|^~\\&\r');
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .string({ unit: fc.constantFrom(...'AZ09|^~\\&#\r\n"XFMSHPIDé\u001b$B('), maxLength: 300 })
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(header, soup, (start, rest) => {
        exercise(Buffer.concat([Buffer.from(start), rest]));
      }),
      { numRuns: 1000 },
    );
  });

  it('any bytes at all are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        exercise(Buffer.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  // Work that grew with the square of the size would take minutes here, far beyond any test's time-out.
  const MEGABYTES = 1;
  it.each([
    ['backslashes', '\\'],
    ['field separators', '|'],
    ['repetition separators', '~'],
    ['components', '^&'],
    ['line ends', '\r'],
    ['line ends that may be data', '\n'],
    ['short lines', 'A\r'],
    ['carriage returns and line feeds the wrong way round', '\n\r'],
    ['headers', 'MSH|^~\\&|\r'],
    ['open escapes', '\\X41'],
    ['hexadecimal', '\\X41\\'],
    ['patients', ' PID|'],
    ['blanks', ' '],
    ['escape bytes', '\u001b$B'],
  ])('takes a megabyte of %s in its stride', (_, unit) => {
    const much = unit.repeat((MEGABYTES * 1_000_000) / unit.length);
    const expected = unit === 'A\r' ? /read|refused/ : /^read$/;
    expect(exercise(Buffer.from(`MSH|^~\\&|A\rPID|1||${much}`))).toMatch(expected);
    expect(exercise(Buffer.from(`MSH|^~\\&|A|||||||||||||||~ISO IR87|\rPID|1||x\r${much}`))).toMatch(expected);
  });
});
