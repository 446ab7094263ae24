import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { volumeMessages } from '../volume.ts';
import { createPractice } from './practice.ts';
import type { PracticeMessage, PracticeOptions } from './practice.ts';

const at = new Date('2026-04-21T14:30:00Z');

function messages(count: number, options: Partial<PracticeOptions> = {}): PracticeMessage[] {
  const practice = createPractice({ seed: 'demo', ...options });
  return Array.from({ length: count }, (_, index) => practice.next(new Date(at.getTime() + index * 1000)));
}

const value = (bytes: Buffer, path: string) => read(parseMessage(bytes), compilePath(path));
const fieldCount = (bytes: Buffer, segment: string) =>
  bytes
    .toString('utf8')
    .split('\r')
    .find((line) => line.startsWith(`${segment}|`))
    ?.split('|').length;

describe('the practice’s messages', () => {
  it('are the same for the same seed and instants', () => {
    expect(messages(100)).toEqual(messages(100));
    expect(messages(1)).not.toEqual(messages(1, { seed: 'other' }));
  });

  it('have each field of the 2.3 form at its place', () => {
    const sent = messages(400);
    for (const { bytes, controlId, mrn, event } of sent) {
      const text = (path: string) => value(bytes, path) ?? '';
      expect(text('MSH-3')).toBe('NEXTGEN');
      expect(text('MSH-7')).toMatch(/^202604210930\d\d|2026042109\d{4}$/);
      expect(text('MSH-9.2')).toBe(event);
      expect(text('MSH-10')).toBe(controlId);
      expect(text('MSH-12')).toBe('2.3');
      expect([text('PID-3.1'), text('PID-3.4'), text('PID-3.5')]).toEqual([mrn, 'NEXTGEN', 'MRN']);
      expect(text('PID-5.1')).toMatch(/^[\p{Lu}' .-]+$/u);
      expect(text('PID-5.2')).toMatch(/^[\p{Lu}' -]+$/u);
      expect(text('PID-7')).toMatch(/^(?:19|20)\d{6}$/);
      expect(text('PID-8')).toMatch(/^[FMOU]$/);
      expect(text('PID-11.4')).toBe('IL');
      expect(text('PID-11.5')).toMatch(/^6\d{4}$/);
      expect(text('PID-11.9')).toBe(text('PID-12'));
      expect(text('PID-13')).toMatch(/^(?:|\(217\)555-01\d\d)$/);
      expect(text('PID-14')).toMatch(/^(?:|\(217\)555-01\d\d)$/);
      expect(text('PID-15')).toMatch(/^[A-Z]{3}$/);
      expect(text('PID-16')).toMatch(/^[SMDW]$/);
      expect(text('PID-18.1')).toMatch(/^100\d{3}$/);
      expect(text('PID-18.5')).toBe('FIN NBR');
      expect(text('PV1-8.1')).toMatch(/^40\d{3}$/);
      expect(text('PV1-19.1')).toBe(text('PID-18.1'));
      expect(text('PV1-20')).toMatch(/^(?:|SLIDING_FEE)$/);
      expect(text('PV1-44')).toMatch(/^20260421\d{6}$/);
      expect(fieldCount(bytes, 'PV1')).toBe(46);
      expect(fieldCount(bytes, 'PID')).toBe(23);
    }
    const withKin = sent.filter(({ bytes }) => value(bytes, 'NK1-1') !== undefined);
    expect(withKin.length).toBeGreaterThan(250);
    for (const { bytes } of withKin) {
      expect(value(bytes, 'NK1-3')).toMatch(/^(?:SPO|PAR|CHD|SIB|FND)$/);
      expect(value(bytes, 'NK1-7')).toBe('EC');
      expect(fieldCount(bytes, 'NK1')).toBe(19);
    }
    const insured = sent.filter(({ bytes }) => value(bytes, 'IN1-1') !== undefined);
    expect(insured.length).toBeGreaterThan(250);
    for (const { bytes } of insured) {
      expect(value(bytes, 'IN1-8')).toMatch(/^\(800\)555-01\d\d$/);
      expect(value(bytes, 'IN1-15')).toMatch(/^(?:SELF|SPOUSE|PARENT)$/);
      expect(value(bytes, 'IN1-16')).toMatch(/^\d{8}$/);
      expect(value(bytes, 'IN1-17.9')).toBe(value(bytes, 'PID-12'));
      expect(value(bytes, 'IN1-20')).toMatch(/^[A-Z]{2}\d{9}$/);
      expect(value(bytes, 'IN1-35')).toMatch(/^[A-Z]{2}\d{9}$/);
      expect(fieldCount(bytes, 'IN1')).toBe(46);
    }
    expect(sent.some(({ bytes }) => value(bytes, 'IN1-2.2')?.includes('PRAIRIE & LAKES'))).toBe(true);
    expect(sent.filter(({ bytes }) => value(bytes, 'PV1-20') !== undefined).length).toBeGreaterThan(5);
  });

  it('have each field of the 2.5.1 form at its place, with the sliding fee behind the visit number', () => {
    const sent = messages(100, { version: '2.5.1', region: 'portland' });
    for (const { bytes, controlId } of sent) {
      const text = (path: string) => value(bytes, path) ?? '';
      expect(text('MSH-10')).toBe(controlId);
      expect(controlId).toMatch(/^MSG\d{5}$/);
      expect(text('MSH-7')).toMatch(/^2026042107\d{4}$/); // Portland's clock
      expect(text('PID-3.4')).toBe('NG');
      expect(text('PID-11.5')).toMatch(/^97\d{3}$/);
      expect(text('PID-10.3')).toMatch(/^(?:|CDCREC)$/);
      expect(text('PV1-7.4')).toMatch(/^(?:MD|DO|NP|PA|LCSW)$/);
      expect(text('PV1-17')).toBe(text('PV1-7'));
      expect(text('PV1-19')).toMatch(/^VN100\d{3}$/);
      expect(text('MSH-9.3')).toBe('ADT_A01');
    }
    expect(sent.some(({ bytes }) => value(bytes, 'PV1-20') === 'SLIDING_FEE')).toBe(true);
  });

  it('name their character set when they have letters beyond ASCII', () => {
    const sent = messages(200);
    const beyond = sent.filter(({ bytes }) => bytes.some((byte) => byte > 0x7f));
    expect(beyond.length).toBeGreaterThan(5);
    for (const { bytes } of sent) {
      expect(value(bytes, 'MSH-18')).toBe(beyond.some((one) => one.bytes === bytes) ? 'UNICODE UTF-8' : undefined);
    }
  });

  it('tell a life: who registers comes back, moves, changes phone and insurance, marries', () => {
    const sent = messages(600);
    const last = new Map<string, PracticeMessage>();
    const acts = new Map<string, number>();
    for (const message of sent) {
      acts.set(message.act, (acts.get(message.act) ?? 0) + 1);
      const before = last.get(message.mrn);
      expect(before === undefined).toBe(message.act === 'registered');
      last.set(message.mrn, message);
      const changed = (path: string) => value((before ?? message).bytes, path) !== value(message.bytes, path);
      expect(changed('PID-7')).toBe(false);
      expect(changed('PID-5.1')).toBe(message.act === 'married');
      expect(changed('PID-11.1')).toBe(message.act === 'moved');
      expect(changed('PV1-19.1')).toBe(message.act === 'visited' || message.act === 'admitted');
      const events = { registered: 'A04', visited: 'A04', admitted: 'A01' } as Record<string, string>;
      expect(message.event).toBe(events[message.act] ?? 'A08');
    }
    expect([...acts.keys()].sort()).toEqual(
      ['admitted', 'married', 'moved', 'new_insurance', 'new_phone', 'registered', 'visited'].sort(),
    );
    expect(new Set(sent.map((message) => message.controlId)).size).toBe(600);
  });
});

describe('volumeMessages', () => {
  it('makes distinct messages about so many patients, the same for the same seed', () => {
    const make = () => [...volumeMessages({ seed: 'v', messages: 300, patients: 100, controlIdPrefix: 'B' })];
    const made = make();
    expect(made).toEqual(make());
    expect(new Set(made.map((bytes) => value(bytes, 'MSH-10'))).size).toBe(300);
    expect(new Set(made.map((bytes) => value(bytes, 'PID-3.1'))).size).toBe(100);
    expect(new Set(made.map((bytes) => bytes.toString('latin1'))).size).toBe(300);
    const [first, second, third] = [0, 100, 200].map((index) => made[index] as Buffer);
    expect([first, second, third].map((bytes) => value(bytes as Buffer, 'MSH-9.2'))).toEqual(['A04', 'A08', 'A08']);
    expect(value(second as Buffer, 'PID-5.1')).toBe(value(first as Buffer, 'PID-5.1'));
    expect(value(second as Buffer, 'PID-14')).not.toBe(value(third as Buffer, 'PID-14'));
  });
});
