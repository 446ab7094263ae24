import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { splitMessages } from '../../src/formats/hl7v2/split-messages.ts';
import { hasErrors, validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { BAD_MESSAGES, FAULT_NAMES, type Fault } from './faults.ts';
import { fileOf } from './file.ts';
import { MIXES } from './mix.ts';
import { createOutgoing, type Outgoing, type OutgoingOptions } from './outgoing.ts';

const START = new Date('2026-04-21T14:30:00Z');

function made(count: number, options: Partial<OutgoingOptions> = {}): Outgoing[] {
  const next = createOutgoing({ seed: 'out', mix: MIXES.practice, start: START, ...options });
  return Array.from({ length: count }, next);
}

function isWell(bytes: Buffer): boolean {
  try {
    return !hasErrors(validateMessage(parseMessage(bytes)));
  } catch {
    return false;
  }
}

describe('createOutgoing', () => {
  it('gives good messages alone unless a fault is asked for', () => {
    for (const { message, fault } of made(400)) {
      expect(fault).toBeUndefined();
      expect(isWell(message.bytes)).toBe(true);
    }
  });

  it('is the same for the same seed and start, faults included', () => {
    const faults = Object.fromEntries(FAULT_NAMES.map((fault) => [fault, 0.02]));
    expect(made(300, { faults })).toEqual(made(300, { faults }));
  });

  it('runs the practice’s clock in steps', () => {
    const times = made(3, { stepMs: 60_000, version: '2.5.1' }).map(
      ({ message }) => message.bytes.toString().split('|')[6],
    );
    expect(times).toEqual(['20260421093000', '20260421093100', '20260421093200']);
  });

  it.each(FAULT_NAMES.filter((fault) => !['burst', 'silence'].includes(fault)))(
    'makes %s about as often as asked',
    (fault) => {
      const sent = made(600, { faults: { [fault]: 0.1 } });
      const hit = sent.filter((one) => one.fault === fault);
      expect(hit.length).toBeGreaterThan(30);
      expect(hit.length).toBeLessThan(100);
      expect(sent.every((one) => one.fault === undefined || one.fault === fault)).toBe(true);
    },
  );

  it('makes messages that cannot be processed by the faults that say so', () => {
    const fatal: readonly Fault[] = [
      'unparseable_header',
      'missing_control_id',
      'missing_type',
      'missing_segment',
      'line_break_in_text',
      'two_in_one',
    ];
    for (const fault of fatal) {
      const hit = made(300, { faults: { [fault]: 0.2 } }).filter((one) => one.fault === fault);
      expect(hit.length).toBeGreaterThan(10);
      for (const { message } of hit) expect(isWell(message.bytes), fault).toBe(false);
    }
    expect(Object.keys(BAD_MESSAGES)).toEqual(expect.arrayContaining([...fatal]));
  });

  it('brings a late message behind a later one of the same patient, and loses none', () => {
    const plain = made(600).map(({ message }) => message.controlId);
    const late = made(640, { faults: { out_of_order: 0.05 } });
    const order = late.map(({ message }) => message.controlId);
    const behind = late.filter(({ fault }) => fault === 'out_of_order');
    expect(behind.length).toBeGreaterThan(15);
    expect(order).not.toEqual([...order].sort());
    expect(new Set(order).size).toBe(order.length);
    for (const id of plain.slice(0, 500)) expect(order).toContain(id);
    const overtaken = behind.filter(({ message }) =>
      late.some((one) => one.message.mrn === message.mrn && Number(one.message.controlId) > Number(message.controlId)),
    );
    expect(overtaken.length).toBeGreaterThan(0);
  });

  it('sends a wrong character set that says otherwise', () => {
    const [hit] = made(100, { faults: { wrong_charset: 0.3 } }).filter(({ fault }) => fault === 'wrong_charset');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(hit?.message.bytes)).toThrow(TypeError);
    expect(hit?.message.bytes.toString('latin1')).toContain('UNICODE UTF-8');
  });
});

describe('fileOf', () => {
  const next = () => {
    const outgoing = createOutgoing({ seed: 'file', mix: MIXES.practice, start: START });
    return () => outgoing().message;
  };

  it.each(['\r', '\n', '\r\n'] as const)('writes messages that are read back (%j)', (lineEnd) => {
    const bytes = Buffer.concat([...fileOf(next(), { messages: 50, batch: false, lineEnd, at: '20260421093000' })]);
    const parts = [...splitMessages(bytes)];
    expect(parts).toHaveLength(50);
    for (const part of parts) expect(isWell(part.bytes)).toBe(true);
  });

  it('puts a batch into its envelope, with counts', () => {
    const bytes = Buffer.concat([...fileOf(next(), { messages: 7, batch: true, lineEnd: '\r', at: '20260421093000' })]);
    const parts = [...splitMessages(bytes)];
    expect(parts.filter(({ kind }) => kind === 'envelope').map(({ name }) => name)).toEqual([
      'FHS',
      'BHS',
      'BTS',
      'FTS',
    ]);
    expect(parts.filter(({ kind }) => kind === 'message')).toHaveLength(7);
    expect(bytes.toString()).toMatch(/BTS\|7\rFTS\|1\r$/);
  });
});
