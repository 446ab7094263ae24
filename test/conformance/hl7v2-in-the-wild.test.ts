import { describe, expect, it } from 'vitest';
import { checkItem, type MessageCheck } from '../../src/commands/hl7/check-item.ts';
import { ROUTES } from '../../src/engine/worker/route.ts';
import { continuationView } from '../../src/formats/hl7v2/continuation.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { type FileItem, readMessages } from '../../src/formats/hl7v2/read-messages.ts';
import { isWrittenBack } from '../../src/formats/hl7v2/rebuild.ts';
import { validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { hl7Samples, sampleBytes } from './hl7v2-samples.ts';

// What real feeds do that the standard does not foresee, and must not be corrupted.

const MSH = (encoding = '^~\\&', charset = ''): string =>
  `MSH|${encoding}|NG|HOST|PS|SRV|20260301||ADT^A04^ADT_A01|1|P|2.5.1||||||${charset}`;
const PID = 'PID|1||7^^^NG^MR||DOE^JOHN||19800515|M';

function expectKept(bytes: Buffer, expected: Readonly<Record<string, string | null>>): void {
  const message = parseMessage(bytes);
  for (const [path, value] of Object.entries(expected)) expect(read(message, compilePath(path)), path).toBe(value);
  expect(message.toBytes()).toBe(bytes);
  expect(isWrittenBack(message)).toBe(true);
  expect(peekEnvelope(bytes).controlId).toBe('1');
}

describe('HL7 in the wild', () => {
  it.each<[string, string, Record<string, string | null>]>([
    ['line feeds', `${MSH()}\n${PID}\n`, { 'PID-5.1': 'DOE' }],
    ['CRLF', `${MSH()}\r\n${PID}\r\n`, { 'PID-8': 'M' }],
    ['line ends that change', `${MSH()}\r${PID}\r\nPV1|1|O\nNTE|1||x`, { 'PV1-2': 'O', 'NTE-3': 'x' }],
    ['a byte order mark', `\ufeff${MSH()}\r${PID}\r`, { 'PID-5.1': 'DOE', 'MSH-3': 'NG' }],
    ['blank lines', `\r\n\r\n${MSH()}\r\n\r\n \r\n${PID}\r\n\r\n`, { 'PID-5.1': 'DOE' }],
    ['a fifth delimiter', `${MSH('^~\\&#')}\r${PID}|||a#b\\P\\c\r`, { 'MSH-2': '^~\\&#', 'PID-11': 'a#b#c' }],
    [
      'its own delimiters',
      `${MSH().replaceAll('^', '!').replace('~\\&', '@%*')}\r${PID.replaceAll('^', '!')}`,
      { 'PID-5.2': 'JOHN' },
    ],
    [
      'lone backslashes',
      String.raw`${MSH()}${'\r'}NTE|1||C:\dir\file.txt|\\server\share`,
      { 'NTE-3': 'C:\\dir\\file.txt', 'NTE-4': '\\\\server\\share' },
    ],
    [
      'unknown escapes',
      String.raw`${MSH()}${'\r'}NTE|1||\Zab\ \Q\ \X4\ \.zz\ `,
      { 'NTE-3': String.raw`\Zab\ \Q\ \X4\ \.zz\ ` },
    ],
    ['a line feed inside a text', `${MSH()}\rNTE|1||one\ntwo\rPV1|1|O`, { 'NTE-3': 'one\ntwo', 'PV1-2': 'O' }],
    ['UNICODE UTF-8', `${MSH('^~\\&', 'UNICODE UTF-8')}\rNTE|1||René`, { 'NTE-3': 'René' }],
    ['a year as a date', `${MSH()}\rPID|1||7||DOE||1970`, { 'PID-7': '1970' }],
    ['an offset in a time', `${MSH()}\rEVN|A04|20260302091500.1234-0600`, { 'EVN-2': '20260302091500.1234-0600' }],
    ['nulls', `${MSH()}\rPID|1||7||""^JOHN||""`, { 'PID-5': null, 'PID-7': null, 'PID-5.2': 'JOHN' }],
    ['frame characters', `\u000b${MSH()}\r${PID}\r\u001c\r`, { 'PID-8': 'M' }],
    ['indented segments', `${MSH()}\r\n  ${PID}\r\n`, { 'PID-8': 'M' }],
    ['fields beyond the standard', `${MSH()}\rPID${'|'.repeat(60)}x`, { 'PID-60': 'x' }],
  ])('keeps %s', (_, text, expected) => {
    expectKept(Buffer.from(text), expected);
  });

  it('keeps 8859/1 with the letters of its bytes', () => {
    expectKept(Buffer.from(`${MSH('^~\\&', '8859/1')}\rNTE|1||Ren\xe9`, 'latin1'), { 'NTE-3': 'René' });
    expectKept(Buffer.from(`${MSH('^~\\&', 'iso_8859-1:1987')}\rNTE|1||Ren\xe9`, 'latin1'), { 'NTE-3': 'René' });
  });

  it('keeps the bytes of a character set that it does not know, and says so', () => {
    const bytes = Buffer.from(`${MSH('^~\\&', 'KLINGON')}\rNTE|1||\xe9\xff`, 'latin1');
    expectKept(bytes, { 'NTE-3': 'éÿ' });
    expect(validateMessage(parseMessage(bytes)).some(({ location }) => location.field === 18)).toBe(true);
  });

  it('reads ADD where it stands, and joined', () => {
    const message = parseMessage(Buffer.from(`${MSH()}\rNTE|1||one\rADD| two\r`));
    expect(read(message, compilePath('ADD-1'))).toBe(' two');
    expect(read(continuationView(message).message, compilePath('NTE-3'))).toBe('one two');
  });

  it('takes a headerless batch apart, also one cut off in the middle of a line', async () => {
    const file = `${MSH()}\r\n${PID}\r\n\r\n${MSH()}\r\n${PID}\r\nPV1|1|`;
    const found: FileItem[] = [];
    for await (const item of readMessages([Buffer.from(file)])) found.push(item);
    expect(found.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['message 1', 'message 4']);
  });
});

const samples = hl7Samples();

if (samples === undefined) {
  describe('the sample messages', () => {
    it('not run: samples are not beside this clone', () => {
      expect(process.env['CI']).toBeFalsy();
    });
  });
} else {
  describe('the sample messages', () => {
    const checked = async (): Promise<MessageCheck[]> => {
      const checks: MessageCheck[] = [];
      for (const sample of samples) {
        for await (const item of readMessages([sampleBytes(sample)])) {
          const check = checkItem(sample.file, item);
          expect(check?.kind, sample.file).toBe('message');
          if (check?.kind === 'message') checks.push(check);
        }
      }
      return checks;
    };

    it('are parsed and written back, each of the 396', async () => {
      const checks = await checked();
      expect(checks).toHaveLength(396);
      expect(checks.filter(({ parsed, identical }) => !parsed || !identical)).toEqual([]);
    });

    it('are each routed or reported: with a target, or as a type that has none, or with what is wrong', async () => {
      const checks = await checked();
      const types = new Set(ROUTES.map(({ type }) => type));
      for (const { file, line, type, route, warnings } of checks) {
        const place = `${file}:${line}`;
        if (route !== null) expect(types.has(type ?? ''), place).toBe(true);
        else if (type === null)
          expect(
            warnings.some(({ severity }) => severity === 'error'),
            place,
          ).toBe(true);
        else expect(types.has(type), place).toBe(false);
      }
      const targets = new Set(checks.flatMap(({ route }) => route ?? []));
      expect([...targets].sort()).toEqual([...new Set(ROUTES.map(({ target }) => target))].sort());
    });
  });
}
