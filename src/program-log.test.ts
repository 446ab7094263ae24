import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LogLevel } from './commands/options.ts';
import { openProgramLog, switchLevelBySignal } from './program-log.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'program-log-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

const open = (logLevel: LogLevel) =>
  openProgramLog({ logTo: 'file', logLevel, logFileBytes: 1024, logFilesKept: 1, dataDirectory });
const lines = (): { msg: string; level: number; time: string }[] =>
  readFileSync(join(dataDirectory, 'logs/practice-studio.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; level: number; time: string });

it('holds what its level asks for, each line with its time', () => {
  const log = open('warn');
  log.info('usual');
  log.warn('strange');
  log.error('wrong');
  expect(lines().map(({ msg, level }) => [msg, level])).toEqual([
    ['strange', 40],
    ['wrong', 50],
  ]);
  expect(Date.parse(lines()[0]?.time ?? '')).toBeGreaterThan(0);
});

it.skipIf(process.platform === 'win32')('tells more after a signal, and less after the next', async () => {
  const log = open('info');
  const leave = switchLevelBySignal(log);
  log.debug('before');
  process.kill(process.pid, 'SIGUSR2');
  await vi.waitFor(() => expect(log.level).toBe('debug'));
  log.debug('between');
  process.kill(process.pid, 'SIGUSR2');
  await vi.waitFor(() => expect(log.level).toBe('info'));
  log.debug('after');
  leave();
  expect(lines().map(({ msg }) => msg)).toEqual([
    'The level of the log was changed by a signal.',
    'between',
    'The level of the log was changed by a signal.',
  ]);
});
