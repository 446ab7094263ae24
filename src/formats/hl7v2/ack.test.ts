import { describe, expect, it } from 'vitest';
import { type AckError, type AckOptions, buildAck, hl7Timestamp } from './ack.ts';
import { peekEnvelope } from './envelope.ts';
import { parseAck } from './parse-ack.ts';

const NOW = new Date('2026-03-01T12:34:56.789Z');

function header(version: string, rest = ''): Buffer {
  return Buffer.from(String.raw`MSH|^~\&|NG^1.2^ISO|HOST|PS|SRV|20260301||ADT^A04^ADT_A01|MSG\T\1|T|${version}${rest}`);
}

function ack(request: Buffer | undefined, options: Partial<AckOptions> = {}): string[] {
  const built = buildAck({
    ...(request === undefined ? {} : { request: peekEnvelope(request) }),
    code: 'AA',
    now: NOW,
    controlId: 'R1',
    ...options,
  });
  const text = built.toString();
  expect(text.endsWith('\r')).toBe(true);
  return text.slice(0, -1).split('\r');
}

const ERROR: AckError = {
  location: { segment: 'PID', sequence: 1, field: 3, repetition: 2, component: 4, subcomponent: 1 },
  conditionCode: '101',
  severity: 'E',
  text: 'A | B & C',
};

describe('buildAck', () => {
  it('answers in the names of the receiver, with the control id as sent', () => {
    expect(ack(header('2.5.1'))).toEqual([
      String.raw`MSH|^~\&|PS|SRV|NG^1.2^ISO|HOST|20260301123456+0000||ACK^A04^ACK|R1|T|2.5.1`,
      String.raw`MSA|AA|MSG\T\1`,
    ]);
  });

  it.each([
    ['2.1', 'ACK'],
    ['2.2', 'ACK'],
    ['2.3', 'ACK^A04'],
    ['2.3.1', 'ACK^A04^ACK'],
    ['2.8', 'ACK^A04^ACK'],
  ])('writes the message type as %s does', (version, type) => {
    const msh = ack(header(version))[0]?.split('|');
    expect(msh?.[8]).toBe(type);
    expect(msh?.[11]).toBe(version);
  });

  it('tells errors in one segment each from 2.5', () => {
    expect(
      ack(header('2.5.1'), { code: 'AE', text: 'no', errors: [ERROR, { ...ERROR, location: { segment: 'PV1' } }] }),
    ).toEqual([
      expect.any(String),
      String.raw`MSA|AE|MSG\T\1|no`,
      String.raw`ERR||PID^1^3^2^4^1|101^Required field missing^HL70357|E||||A \F\ B \T\ C`,
      String.raw`ERR||PV1^1|101^Required field missing^HL70357|E||||A \F\ B \T\ C`,
    ]);
  });

  it('tells errors in one field before 2.5, and the first in MSA-6', () => {
    const other: AckError = { conditionCode: '207', severity: 'E', text: 'x' };
    expect(ack(header('2.3'), { code: 'AE', text: 'no', errors: [ERROR, other] })).toEqual([
      expect.any(String),
      String.raw`MSA|AE|MSG\T\1|no|||101^Required field missing^HL70357`,
      'ERR|PID^1^3^101&Required field missing&HL70357~^^^207&Application internal error&HL70357',
    ]);
  });

  it('puts the text where 2.7 wants it', () => {
    const segments = ack(header('2.7'), { code: 'AR', text: 'not today' });
    expect(segments[1]).toBe(String.raw`MSA|AR|MSG\T\1`);
    expect(segments[2]).toBe('ERR|||207^Application internal error^HL70357|E||||not today');
  });

  it('answers even what could not be read', () => {
    expect(ack(undefined, { code: 'AR', text: 'no header' })).toEqual([
      String.raw`MSH|^~\&|||||20260301123456+0000||ACK|R1|P|2.5.1`,
      'MSA|AR||no header',
    ]);
    expect(ack(Buffer.from('MSH|^~\\&|'))[1]).toBe('MSA|AA|');
  });

  it('uses the request’s delimiters and character set', () => {
    const request = Buffer.from('MSH#!@%*#A#B#C#D###ADT!A01#7#P#2.4######8859/1');
    const built = buildAck({
      request: peekEnvelope(request),
      code: 'AE',
      text: 'é! #',
      errors: [ERROR],
      now: NOW,
      controlId: 'R1',
    });
    expect(built.toString('latin1').split('\r').slice(0, 3)).toEqual([
      'MSH#!@%*#C#D#A#B#20260301123456+0000##ACK!A01!ACK#R1#P#2.4######8859/1',
      'MSA#AE#7#é%S% %F%###101!Required field missing!HL70357',
      'ERR#PID!1!3!101*Required field missing*HL70357',
    ]);
  });

  it('answers UTF-16 in UTF-16', () => {
    const request = Buffer.from(header('2.5.1').toString(), 'utf16le').swap16();
    const built = buildAck({ request: peekEnvelope(request), code: 'AA', now: NOW, controlId: 'R1' });
    expect(built.swap16().toString('utf16le')).toMatch(/^MSH\|/);
  });

  it('does not break where the request has no escape character', () => {
    const built = ack(Buffer.from('MSH|^~|A|B|C|D|||ADT^A01|7|P|2.5'), { code: 'AE', text: 'a|b', errors: [ERROR] });
    expect(built[1]).toBe('MSA|AE|7|a b');
  });
});

describe('hl7Timestamp', () => {
  it('is a time with its offset', () => {
    expect(hl7Timestamp(NOW)).toBe('20260301123456+0000');
  });
});

describe('parseAck', () => {
  it.each(['2.3', '2.4', '2.5.1', '2.8'])('reads what buildAck wrote in %s', (version) => {
    const request = peekEnvelope(header(version));
    const built = buildAck({ request, code: 'AE', text: 'no', errors: [ERROR], now: NOW, controlId: 'R1' });
    const parsed = parseAck(built);
    expect(parsed.code).toBe('AE');
    expect(parsed.controlId).toBe('MSG&1');
    expect(parsed.errors).toHaveLength(1);
    expect(parsed.errors[0]?.conditionCode).toBe('101');
    expect(parsed.errors[0]?.location).toMatchObject({ segment: 'PID', sequence: 1, field: 3 });
  });

  it('reads the place of an error as precisely as it is told', () => {
    const built = buildAck({
      request: peekEnvelope(header('2.5')),
      code: 'AE',
      errors: [ERROR],
      now: NOW,
      controlId: 'R1',
    });
    expect(parseAck(built).errors).toEqual([
      { location: ERROR.location, conditionCode: '101', severity: 'E', text: 'A | B & C' },
    ]);
  });

  it('takes an error that only MSA-6 tells', () => {
    const parsed = parseAck(Buffer.from('MSH|^~\\&|A|B|C|D|||ACK|1|P|2.3\rMSA|AR|7||||207^Broken\r'));
    expect(parsed).toMatchObject({ code: 'AR', controlId: '7', errors: [{ conditionCode: '207', text: 'Broken' }] });
  });

  it.each(['PID|1', 'MSA|XX|7', 'MSA||7'])('refuses %s', (segment) => {
    const bytes = Buffer.from(`MSH|^~\\&|A|B|C|D|||ACK|1|P|2.3\r${segment}\r`);
    expect(() => parseAck(bytes)).toThrow(expect.objectContaining({ code: 'hl7.bad-ack' }));
  });
});
