/** Whether each typed word begins a word of the entry. */
export function matchesWords(typed: string, entry: string): boolean {
  const words = entry.toLowerCase().split(/[\s›]+/);
  return typed
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}
