import iconv from 'iconv-lite';

// ISO-2022-JP (MSH-18 ISO IR14/IR87/IR159) switches sets by escape sequences and then uses plain ASCII byte values for
// two-byte characters, delimiters among them. iconv-lite has no codec for it but has EUC-JP, which holds the same sets
// in other clothes: a two-byte character is the same pair with the high bits set.

const ESC = 0x1b;

type Mode = 'ascii' | 'katakana' | 'jis0208' | 'jis0212';

/** The mode that the escape sequence at `at` switches to and its length; undefined when there is none known. */
function switchAt(bytes: Uint8Array, at: number, end: number): { mode: Mode; length: number } | undefined {
  if (bytes[at] !== ESC || at + 2 >= end) return undefined;
  const a = bytes[at + 1];
  const b = bytes[at + 2];
  if (a === 0x28) {
    if (b === 0x42 || b === 0x4a) return { mode: 'ascii', length: 3 };
    if (b === 0x49) return { mode: 'katakana', length: 3 };
  } else if (a === 0x24) {
    if (b === 0x40 || b === 0x42) return { mode: 'jis0208', length: 3 };
    if (b === 0x28 && at + 3 < end && bytes[at + 3] === 0x44) return { mode: 'jis0212', length: 4 };
  }
  return undefined;
}

export function decodeIso2022Jp(bytes: Uint8Array, start: number, end: number): string {
  const euc: number[] = [];
  let mode: Mode = 'ascii';
  for (let i = start; i < end;) {
    const change = switchAt(bytes, i, end);
    if (change !== undefined) {
      mode = change.mode;
      i += change.length;
      continue;
    }
    const byte = bytes[i] ?? 0;
    if (mode === 'ascii' || byte < 0x21) {
      if (byte >= 0xa1 && byte <= 0xdf) euc.push(0x8e);
      euc.push(byte);
      i += 1;
    } else if (mode === 'katakana') {
      euc.push(0x8e, byte | 0x80);
      i += 1;
    } else {
      if (mode === 'jis0212') euc.push(0x8f);
      euc.push(byte | 0x80);
      if (i + 1 < end) euc.push((bytes[i + 1] ?? 0) | 0x80);
      i += 2;
    }
  }
  return iconv.decode(Buffer.from(euc), 'euc-jp');
}

/** Encodes and returns to ASCII at the end, so that the value can stand between delimiters. */
export function encodeIso2022Jp(text: string): Buffer {
  const euc = iconv.encode(text, 'euc-jp');
  const out: number[] = [];
  let mode: Mode = 'ascii';
  const enter = (next: Mode): void => {
    if (mode === next) return;
    mode = next;
    if (next === 'ascii') out.push(ESC, 0x28, 0x42);
    else if (next === 'katakana') out.push(ESC, 0x28, 0x49);
    else if (next === 'jis0208') out.push(ESC, 0x24, 0x42);
    else out.push(ESC, 0x24, 0x28, 0x44);
  };
  for (let i = 0; i < euc.length;) {
    const byte = euc[i] ?? 0;
    if (byte < 0x80) {
      enter('ascii');
      out.push(byte);
      i += 1;
    } else if (byte === 0x8e) {
      enter('katakana');
      out.push((euc[i + 1] ?? 0) & 0x7f);
      i += 2;
    } else if (byte === 0x8f) {
      enter('jis0212');
      out.push((euc[i + 1] ?? 0) & 0x7f, (euc[i + 2] ?? 0) & 0x7f);
      i += 3;
    } else {
      enter('jis0208');
      out.push(byte & 0x7f, (euc[i + 1] ?? 0) & 0x7f);
      i += 2;
    }
  }
  enter('ascii');
  return Buffer.from(out);
}

/** A copy in which the bytes of switched sets are hidden, so that only real delimiters are found in it. */
export function maskIso2022Jp(bytes: Buffer, hidden: number): Buffer {
  const masked = Buffer.from(bytes);
  let mode: Mode = 'ascii';
  for (let i = 0; i < bytes.length;) {
    const change = switchAt(bytes, i, bytes.length);
    if (change !== undefined) {
      masked.fill(hidden, i, i + change.length);
      mode = change.mode;
      i += change.length;
      continue;
    }
    const byte = bytes[i] ?? 0;
    // A line end always returns to ASCII (RFC 1468): a sender that forgot to does not swallow the next segment.
    if (byte === 0x0d || byte === 0x0a) mode = 'ascii';
    if (mode !== 'ascii' && byte >= 0x21) masked[i] = hidden;
    i += 1;
  }
  return masked;
}
