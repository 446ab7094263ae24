/** A key (lower-case letters, digits, single dashes) proposed from a name. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-$/, '');
}
export const KEY_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export function checkKey(value: string): string | null {
  return KEY_PATTERN.test(value) && value.length <= 60 ? null : 'Lower-case letters, digits and single dashes only.';
}
