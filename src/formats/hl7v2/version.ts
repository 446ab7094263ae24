/**
 * A version as a number that compares as versions do: 2.3 → 20300, 2.3.1 → 20301, 2.5.1 → 20501. Undefined when it is
 * not written as an HL7 version 2 is.
 */
export function versionNumber(version: string | undefined): number | undefined {
  const match = /^2\.(\d{1,2})(?:\.(\d{1,2}))?/.exec(version?.trim() ?? '');
  if (match === null) return undefined;
  return 20_000 + Number(match[1]) * 100 + Number(match[2] ?? 0);
}
