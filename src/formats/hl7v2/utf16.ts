/** How UTF-16 bytes are ordered on the wire. */
export type Utf16Order = 'le' | 'be';

/** Tells UTF-16 from a byte order mark, or from a header (`MSH`, `FHS`, `BHS`) spelt in two-byte units. */
export function utf16Order(bytes: Uint8Array): Utf16Order | undefined {
  const a = bytes[0];
  const b = bytes[1];
  if (a === 0xff && b === 0xfe) return 'le';
  if (a === 0xfe && b === 0xff) return 'be';
  if (bytes.length < 8) return undefined;
  if (b === 0 && (a === 0x4d || a === 0x46 || a === 0x42) && bytes[3] === 0 && bytes[5] === 0) return 'le';
  if (a === 0 && (b === 0x4d || b === 0x46 || b === 0x42) && bytes[2] === 0 && bytes[4] === 0) return 'be';
  return undefined;
}

/** UTF-16 as UTF-8. One code unit that is half of nothing becomes one U+FFFD, so positions stay countable. */
export function fromUtf16(bytes: Buffer, order: Utf16Order): Buffer {
  const even = bytes.subarray(0, bytes.length & ~1);
  return Buffer.from((order === 'le' ? even : Buffer.from(even).swap16()).toString('utf16le'), 'utf8');
}

export function toUtf16(text: string, order: Utf16Order): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}
