import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { encodeLossy } from './charset.ts';
import { edit } from './edit.ts';
import { peekEnvelope } from './envelope.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';
import { validateMessage } from './validate.ts';
import { toWide } from './wide.ts';

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

describe('table 0211', () => {
  // Every value of the table, and what "ČčПя가" and the like need.
  it.each([
    ['ASCII', 'windows-1252', 'é'],
    ['8859/1', 'windows-1252', 'é'],
    ['8859/2', 'iso-8859-2', 'č'],
    ['8859/3', 'iso-8859-3', 'ħ'],
    ['8859/4', 'iso-8859-4', 'ķ'],
    ['8859/5', 'iso-8859-5', 'Ж'],
    ['8859/6', 'iso-8859-6', 'ش'],
    ['8859/7', 'iso-8859-7', 'λ'],
    ['8859/8', 'iso-8859-8', 'ש'],
    ['8859/9', 'windows-1254', 'ğ'],
    ['8859/15', 'iso-8859-15', '€'],
    ['ISO IR6', 'windows-1252', 'é'],
    ['ISO IR13', 'iso-2022-jp', 'ｱ'],
    ['ISO IR14', 'iso-2022-jp', 'A'],
    ['ISO IR87', 'iso-2022-jp', '日'],
    ['ISO IR159', 'iso-2022-jp', '丂'],
    ['GB 18030-2000', 'gb18030', '患'],
    ['KS X 1001', 'cp949', '김'],
    ['BIG-5', 'big5', '陳'],
    ['UNICODE', 'utf-8', '日'],
    ['UNICODE UTF-8', 'utf-8', '日'],
    ['UNICODE UTF-16', 'utf-8', '日'],
    ['UNICODE UTF-32', 'utf-8', '日'],
  ])('%s carries its letters', (declared, name, text) => {
    const message = parse(declared, encodeLossy(text, name));
    expect(read(message, NAME)).toBe(text);
    expect(message.charset.name).toBe(name);
    expect(message.charset.known).toBe(true);
  });

  it('CNS 11643-1992 has no decoder here, which is told, and its bytes are kept', () => {
    const message = parse('CNS 11643-1992', Buffer.from('c4e3', 'hex'));
    expect(message.charset.known).toBe(false);
    expect(validateMessage(message)).toMatchObject([{ severity: 'W', location: { segment: 'MSH', field: 18 } }]);
    expect(edit(message, GIVEN, 'x').bytes.includes(Buffer.from('c4e3', 'hex'))).toBe(true);
  });

  it.each([
    ['iso_8859-1:1987', 'windows-1252'],
    ['8859-1', 'windows-1252'],
    ['ISO8859/2', 'iso-8859-2'],
    ['Latin-1', 'windows-1252'],
    ['ISO_IR 100', 'windows-1252'],
    ['ISO_IR 192', 'utf-8'],
    ['utf8', 'utf-8'],
    ['Unicode UTF-8', 'utf-8'],
    ['UNICODE  UTF 8', 'utf-8'],
    ['AL32UTF8', 'utf-8'],
    ['cp1252', 'windows-1252'],
    ['Windows-1251', 'windows-1251'],
    ['ansi', 'windows-1252'],
    ['ISO/IEC 8859-5', 'iso-8859-5'],
    ['us-ascii', 'utf-8'],
    ['CP932', 'shift_jis'],
    ['ISO-2022-JP', 'iso-2022-jp'],
    ['JAS2020', 'iso-2022-jp'],
    ['GBK', 'gb18030'],
    ['850', 'cp850'],
  ])('%s, which is not in it but is sent, is read as %s', (declared, name) => {
    const { charset } = parse(declared, Buffer.from('DOE'));
    expect(charset).toMatchObject({ name, known: true });
  });
});

describe('repetitions of MSH-18', () => {
  it('that escape sequences switch to leave the first one in force', () => {
    const message = parse('8859/1~8859/2', Buffer.from('Ren\xe9^\\C2D42\\\xe8\\C2842\\\xe8^\\C2D4C\\\xb8', 'latin1'));
    expect(message.charset).toMatchObject({ name: 'windows-1252', known: true });
    expect(read(message, NAME)).toBe('René');
    expect(read(message, GIVEN)).toBe('čè');
    expect(read(message, compilePath('PID-5.3'))).toBe('И');
  });

  it('switch to Korean and Chinese by \\M', () => {
    const korean = iconv.encode('김', 'cp949');
    const message = parse('8859/1~KS X 1001', Buffer.concat([Buffer.from('\\M242943\\'), korean]));
    expect(read(message, NAME)).toBe('김');
  });

  it('do not make Unicode Japanese', () => {
    expect(read(parse('UNICODE UTF-8~ISO IR87', Buffer.from('日本')), NAME)).toBe('日本');
  });

  it('leave a switch alone that the character set cannot mean', () => {
    expect(read(parse('UNICODE UTF-8', Buffer.from('\\C2D42\\č')), NAME)).toBe('\\C2D42\\č');
  });

  it('of which one is unknown are told', () => {
    expect(parse('8859/1~MARTIAN', Buffer.from('DOE')).charset).toMatchObject({ name: 'windows-1252', known: false });
  });
});

describe('what the bytes prove', () => {
  const text = String.raw`MSH|^~\&|Ä|B|C|D|20260101||ADT^A04|1|P|2.5.1||||||8859/1` + '\rPID|1||7||Müller^日本\r';

  it('is believed more than MSH-18: a byte order mark', () => {
    const message = parseMessage(Buffer.from(`\ufeff${text}`));
    expect(message.charset).toEqual({ declared: '8859/1', name: 'utf-8', source: 'proven', known: true });
    expect(read(message, GIVEN)).toBe('日本');
    expect(peekEnvelope(message.toBytes()).fields[3]).toBe('Ä');
    expect(validateMessage(message)[0]?.text).toMatch(/byte order mark/);
  });

  it.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const)('is believed more than MSH-18: %s', (form) => {
    for (const lead of ['\ufeff', '', '\r\n\u000b']) {
      const wire = toWide(lead + text, form);
      const message = parseMessage(wire);
      expect(message.wide).toBe(form);
      expect(read(message, GIVEN)).toBe('日本');
      expect(message.toBytes()).toBe(wire);
      expect(peekEnvelope(wire).fields[3]).toBe('Ä');
      expect(
        edit(message, NAME, '𝒟oe')
          .toBytes()
          .equals(toWide(lead + text.replace('Müller', '𝒟oe'), form)),
      ).toBe(true);
    }
  });

  it('is told when it speaks against MSH-18, and MSH-18 is followed', () => {
    const message = parse('8859/1', Buffer.from('Müller'));
    expect(read(message, NAME)).toBe('MÃ¼ller');
    expect(validateMessage(message)[0]?.text).toMatch(/looks like UTF-8/);
    expect(validateMessage(parse('8859/1', Buffer.from('M\xfcller', 'latin1')))).toEqual([]);
    expect(validateMessage(parse('ASCII', Buffer.from('Müller')))[0]?.text).toMatch(/says ASCII/);
    expect(validateMessage(parse('', Buffer.from('Müller')))).toEqual([]);
  });
});
