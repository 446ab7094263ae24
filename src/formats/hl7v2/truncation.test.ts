import { describe, expect, it } from 'vitest';
import { parseMessage } from './message.ts';
import { cutOffSegment } from './truncation.ts';

const HEAD = 'MSH|^~\\&|A|B|C|D|20260421||ADT^A04|1|P|2.3\rEVN|A04|20260421\rPID|1||7^^^P^MR||DOE^JOHN||19800515';
const cut = (text: string, type = 'ADT^A04'): string | undefined =>
  cutOffSegment(parseMessage(Buffer.from(text)), type);

describe('a message that was cut short', () => {
  it('lacks both the end of its last line and a segment that its type requires', () => {
    expect(cut(HEAD)).toBe('PID');
    expect(cut(HEAD.slice(0, HEAD.indexOf('PID') + 1))).toBe('P');
    expect(cut(HEAD, 'ADT^A08')).toBe('PID');
    expect(cut(`${HEAD}\u0000`)).toBe('PID');
  });

  it('is none that ends its last line, or has all that it needs', () => {
    expect(cut(`${HEAD}\r`)).toBeUndefined();
    expect(cut(`${HEAD}\n`)).toBeUndefined();
    expect(cut(`${HEAD}\rPV1|1|O`)).toBeUndefined();
    expect(cut(HEAD, 'ADT^A31')).toBeUndefined();
    expect(cut(HEAD, 'ZZZ^Z01')).toBeUndefined();
  });
});
