import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDecoder } from './frame-decoder.ts';
import type { FrameEvent } from './frame-decoder.ts';
import { frameMessages } from './framing.ts';

const VT = '\x0b';
const FS = '\x1c';

function decode(chunks: readonly Buffer[], maxFrameBytes = 1000, headBytes = 20): FrameEvent[] {
  const decoder = new FrameDecoder({ maxFrameBytes, headBytes });
  const events: FrameEvent[] = [];
  const drain = () => {
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) events.push(event);
  };
  for (const chunk of chunks) {
    decoder.push(chunk);
    drain();
  }
  decoder.end();
  drain();
  return events;
}

/** Events as plain text, so that a difference can be read. */
function told(events: readonly FrameEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'frame') return `frame ${event.bytes.toString('latin1')}`;
    if (event.kind === 'garbage') return `garbage ${event.count}`;
    const end = event.kind === 'oversized' ? (event.ended ? ' ended' : ' not ended') : '';
    return `${event.kind} ${event.size}${end} ${event.head.toString('latin1')}`;
  });
}

const decodeText = (text: string, maxFrameBytes?: number) => told(decode([Buffer.from(text, 'latin1')], maxFrameBytes));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let from = 0;
  for (const place of [...sorted, bytes.length]) {
    chunks.push(bytes.subarray(from, place));
    from = place;
  }
  return chunks;
}

describe('FrameDecoder: what is read as what', () => {
  it('reads several frames of one chunk', () => {
    expect(decodeText(`${VT}MSH|a${FS}\r${VT}MSH|b${FS}\r`)).toEqual(['frame MSH|a', 'frame MSH|b']);
  });

  it('takes an end block without carriage return, and line ends after a frame, as nothing special', () => {
    expect(decodeText(`\r\n${VT}MSH|a${FS}${VT}MSH|b${FS}\r\n\r\n${VT}MSH|c${FS}\n`)).toEqual([
      'frame MSH|a',
      'frame MSH|b',
      'frame MSH|c',
    ]);
  });

  it('counts bytes before, between and after frames', () => {
    expect(decodeText(`hello${VT}MSH|a${FS}\rwhat\r\n${VT}MSH|b${FS}\r!${FS}`)).toEqual([
      'garbage 5',
      'frame MSH|a',
      'garbage 6',
      'frame MSH|b',
      'garbage 2',
    ]);
  });

  it('finds the next message in a frame that has no end, wherever the first one was cut', () => {
    expect(decodeText(`${VT}MSH|a\rPID|1${VT}MSH|b${FS}\r`)).toEqual(['truncated 11 MSH|a\rPID|1', 'frame MSH|b']);
    expect(decodeText(`${VT}MSH|a\r${VT}FHS|b${FS}\r`)).toEqual(['truncated 6 MSH|a\r', 'frame FHS|b']);
    expect(decodeText(`${VT}MSH|a\r${VT}BHS#b${FS}\r`)).toEqual(['truncated 6 MSH|a\r', 'frame BHS#b']);
  });

  it('leaves a start block byte alone that is part of a text', () => {
    const text = `MSH|a\rNTE|1||soft${VT}break ${VT}MSHA ${VT}MS${VT}`;
    expect(decodeText(`${VT}${text}${FS}\r`)).toEqual([`frame ${text}`]);
  });

  it('counts a doubled start block as garbage', () => {
    expect(decodeText(`${VT}${VT}MSH|a${FS}\r`)).toEqual(['garbage 1', 'frame MSH|a']);
  });

  it('gives an empty frame as such', () => {
    expect(decodeText(`${VT}${FS}\r`)).toEqual(['frame ']);
  });

  it('reports a frame over the cap with its head and size, and the good frames around it', () => {
    const big = `MSH|big|${'x'.repeat(5000)}`;
    expect(decodeText(`${VT}MSH|a${FS}\r${VT}${big}${FS}\r${VT}MSH|b${FS}\r`)).toEqual([
      'frame MSH|a',
      `oversized 5008 ended ${big.slice(0, 20)}`,
      'frame MSH|b',
    ]);
    expect(decodeText(`${VT}${big}${VT}MSH|b${FS}\r`)).toEqual([
      `oversized 5008 not ended ${big.slice(0, 20)}`,
      'frame MSH|b',
    ]);
  });

  it('takes a frame of exactly the cap and refuses one byte more', () => {
    const content = `MSH|${'x'.repeat(996)}`;
    expect(decodeText(`${VT}${content}${FS}`)).toEqual([`frame ${content}`]);
    expect(decodeText(`${VT}${content}y${FS}`)).toEqual([`oversized 1001 ended ${content.slice(0, 20)}`]);
  });

  it('reports what is unfinished when the bytes end', () => {
    expect(decodeText(`${VT}MSH|a`)).toEqual(['truncated 5 MSH|a']);
    expect(decodeText('abc')).toEqual(['garbage 3']);
    expect(decodeText(VT)).toEqual(['garbage 1']);
    expect(decodeText('')).toEqual([]);
  });

  it('keeps a frame that was handed out as it is when more bytes come', () => {
    const decoder = new FrameDecoder({ maxFrameBytes: 100 });
    decoder.push(Buffer.from(`${VT}MSH|first`));
    expect(decoder.next()).toBeUndefined();
    decoder.push(Buffer.from(`${FS}\r${VT}MSH|second`));
    const first = decoder.next();
    expect(decoder.next()).toBeUndefined();
    decoder.push(Buffer.from(`${FS}\r`));
    const second = decoder.next();
    expect(told([first as FrameEvent, second as FrameEvent])).toEqual(['frame MSH|first', 'frame MSH|second']);
  });
});

/** Bytes that make block characters and headers likely to meet each other and the chunk borders. */
const nastyText = fc
  .array(
    fc.constantFrom(
      VT,
      FS,
      '\r',
      '\n',
      'M',
      'S',
      'H',
      'F',
      'B',
      '|',
      'MSH|',
      `${VT}MSH|`,
      'FHS|',
      'PID|1',
      '\0',
      'x',
      'é',
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const places = fc.array(fc.nat({ max: 300 }), { maxLength: 20 });

const message = fc.stringMatching(/^[A-Za-z0-9|^~&\\ \r\n]{0,80}$/).map((rest) => `MSH|^~\\&|${rest}`);
const piece = fc.oneof(
  { weight: 4, arbitrary: message.map((text) => ({ bytes: `${VT}${text}${FS}\r`, good: text })) },
  message.map((text) => ({ bytes: `${VT}${text}${FS}`, good: text })),
  fc.stringMatching(/^[A-Za-z0-9\r\n#]{1,30}$/).map((text) => ({ bytes: text.replaceAll('#', FS), good: undefined })),
  message.map((text) => ({ bytes: `${VT}${text}`, good: undefined })), // no end
  fc.nat({ max: 50 }).map((more) => ({ bytes: `${VT}MSH|${'y'.repeat(120 + more)}${FS}\r`, good: undefined })), // over the cap
  fc.nat({ max: 50 }).map((more) => ({ bytes: `${VT}MSH|${'z'.repeat(120 + more)}`, good: undefined })), // and without end
);

describe('FrameDecoder: whatever comes', () => {
  it('reads the same from any chunking of any bytes', () => {
    fc.assert(
      fc.property(nastyText, places, fc.integer({ min: 1, max: 40 }), (bytes, cuts, cap) => {
        const whole = told(decode([Buffer.from(bytes)], cap, 8));
        expect(told(decode(cut(bytes, cuts), cap, 8))).toEqual(whole);
        expect(
          told(
            decode(
              [...bytes].map((byte) => Buffer.from([byte])),
              cap,
              8,
            ),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('never loses or changes a good frame among bad ones', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), places, (pieces, cuts) => {
        const usable = pieces.filter((one, index) => {
          // After a frame without end, an end block in garbage would rightly end it; keep the expectation simple.
          const before = pieces[index - 1];
          return !(before !== undefined && before.good === undefined && one.good === undefined);
        });
        const expected = usable.flatMap((one) => (one.good === undefined ? [] : [one.good]));
        const bytes = Buffer.from(usable.map((one) => one.bytes).join(''), 'latin1');
        const frames = decode(cut(bytes, cuts), 110).filter((event) => event.kind === 'frame');
        expect(frames.map((event) => event.bytes.toString('latin1'))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads back what frameMessages wrote', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), places, (messages, cuts) => {
        const bytes = frameMessages(messages.map((text) => Buffer.from(text, 'latin1')));
        expect(told(decode(cut(bytes, cuts)))).toEqual(messages.map((text) => `frame ${text}`));
      }),
    );
  });
});

describe('FrameDecoder: memory', () => {
  it('holds no more than the cap of a frame without end, and little of one over the cap', () => {
    const cap = 1024 * 1024;
    const decoder = new FrameDecoder({ maxFrameBytes: cap });
    const chunk = Buffer.alloc(64 * 1024, 'x');
    decoder.push(Buffer.from(`${VT}MSH|`));
    let most = 0;
    for (let sent = 0; sent < 8 * cap; sent += chunk.length) {
      expect(decoder.next()).toBeUndefined();
      most = Math.max(most, decoder.assemblyBytes);
      decoder.push(chunk);
    }
    expect(most).toBeLessThanOrEqual(cap + 4);
    expect(decoder.next()).toBeUndefined();
    expect(decoder.assemblyBytes).toBeLessThanOrEqual(4096);
  });

  it('lets a small frame go without the large chunk it came in', () => {
    const chunk = Buffer.concat([Buffer.from(`${VT}MSH|small${FS}\r`), Buffer.alloc(60_000, 'x')]);
    const [frame] = decode([chunk]);
    if (frame?.kind !== 'frame') throw new Error('no frame');
    expect(frame.bytes.buffer.byteLength).toBeLessThan(chunk.length);
  });
});
