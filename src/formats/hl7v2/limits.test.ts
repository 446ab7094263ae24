import { describe, expect, it } from 'vitest';
import { maxFieldLength, tableCodes } from './limits.ts';

describe('lengths of the standard', () => {
  it('differ by version, an unknown version counting as 2.5.1', () => {
    expect(maxFieldLength('2.3', 'PID', 5)).toBe(48);
    expect(maxFieldLength('2.5.1', 'PID', 5)).toBe(250);
    expect(maxFieldLength(undefined, 'PID', 5)).toBe(250);
    expect(maxFieldLength('2.9', 'PID', 30)).toBe(maxFieldLength('2.8', 'PID', 30));
  });
  it('are none for what has no limit or is not of the standard', () => {
    expect(maxFieldLength('2.5.1', 'OBX', 5)).toBeUndefined();
    expect(maxFieldLength('2.5.1', 'ZFS', 1)).toBeUndefined();
    expect(maxFieldLength('2.5.1', 'PID', 400)).toBeUndefined();
  });
});

describe('codes of the HL7 tables', () => {
  it('come with their meanings', () => {
    expect(tableCodes('0001')?.get('F')).toBe('Female');
    expect(tableCodes('0005')?.get('2106-3')).toBe('White');
  });
  it('are none for a table without codes', () => {
    expect(tableCodes('9999')).toBeUndefined();
  });
});
