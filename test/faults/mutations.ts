import type { Random } from '../../simulator/random.ts';

const END_BLOCK = 0x1c;

/** What a broken sender or line makes of a message: one to four changes at random places. Without end blocks, so that it stays one frame. */
export function mutate(message: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(message);
  for (let count = random.int(1, 4); count > 0; count--) bytes = random.pick(CHANGES)(bytes, random);
  for (let at = bytes.indexOf(END_BLOCK); at !== -1; at = bytes.indexOf(END_BLOCK)) bytes[at] = 0x20;
  return bytes.length === 0 ? Buffer.of(0) : bytes;
}

type Change = (bytes: Buffer, random: Random) => Buffer;

const CHANGES: readonly Change[] = [
  // A bit falls over.
  (bytes, random) => {
    const at = place(bytes, random);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
    return bytes;
  },
  // A byte becomes another one, mostly one that means something.
  (bytes, random) => {
    bytes[place(bytes, random)] = random.pick([0x00, 0x0a, 0x0b, 0x0d, 0x22, 0x26, 0x5c, 0x5e, 0x7c, 0x7e, 0xc3, 0xff]);
    return bytes;
  },
  // A stretch is lost.
  (bytes, random) => {
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.int(1, 40))]);
  },
  // A stretch comes twice.
  (bytes, random) => {
    const at = place(bytes, random);
    const end = at + random.int(1, 200);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
  // A piece of something else stands in it.
  (bytes, random) => {
    const at = place(bytes, random);
    const strange = Buffer.from(Array.from({ length: random.int(1, 60) }, () => random.int(0, 255)));
    return Buffer.concat([bytes.subarray(0, at), strange, bytes.subarray(at)]);
  },
  // It stops in the middle.
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  // A segment stands somewhere else.
  (bytes, random) => {
    const segments = bytes.toString('latin1').split('\r');
    const [segment = ''] = segments.splice(random.int(0, segments.length - 1), 1);
    segments.splice(random.int(0, segments.length), 0, segment);
    return Buffer.from(segments.join('\r'), 'latin1');
  },
];

function place(bytes: Buffer, random: Random): number {
  return random.int(0, Math.max(0, bytes.length - 1));
}
