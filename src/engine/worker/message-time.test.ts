import { describe, expect, it } from 'vitest';
import { isBefore } from '../../domain/said-time.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { messageTime, spanOf } from './message-time.ts';

const ZONE = 'America/Chicago';

describe('the time of a message', () => {
  it('is as exact as it was told', () => {
    const length = (text: string): number => {
      const span = spanOf(text, ZONE);
      return span === undefined ? -1 : span.to - span.from + 1;
    };
    expect(length('20260421093000.25')).toBe(1);
    expect(length('20260421093000')).toBe(1000);
    expect(length('202604210930')).toBe(60_000);
    expect(length('20260421')).toBe(86_400_000);
    expect(length('202602')).toBe(28 * 86_400_000);
    expect(length('not a time')).toBe(-1);
  });

  it('has the offset that is written, else that of the zone', () => {
    expect(spanOf('20260421093000-0400', ZONE)?.from).toBe(Date.parse('2026-04-21T13:30:00Z'));
    expect(spanOf('20260421093000', ZONE)?.from).toBe(Date.parse('2026-04-21T14:30:00Z'));
    expect(spanOf('20260121093000', ZONE)?.from).toBe(Date.parse('2026-01-21T15:30:00Z'));
  });

  it('says nothing about order where the clock was set back', () => {
    const first = spanOf('20261101011500', ZONE);
    const second = spanOf('20261101013000', ZONE);
    if (first === undefined || second === undefined) throw new Error('These are times.');
    expect(isBefore(first, second)).toBe(false);
    expect(isBefore(second, first)).toBe(false);
  });

  it('is that of the event where the header tells no more than the day', () => {
    const message = parseMessage(
      Buffer.from('MSH|^~\\&|A|B|C|D|20260421||ADT^A08|1|P|2.3\rEVN|A08|20260421093015\rPID|1||7^^^P^MR\r'),
    );
    expect(messageTime(message, ZONE)?.from).toBe(Date.parse('2026-04-21T14:30:15Z'));
  });
});
