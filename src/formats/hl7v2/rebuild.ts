import type { Hl7Message } from './message.ts';
import { partEnd } from './read.ts';
import { toWide } from './wide.ts';

/**
 * Whether a message is written back byte for byte: put together anew from all that was found in it, down to each
 * subcomponent, it is what came. A fault in how it is taken apart would show here, while `toBytes` keeps the bytes by design.
 */
export function isWrittenBack(message: Hl7Message): boolean {
  const rebuilt = rebuildMessage(message);
  if (!rebuilt.equals(message.bytes)) return false;
  const wire = message.toBytes();
  if (message.wide === undefined) return rebuilt.equals(wire);
  return toWide(rebuilt.toString('utf8'), message.wide).equals(wire);
}

/** The message's bytes from its parts: segments, fields, repetitions, components, subcomponents, and what stands between. */
export function rebuildMessage(message: Hl7Message): Buffer {
  const { bytes, delimiters, segmentCount } = message;
  const { field } = delimiters.codes;
  const out = new Output(bytes);
  let at = 0;
  for (let index = 0; index < segmentCount; index++) {
    out.copy(at, message.segmentStart(index));
    const offsets = message.fieldOffsets(index);
    const isHeader = message.isHeader(index);
    for (let n = 0; n < offsets.length - 1; n++) {
      const start = offsets[n] ?? 0;
      const end = (offsets[n + 1] ?? 0) - 1;
      // The first field of a header is the separator that stands before the second.
      if (isHeader && n === 1) continue;
      if (n > 0) out.byte(field);
      if (n === 0 || (isHeader && n === 2)) out.copy(start, isHeader && n === 0 ? Math.min(end, start + 3) : end);
      else writeField(out, message, start, end);
    }
    at = message.segmentEnd(index);
  }
  out.copy(at, bytes.length);
  return out.done();
}

function writeField(out: Output, message: Hl7Message, start: number, end: number): void {
  const { repetition, component, subcomponent } = message.delimiters.codes;
  const levels = [repetition, component, subcomponent];
  const write = (level: number, from: number, to: number): void => {
    const delimiter = levels[level];
    if (delimiter === undefined) {
      out.copy(from, to);
      return;
    }
    for (let at = from; ;) {
      const stop = partEnd(message.structure, at, to, delimiter);
      write(level + 1, at, stop);
      if (stop >= to) return;
      out.byte(delimiter);
      at = stop + 1;
    }
  };
  write(0, start, end);
}

/** Bytes that grow by pieces of a source. */
class Output {
  readonly #source: Buffer;
  #bytes: Buffer;
  #length = 0;

  constructor(source: Buffer) {
    this.#source = source;
    this.#bytes = Buffer.allocUnsafe(source.length + 16);
  }

  copy(from: number, to: number): void {
    if (to <= from) return;
    this.#room(to - from);
    this.#source.copy(this.#bytes, this.#length, from, to);
    this.#length += to - from;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
