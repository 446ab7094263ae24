import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type Hl7Message, parseMessage } from './message.ts';
import { edit } from './edit.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';

const NAME = compilePath('PID-5');
const GIVEN = compilePath('PID-5.2');

function parse(msh18: string, pid5: Buffer): Hl7Message {
  const header = String.raw`MSH|^~\&|A|B|C|D|20260101||ADT^A04|1|P|2.5.1||||||${msh18}`;
  return parseMessage(Buffer.concat([Buffer.from(`${header}\rPID|1||7||`), pid5, Buffer.from('||19700101')]));
}

const JIS = (pairs: string): Buffer => Buffer.from(`1b2442${pairs}1b2842`, 'hex');

describe('the character set of MSH-18', () => {
  it.each([
    ['8859/1', 'windows-1252'],
    ['8859/2', 'iso-8859-2'],
    ['8859/15', 'iso-8859-15'],
    ['ISO-8859-1', 'windows-1252'],
    ['UNICODE UTF-8', 'utf-8'],
    ['unicode utf-8', 'utf-8'],
    ['UNICODE', 'utf-8'],
    ['UTF8', 'utf-8'],
    ['ASCII', 'utf-8'],
    ['', 'utf-8'],
    ['GB 18030-2000', 'gb18030'],
    ['KS X 1001', 'cp949'],
    ['BIG-5', 'big5'],
    ['ISO IR87', 'iso-2022-jp'],
    ['~ISO IR87', 'iso-2022-jp'],
    ['ISO IR6~ISO IR87~ISO IR159', 'iso-2022-jp'],
  ])('%j is read as %s', (declared, name) => {
    const message = parse(declared, Buffer.from('DOE'));
    expect(message.charset.name).toBe(name);
    expect(message.charset.known).toBe(true);
    expect(message.charset.declared).toBe(declared === '' ? undefined : declared);
  });

  it('that is unknown or blank is found in the bytes', () => {
    expect(read(parse('', Buffer.from('Müller')), NAME)).toBe('Müller');
    expect(read(parse('', Buffer.from('Müller', 'latin1')), NAME)).toBe('Müller');
    const unknown = parse('MARTIAN', Buffer.from('Müller'));
    expect(read(unknown, NAME)).toBe('Müller');
    expect(unknown.charset.known).toBe(false);
  });

  it('8859/1 is read with the quotes of windows-1252 that its senders mean', () => {
    expect(read(parse('8859/1', Buffer.from('O\x92Neil', 'latin1')), NAME)).toBe('O’Neil');
  });

  it('UTF-8 that is not valid spoils only the value that is not', () => {
    const message = parse('UNICODE UTF-8', Buffer.concat([Buffer.from('Żółć^'), Buffer.from('Ren\xe9', 'latin1')]));
    expect(read(message, NAME)).toBe('Żółć');
    expect(read(message, GIVEN)).toBe('René');
  });

  it.each(['GB 18030-2000', 'BIG-5', 'KS X 1001', 'EUC-JP', 'SHIFT_JIS', '8859/5'])('%s is decoded', (declared) => {
    const names: Record<string, string> = { '8859/5': 'Иванов', 'KS X 1001': '김철수' };
    const text = names[declared] ?? '山田太郎';
    const encoding = parse(declared, Buffer.from('x')).charset.name;
    expect(read(parse(declared, iconv.encode(text, encoding)), NAME)).toBe(text);
  });
});

describe('delimiter bytes inside characters', () => {
  it('do not split ISO-2022-JP (日 is F|, 本 is K\\ in ASCII)', () => {
    const message = parse('~ISO IR87', Buffer.concat([JIS('467c4b5c'), Buffer.from('^'), JIS('467c')]));
    expect(read(message, NAME)).toBe('日本');
    expect(read(message, GIVEN)).toBe('日');
    expect(read(message, compilePath('PID-7'))).toBe('19700101');
  });

  it('do not split Shift JIS (ポ is 83 7C, 表 is 95 5C)', () => {
    const message = parse('SHIFT_JIS', Buffer.from('837c955c5e837c', 'hex'));
    expect(read(message, NAME)).toBe('ポ表');
    expect(read(message, GIVEN)).toBe('ポ');
    expect(read(message, compilePath('PID-7'))).toBe('19700101');
  });

  it('do not hide the segments after a value that forgot to switch back', () => {
    const message = parse('~ISO IR87', Buffer.concat([Buffer.from('1b2442467c', 'hex'), Buffer.from('\rPV1|1|O')]));
    expect(read(message, compilePath('PV1-2'))).toBe('O');
  });
});

describe('writing', () => {
  it.each([
    ['UNICODE UTF-8', '日本 é'],
    ['8859/1', 'É’t'],
    ['~ISO IR87', '日本 abc ｱ 仝'],
    ['GB 18030-2000', '山田'],
    ['SHIFT_JIS', 'ポ表'],
    ['', 'Żółć'],
  ])('%j carries %s', (declared, text) => {
    const message = edit(parse(declared, Buffer.from('DOE')), GIVEN, text);
    expect(read(message, GIVEN)).toBe(text);
    expect(read(message, NAME)).toBe('DOE');
    expect(read(message, compilePath('PID-7'))).toBe('19700101');
  });

  it('refuses what the character set does not have rather than write question marks', () => {
    expect(() => edit(parse('8859/1', Buffer.from('DOE')), GIVEN, '日本')).toThrow(/character set/);
  });
});
