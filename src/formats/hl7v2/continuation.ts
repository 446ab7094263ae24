import { type Hl7Message, viewOf } from './message.ts';

/** A message read with its continued segments joined. */
export interface ContinuationView {
  /** For reading only: `toBytes` gives the bytes of the wire, edits are refused. The message itself where nothing is continued. */
  readonly message: Hl7Message;
  /** Where a byte of the view's bytes stands in the bytes of the message it was made of. */
  toOriginal(offset: number): number;
}

/** A stretch of bytes that the view leaves out: a line end, and the name and separator of an ADD segment. */
interface Cut {
  readonly from: number;
  readonly to: number;
}

/**
 * Joins ADD segments (HL7 v2 section 2.10.2) to the segment before them: ADD-1 continues its last field, ADD-2 and later are
 * the fields after that one. Several in a row continue one another; an ADD without fields only marks that the next message goes
 * on. One right behind the header continues another message and stays as it is (see `FragmentAssembler`).
 */
export function continuationView(message: Hl7Message): ContinuationView {
  const cuts: Cut[] = [];
  for (const index of message.segmentIndexes('ADD')) {
    if (index === 0 || message.isHeader(index - 1)) continue;
    const end = message.segmentEnd(index);
    cuts.push({ from: message.segmentEnd(index - 1), to: Math.min(end, message.segmentStart(index) + 4) });
  }
  if (cuts.length === 0) return { message, toOriginal: (offset) => offset };
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { from, to } of cuts) {
    pieces.push(message.bytes.subarray(at, from));
    at = to;
  }
  pieces.push(message.bytes.subarray(at));
  return {
    message: viewOf(message, Buffer.concat(pieces)),
    toOriginal(offset) {
      let original = offset;
      for (const { from, to } of cuts) {
        if (original < from) break;
        original += to - from;
      }
      return original;
    },
  };
}
