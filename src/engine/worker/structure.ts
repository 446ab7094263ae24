import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { validateMessage, type Hl7Problem } from '../../formats/hl7v2/validate.ts';

/**
 * What is so wrong with a message's structure that it cannot be processed; undefined when nothing is. The whole check is
 * made only where a look at the segments' first bytes, which costs next to nothing, finds something strange.
 */
export function structuralProblem(message: Hl7Message): Hl7Problem | undefined {
  if (looksSound(message)) return undefined;
  return validateMessage(message).find(({ severity }) => severity === 'E');
}

/** Whether every segment begins with a segment's name, and none but the first is a header. */
function looksSound(message: Hl7Message): boolean {
  const { bytes, segmentCount } = message;
  const separator = message.delimiters.codes.field;
  for (let index = 0; index < segmentCount; index++) {
    const start = message.segmentStart(index);
    const nameEnd = start + 3;
    const end = message.segmentEnd(index);
    if (end < nameEnd || (end > nameEnd && bytes[nameEnd] !== separator)) return false;
    if (!isUpper(bytes[start]) || !isUpperOrDigit(bytes[start + 1]) || !isUpperOrDigit(bytes[start + 2])) return false;
    if (index > 0 && message.isHeader(index)) return false;
  }
  return true;
}

function isUpper(byte = 0): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isUpperOrDigit(byte = 0): boolean {
  return isUpper(byte) || (byte >= 0x30 && byte <= 0x39);
}
