import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotating-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (kept: number, maxBytes = 100): { write(line: string): void } =>
  openRotatingFile({ path: join(folder, 'log'), maxBytes, kept, maxWaitingBytes: 1024 });
const files = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
/** 40 bytes. */
const line = (number: number): string => `${String(number).padStart(39, '.')}\n`;

it('is put aside at its size, as many times as are kept, and no line is cut or lost before its time', () => {
  const file = open(2);
  for (let number = 1; number <= 7; number++) file.write(line(number));
  expect(files()).toEqual({
    log: line(7),
    'log.1': line(5) + line(6),
    'log.2': line(3) + line(4),
  });
});

it('goes on where the last program ended', () => {
  writeFileSync(join(folder, 'log'), line(1) + line(2));
  open(1).write(line(3));
  expect(files()).toEqual({ log: line(3), 'log.1': line(1) + line(2) });
});

it('is put aside at a start when it is above the size, also one that was made smaller', () => {
  writeFileSync(join(folder, 'log'), line(1) + line(2));
  open(1, 40).write(line(3));
  expect(files()).toEqual({ log: line(3), 'log.1': line(1) + line(2) });
});

it('keeps nothing but the file itself when told so', () => {
  const file = open(0);
  for (let number = 1; number <= 3; number++) file.write(line(number));
  expect(files()).toEqual({ log: line(3) });
});

it('counts bytes, not letters, and takes a line that is longer than the whole file', () => {
  const file = open(3);
  file.write('ä'.repeat(60));
  file.write('ö'.repeat(60));
  expect(files()).toEqual({ log: 'ö'.repeat(60), 'log.1': 'ä'.repeat(60) });
});

it('is closed to other users', () => {
  const file = open(1);
  for (let number = 1; number <= 3; number++) file.write(line(number));
  for (const name of ['log', 'log.1']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

it('goes on writing when it cannot be put aside', () => {
  mkdirSync(join(folder, 'log.1')); // no file can take this place
  const file = open(1);
  for (let number = 1; number <= 3; number++) file.write(line(number));
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(line(1) + line(2) + line(3));
  rmSync(join(folder, 'log.1'), { recursive: true });
  for (let number = 4; number <= 5; number++) file.write(line(number));
  expect(files()).toEqual({ log: line(5), 'log.1': line(1) + line(2) + line(3) + line(4) });
});
