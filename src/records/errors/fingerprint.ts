/** The number of a group as people and URLs write it: 16 hex digits. */
export function fingerprintText(fingerprint: bigint | string): string {
  return BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0');
}

/** The number of a group as the database keeps it (signed), as decimal text. */
export function fingerprintNumber(text: string): string {
  return String(BigInt.asIntN(64, BigInt(`0x${text}`)));
}
