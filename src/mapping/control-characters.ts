import type { Hl7Message } from '../formats/hl7v2/message.ts';
import type { Value } from './run.ts';

// Of what values hold, only line ends and tabs are text; everything else below the blank, and DEL, is damage.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** TAB, LF, VT, CR, FS and ESC: tabs, line ends, what frames leave behind, and what switches character sets. */
const USUAL = (1 << 0x09) | (1 << 0x0a) | (1 << 0x0b) | (1 << 0x0d) | (1 << 0x1c) | (1 << 0x1b);
const DEL = 0x7f;

/**
 * Whether values of a message have to be looked at for control characters: its bytes hold some, or escape sequences that
 * can make some (`\X00\`). One pass over the bytes, so that whole messages cost next to nothing.
 */
export function mayHoldControls({ bytes, delimiters }: Pick<Hl7Message, 'bytes' | 'delimiters'>): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 ? ((USUAL >>> byte) & 1) === 0 : byte === DEL) return true;
  }
  return delimiters.escape !== '' && bytes.includes(`${delimiters.escape}X`, 0, 'latin1');
}

/** Whether a value holds a control character that is no tab and no line end. */
export function holdsControl(value: Value | number | boolean): boolean {
  if (typeof value === 'string') return CONTROL.test(value);
  return typeof value === 'object' && value !== null && value.some((text) => CONTROL.test(text));
}
