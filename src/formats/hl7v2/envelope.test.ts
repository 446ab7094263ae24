import { describe, expect, it } from 'vitest';
import { peekEnvelope } from './envelope.ts';
import { Hl7Error } from './hl7-error.ts';

const SAMPLE = String.raw`MSH|^~\&|NEXTGEN^1.2^ISO|HOST|PS|SERVER|20220315142658-0500||ADT^A04^ADT_A01|12345|P^T|2.5.1^USA|||AL|NE||UNICODE UTF-8`;

describe('peekEnvelope', () => {
  it('reads what taking a message in needs', () => {
    expect(peekEnvelope(Buffer.from(`\x0b\r\n${SAMPLE}\rPID|1\r`))).toMatchObject({
      controlId: '12345',
      messageCode: 'ADT',
      triggerEvent: 'A04',
      structure: 'ADT_A01',
      version: '2.5.1',
      processingId: 'P',
      sendingApplication: 'NEXTGEN',
      sendingFacility: 'HOST',
      receivingApplication: 'PS',
      receivingFacility: 'SERVER',
      timestamp: '20220315142658-0500',
      acceptAck: 'AL',
      applicationAck: 'NE',
      charset: 'UNICODE UTF-8',
    });
  });

  it('keeps the header fields as they stand, by their numbers', () => {
    const { fields } = peekEnvelope(Buffer.from(SAMPLE));
    expect(fields[1]).toBe('|');
    expect(fields[2]).toBe(String.raw`^~\&`);
    expect(fields[3]).toBe('NEXTGEN^1.2^ISO');
    expect(fields[18]).toBe('UNICODE UTF-8');
  });

  it('leaves absent and empty fields undefined', () => {
    const envelope = peekEnvelope(Buffer.from(String.raw`MSH|^~\&|A| |""||||ACK`));
    expect(envelope.sendingFacility).toBeUndefined();
    expect(envelope.receivingApplication).toBeUndefined();
    expect(envelope.messageCode).toBe('ACK');
    expect(envelope.triggerEvent).toBeUndefined();
    expect(envelope.controlId).toBeUndefined();
    expect(envelope.version).toBeUndefined();
  });

  it('uses the message’s own delimiters, escapes and character set', () => {
    expect(peekEnvelope(Buffer.from('MSH#!@%*#A*B#C%T%D@x##')).sendingApplication).toBe('A');
    expect(peekEnvelope(Buffer.from('MSH#!@%*#A*B#C%T%D@x##')).sendingFacility).toBe('C*D');
    expect(peekEnvelope(Buffer.from('MSH|^~\\&|Klinik Süd|', 'latin1')).sendingApplication).toBe('Klinik Süd');
    expect(peekEnvelope(Buffer.from('MSH|^~\\&|Klinik Süd|')).sendingApplication).toBe('Klinik Süd');
    expect(peekEnvelope(Buffer.from(SAMPLE, 'utf16le')).controlId).toBe('12345');
  });

  it.each([
    ['', 'hl7.empty'],
    ['\u000b\u001c\r', 'hl7.empty'],
    ['PID|1', 'hl7.no-header'],
    ['GET / HTTP/1.1\r\n', 'hl7.no-header'],
    ['BHS|^~\\&|', 'hl7.is-batch'],
    ['MSH', 'hl7.bad-delimiters'],
    ['MSH|DATA|', 'hl7.bad-delimiters'],
  ])('refuses %j with %s', (text, code) => {
    expect(() => peekEnvelope(Buffer.from(text))).toThrow(Hl7Error);
    expect(() => peekEnvelope(Buffer.from(text))).toThrow(expect.objectContaining({ code }));
  });
});
