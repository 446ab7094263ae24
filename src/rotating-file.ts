import { renameSync, rmSync, statSync } from 'node:fs';
import { pino, type DestinationStream } from 'pino';

export interface RotatingFileOptions {
  readonly path: string;
  /** Size at which the file is put aside as `.1`, what was `.1` as `.2`, and so on. Lines are never cut. */
  readonly maxBytes: number;
  /** How many files that were put aside are kept; 0 keeps none. */
  readonly kept: number;
  /** Lines that could not be written yet are kept up to this size; more of them are dropped. */
  readonly maxWaitingBytes: number;
}

/**
 * A file that lines are appended to at once, closed to other users, which never grows much beyond its size: it is put aside
 * between two lines. Where that fails (a folder that became read-only) the lines go on into the file as it is, and it is
 * tried again after as much as a file holds.
 */
export function openRotatingFile({ path, maxBytes, kept, maxWaitingBytes }: RotatingFileOptions): DestinationStream {
  let size = sizeOf(path);
  if (size >= maxBytes) {
    putAside(path, kept);
    size = 0;
  }
  const stream = pino.destination({ dest: path, mode: 0o600, sync: true, maxLength: maxWaitingBytes });
  stream.on('error', () => undefined);
  return {
    write(line: string) {
      const bytes = Buffer.byteLength(line);
      if (size > 0 && size + bytes > maxBytes) {
        size = 0;
        if (putAside(path, kept)) reopen(stream);
      }
      size += bytes;
      stream.write(line);
    },
  };
}

function reopen(stream: ReturnType<typeof pino.destination>): void {
  try {
    stream.reopen();
  } catch {
    // The lines go on into the file that was put aside: it is still open.
  }
}

/** `.1` becomes `.2` and so on, the last one goes. Answers whether the path is free for a new file. */
function putAside(path: string, kept: number): boolean {
  try {
    rmSync(kept === 0 ? path : `${path}.${kept}`, { force: true });
    for (let number = kept - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number}`;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${number + 1}`);
    }
    return true;
  } catch {
    return false;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
