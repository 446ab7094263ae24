import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type DestinationStream, type Logger } from 'pino';

const MAX_BYTES = 20 * 1024 * 1024;
/** Lines that could not be written yet are kept up to this size; more of them are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * The program's own log: JSON lines into `<data>/logs/practice-studio.log` (the one before is kept as `.1`), or to
 * standard output for containers. It holds ids, counts and codes, never patient data.
 */
export function openProgramLog(to: 'file' | 'stdout', dataDirectory: string): Logger {
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (to === 'stdout') return pino(options, destination({ dest: 1 }));
  const folder = join(dataDirectory, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'practice-studio.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(path, `${path}.1`);
  return pino(options, destination({ dest: path, mode: 0o600 }));
}

/** A log that cannot be written (a full disk) must not end the program: each later line tries again what waits. */
function destination(options: { readonly dest: number | string; readonly mode?: number }): DestinationStream {
  const stream = pino.destination({ ...options, sync: true, maxLength: MAX_WAITING_BYTES });
  stream.on('error', () => undefined);
  return stream;
}
