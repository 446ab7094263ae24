import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ProgramHome } from '../support/program.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { acknowledgedBy, makeFeeds } from './feeds.ts';
import { expectNothingLost } from './nothing-lost.ts';
import { SmallDisk } from './small-disk.ts';
import { until } from './until.ts';

const finallyDo = cleanUpAfterEach();

describe('the disk of the data directory is full', () => {
  it('stops acknowledging, loses nothing, and goes on by itself when there is room again', async (context) => {
    const disk = await SmallDisk.mount(context, 320);
    finallyDo(() => disk.unmount());
    const home = await ProgramHome.make({ listeners: [{ key: 'commit' }], directory: join(disk.directory, 'data') });
    finallyDo(() => home.remove());
    const program = await home.start();
    await home.token();
    const feeds = makeFeeds([
      { name: 'one', port: home.port('commit') },
      { name: 'two', port: home.port('commit') },
    ]);
    for (const { sender } of feeds) {
      finallyDo(() => sender.close());
      sender.go();
    }
    for (let time = 1; time <= 2; time++) {
      await until('messages are acknowledged', () => acknowledgedBy(feeds) > 200 * time, 20_000);
      disk.fill();
      // What the server has set aside for its log is written full first.
      const quiet = async (): Promise<boolean> => {
        disk.fill();
        const before = acknowledgedBy(feeds);
        await sleep(3000);
        return acknowledgedBy(feeds) === before;
      };
      await until('nothing is acknowledged any more', quiet, 90_000);
      const before = acknowledgedBy(feeds);
      const { status, reasons } = await program.readiness();
      expect(status, 'readiness while the disk is full').toBe(503);
      expect(reasons.join(), 'the reason').toMatch(/database|hold back/);
      await sleep(5000);
      expect(program.alive, `the program while the disk is full: ${program.said}`).toBe(true);
      expect(acknowledgedBy(feeds), 'acknowledged while the disk is full').toBe(before);

      await disk.free();
      await until('messages are acknowledged again', () => acknowledgedBy(feeds) > before + 100, 60_000);
      await until('the program is ready again', async () => (await program.readiness()).status === 200, 20_000);
    }
    await Promise.all(feeds.map(({ sender }) => sender.drained(60_000)));
    await expectNothingLost(home, program, feeds);
    expect(program.alive).toBe(true);
  }, 400_000);
});
