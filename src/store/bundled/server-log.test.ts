import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastFatalLine, largestLogBytes, openServerLog, rotateServerLog } from './server-log.ts';
import { prepareServerPlace } from './server-place.ts';
import type { ServerPlace } from './server-place.ts';

let home: string;
let place: ServerPlace;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'server-log-'));
  place = await prepareServerPlace(join(home, 'data', 'postgres'));
});

afterEach(() => rm(home, { recursive: true }));

const line = 'a line of the log\n';

describe('the log of the server', () => {
  it('is put aside when it is large, while the server goes on writing to it', async () => {
    const output = await openServerLog(place);
    await output.write(line.repeat(largestLogBytes / line.length + 1));
    await rotateServerLog(place);
    await output.write('and on\n');
    await output.close();
    expect(await readFile(place.logFile, 'utf8')).toBe('and on\n');
    expect((await stat(`${place.logFile}.1`)).size).toBeGreaterThan(largestLogBytes);
  });

  it('stays where it is while it is small', async () => {
    await writeFile(place.logFile, line);
    await rotateServerLog(place);
    expect(await readFile(place.logFile, 'utf8')).toBe(line);
  });

  it('never takes more than twice its size, however often the program is started', async () => {
    for (let start = 0; start < 4; start++) {
      const output = await openServerLog(place);
      await output.write(line.repeat(largestLogBytes / line.length + 1));
      await output.close();
    }
    await (await openServerLog(place)).close();
    const sizes = await Promise.all([place.logFile, `${place.logFile}.1`].map(async (path) => (await stat(path)).size));
    expect(sizes[0]).toBe(0);
    expect(sizes[1]).toBeLessThan(largestLogBytes + 2 * line.length);
  });

  it('tells the last words of a server since its start', async () => {
    await writeFile(place.logFile, 'time [1] postmaster F FATAL:  of yesterday\n');
    const { size } = await stat(place.logFile);
    expect(await lastFatalLine(place, size)).toBeNull();
    await writeFile(place.logFile, 'time [2] postmaster F FATAL:  could not bind\ntime [2] LOG:  shut down\n', {
      flag: 'a',
    });
    expect(await lastFatalLine(place, size)).toBe('could not bind');
  });
});
