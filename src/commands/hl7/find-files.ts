import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { splitMessages } from '../../formats/hl7v2/split-messages.ts';
import { UsageError } from '../options.ts';

/** A file to look at. */
export interface FoundFile {
  readonly path: string;
  /** Whether it holds HL7; false for a file of a folder that begins with something else. */
  readonly isHl7: boolean;
}

/** Files of these names are looked at whatever they begin with, so that a broken one is told. */
const HL7_NAME = /\.(?:hl7|hl7v2|er7)$/i;

const HEAD_BYTES = 4096;

/**
 * The files that paths name: files as they are, folders with all that is below them, in the order of their names. Of a folder,
 * hidden entries are left out, and files count as HL7 by their name or by a header at their beginning.
 *
 * @throws UsageError for a path that is not there
 */
export async function* findFiles(paths: readonly string[]): AsyncGenerator<FoundFile, void, undefined> {
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new UsageError(`${path} cannot be read: ${(cause as { code?: string }).code ?? 'unknown reason'}.`);
    });
    if (found.isDirectory()) yield* filesBelow(path);
    else yield { path, isHl7: true };
  }
}

async function* filesBelow(folder: string): AsyncGenerator<FoundFile, void, undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    // A link to a folder is not followed, as it may lead back.
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) {
      yield { path, isHl7: HL7_NAME.test(entry.name) || (await beginsAsHl7(path)) };
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function beginsAsHl7(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  // A file that cannot be opened is told when it is to be read.
  if (file === undefined) return true;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [first] = splitMessages(buffer.subarray(0, bytesRead));
    return first !== undefined && /^(?:MSH|FHS|BHS)$/.test(first.name);
  } finally {
    await file.close();
  }
}
