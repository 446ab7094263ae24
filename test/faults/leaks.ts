import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { lowerCase, type Needle } from './canaries.ts';

/** Files are looked through in blocks of this size. */
export const BLOCK_BYTES = 1024 * 1024;
/** Longer than any needle, so that none hides between two blocks. */
const OVERLAP_BYTES = 512;
const ZEROS = Buffer.alloc(BLOCK_BYTES + OVERLAP_BYTES);

/** Which needles stand in some bytes; each is named with the place. */
export function leaksIn(place: string, bytes: Buffer, needles: readonly Needle[]): string[] {
  const lower = lowerCase(bytes);
  return needles
    .filter((needle) => (needle.exact ? bytes : lower).includes(needle.bytes))
    .map((needle) => `${needle.of} in ${place}`);
}

/** Which needles stand in any file below a folder, and how many bytes were looked through. */
export async function leaksBelow(
  folder: string,
  needles: readonly Needle[],
): Promise<{ readonly leaks: readonly string[]; readonly bytes: number }> {
  const leaks = new Set<string>();
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = await open(path);
    try {
      const block = Buffer.alloc(BLOCK_BYTES + OVERLAP_BYTES);
      for (let at = 0; ; at += BLOCK_BYTES) {
        const { bytesRead } = await file.read(block, 0, block.length, at);
        if (bytesRead === 0) break;
        total += Math.min(bytesRead, BLOCK_BYTES);
        const part = block.subarray(0, bytesRead);
        // Much of what a database sets aside is still empty.
        if (!part.equals(ZEROS.subarray(0, bytesRead))) {
          for (const leak of leaksIn(relative(folder, path), part, needles)) leaks.add(leak);
        }
        if (bytesRead < block.length) break;
      }
    } finally {
      await file.close();
    }
  }
  return { leaks: [...leaks], bytes: total };
}
