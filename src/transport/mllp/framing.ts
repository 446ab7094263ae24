/** Start of an MLLP block (HL7 v2 Transport Specification: MLLP, release 1, section 2.3). */
export const START_BLOCK = 0x0b;
/** End of an MLLP block; a carriage return follows it. */
export const END_BLOCK = 0x1c;
export const CARRIAGE_RETURN = 0x0d;
export const LINE_FEED = 0x0a;

/** Wraps messages in MLLP blocks, all in one buffer so that they cost one write. */
export function frameMessages(messages: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const message of messages) length += message.length + 3;
  const framed = Buffer.allocUnsafe(length);
  let at = 0;
  for (const message of messages) {
    framed[at] = START_BLOCK;
    framed.set(message, at + 1);
    at += message.length + 1;
    framed[at] = END_BLOCK;
    framed[at + 1] = CARRIAGE_RETURN;
    at += 2;
  }
  return framed;
}
