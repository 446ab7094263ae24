import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuationView } from './continuation.ts';
import { FragmentAssembler, type Placed } from './fragment-assembler.ts';
import { fragmentInfo, joinFragments } from './fragments.ts';
import { type Hl7Message, parseMessage } from './message.ts';
import { compilePath } from './path.ts';
import { read } from './read.ts';
import { toWide } from './wide.ts';

function fragment(pointer: string, segments: readonly string[], charset = ''): Hl7Message {
  const header = String.raw`MSH|^~\&|LAB|H|||||ORU^R01|1|P|2.5.1||${pointer}||||${charset}`;
  return parseMessage(Buffer.from([header, ...segments].join('\r')));
}

const FIRST = fragment('', ['PID|1||7', 'OBX|1|TX|N||It is a lo', 'ADD|', 'DSC|a|F']);
const SECOND = fragment('a', ['ADD|ng text||||||F', 'OBX|2|TX|N||short', 'DSC|b|F', '']);
const THIRD = fragment('b', ['OBX|3|TX|N||end']);

describe('fragmentInfo', () => {
  it('tells what goes before and after', () => {
    expect([FIRST, SECOND, THIRD].map(fragmentInfo)).toEqual([
      { sender: 'LAB|H', continues: undefined, next: 'a' },
      { sender: 'LAB|H', continues: 'a', next: 'b' },
      { sender: 'LAB|H', continues: 'b', next: undefined },
    ]);
  });

  it('is undefined for a whole message and for a query that goes on', () => {
    expect(fragmentInfo(fragment('', ['PID|1||7']))).toBeUndefined();
    expect(fragmentInfo(fragment('', ['PID|1||7', 'DSC|a|I']))).toBeUndefined();
    expect(fragmentInfo(fragment('', ['PID|1||7', 'DSC']))).toBeUndefined();
  });
});

describe('joinFragments', () => {
  it('makes the message that was cut', () => {
    const whole = joinFragments([FIRST, SECOND, THIRD]);
    expect(whole.toBytes().toString().split('\r').slice(1)).toEqual([
      'PID|1||7',
      'OBX|1|TX|N||It is a lo',
      'ADD|',
      'ADD|ng text||||||F',
      'OBX|2|TX|N||short',
      'OBX|3|TX|N||end',
      '',
    ]);
    const { message } = continuationView(whole);
    expect(['OBX-5', 'OBX-11', 'OBX[3]-5'].map((path) => read(message, compilePath(path)))).toEqual([
      'It is a long text',
      'F',
      'end',
    ]);
  });

  it('keeps UTF-16', () => {
    const wide = [FIRST, SECOND, THIRD].map((part) =>
      parseMessage(toWide(`\ufeff${part.bytes.toString()}`, 'utf-16be')),
    );
    const whole = joinFragments(wide);
    expect(whole.wide).toBe('utf-16be');
    expect(read(whole, compilePath('OBX[3]-5'))).toBe('end');
  });

  it('refuses what does not fit together', () => {
    expect(() => joinFragments([FIRST, fragment('a', ['OBX|1'], '8859/1')])).toThrow(/character set/);
    expect(() => joinFragments([FIRST, parseMessage(Buffer.from('MSH#!~*%#LAB'))])).toThrow(/delimiters/);
  });
});

interface Piece {
  readonly name: string;
  readonly continues?: string;
  readonly next?: string;
  readonly sender?: string;
  readonly at?: number;
}

function place(assembler: FragmentAssembler<string>, piece: Piece): Placed<string> {
  const { name, continues, next, sender = 's', at = 0 } = piece;
  return assembler.add({ info: { sender, continues, next }, item: name, bytes: 10, at });
}

function chain(length: number): Piece[] {
  return Array.from({ length }, (_, n) => ({
    name: `f${n}`,
    ...(n === 0 ? {} : { continues: `p${n}` }),
    ...(n === length - 1 ? {} : { next: `p${n + 1}` }),
  }));
}

describe('FragmentAssembler', () => {
  it('tells the fragments of a message, in order, whatever the order they come in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }).chain((n) => fc.shuffledSubarray(chain(n), { minLength: n })),
        (pieces) => {
          const assembler = new FragmentAssembler<string>();
          const placed = pieces.map((piece) => place(assembler, piece));
          expect(placed.slice(0, -1).every(({ kind }) => kind === 'waiting')).toBe(true);
          expect(placed.at(-1)).toEqual({ kind: 'whole', items: chain(pieces.length).map(({ name }) => name) });
          expect(assembler.size).toBe(0);
        },
      ),
    );
  });

  it('keeps senders apart that use the same pointers', () => {
    const assembler = new FragmentAssembler<string>();
    place(assembler, { name: 'mine', next: 'a' });
    expect(place(assembler, { name: 'theirs', continues: 'a', sender: 'other' })).toEqual({ kind: 'waiting' });
    expect(place(assembler, { name: 'rest', continues: 'a' })).toEqual({ kind: 'whole', items: ['mine', 'rest'] });
  });

  it('knows a fragment that was sent again, wherever it stands', () => {
    for (let again = 0; again < 3; again++) {
      const assembler = new FragmentAssembler<string>();
      const pieces = chain(4);
      for (const piece of pieces.slice(0, 3)) place(assembler, piece);
      expect(place(assembler, pieces[again] ?? { name: '' })).toEqual({ kind: 'duplicate' });
      expect(place(assembler, pieces[3] ?? { name: '' }).kind).toBe('whole');
    }
  });

  it('does not wait for a fragment that follows itself', () => {
    expect(place(new FragmentAssembler(), { name: 'x', continues: 'a', next: 'a' }).kind).toBe('duplicate');
  });

  it('gives up what waited too long, and what is too much, the longest first', () => {
    const assembler = new FragmentAssembler<string>({ maxFragments: 3, maxBytes: 1000, maxWait: 100 });
    place(assembler, { name: 'a1', next: 'a', at: 0 });
    place(assembler, { name: 'b1', next: 'b', at: 50 });
    place(assembler, { name: 'a2', continues: 'a', next: 'aa', at: 60 });
    expect(assembler.giveUp(120)).toEqual([]);
    place(assembler, { name: 'c1', next: 'c', at: 120 });
    expect(assembler.giveUp(120)).toEqual([['b1']]);
    expect(assembler.giveUp(160)).toEqual([['a1', 'a2']]);
    expect(assembler.size).toBe(1);
    const small = new FragmentAssembler<string>({ maxBytes: 15 });
    place(small, { name: 'a1', next: 'a' });
    place(small, { name: 'b1', next: 'b' });
    expect(small.giveUp(0)).toEqual([['a1']]);
  });
});
