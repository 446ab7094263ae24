import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './commands/options.ts';
import { openRotatingFile } from './rotating-file.ts';

/** Lines that could not be written yet are kept up to this size; more of them are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Where the log goes and what of it. */
export interface ProgramLogOptions {
  readonly logTo: 'file' | 'stdout';
  readonly logLevel: LogLevel;
  /** Size at which the file is put aside, in bytes. */
  readonly logFileBytes: number;
  /** How many files that were put aside are kept. */
  readonly logFilesKept: number;
  readonly dataDirectory: string;
}

/**
 * The program's own log: JSON lines into `<data>/logs/practice-studio.log` (older ones are kept as `.1`, `.2` …), or to
 * standard output for containers. It holds ids, counts and codes, never patient data. A log that cannot be written (a full
 * disk) does not end the program: each later line tries again what waits.
 */
export function openProgramLog(to: ProgramLogOptions): Logger {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, level: to.logLevel }, destination(to));
}

function destination({ logTo, dataDirectory, logFileBytes, logFilesKept }: ProgramLogOptions): DestinationStream {
  if (logTo === 'stdout') {
    const stream = pino.destination({ dest: 1, sync: true, maxLength: MAX_WAITING_BYTES });
    stream.on('error', () => undefined);
    return stream;
  }
  const folder = join(dataDirectory, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openRotatingFile({
    path: join(folder, 'practice-studio.log'),
    maxBytes: logFileBytes,
    kept: logFilesKept,
    maxWaitingBytes: MAX_WAITING_BYTES,
  });
}

/**
 * Lets `SIGUSR2` switch a running program between its level and `debug`, to look at something that happens now. Answers
 * how to stop listening. Windows has no such signal.
 */
export function switchLevelBySignal(log: Logger): () => void {
  if (process.platform === 'win32') return () => undefined;
  const usual = log.level;
  const turn = (): void => {
    log.level = log.level === 'debug' ? usual : 'debug';
    log.warn({ to: log.level }, 'The level of the log was changed by a signal.');
  };
  process.on('SIGUSR2', turn);
  return () => process.off('SIGUSR2', turn);
}
