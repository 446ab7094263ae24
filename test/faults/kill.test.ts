import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ProgramHome, type RunningProgram } from '../support/program.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { makeFeeds } from './feeds.ts';
import { expectNothingLost } from './nothing-lost.ts';
import { withSeed } from './randomness.ts';

const rounds = Number(process.env['FAULT_ROUNDS'] ?? 50);
const finallyDo = cleanUpAfterEach();

/** A start that does not get to its end, in whatever it was doing: clearing up, recovering, opening listeners. */
async function killWhileStarting(home: ProgramHome, afterMs: number): Promise<void> {
  const program = await home.launch();
  await sleep(afterMs);
  program.kill();
  await program.exited;
}

const victims = ['the program', 'the database', 'both'] as const;

describe('kill -9 under load', () => {
  it(
    `keeps every acknowledged message and applies it once, ${rounds} times over`,
    () =>
      withSeed(async (random) => {
        const home = await ProgramHome.make({
          listeners: [{ key: 'commit' }, { key: 'processed', ackWhen: 'processed' }],
        });
        finallyDo(() => home.remove());
        const feeds = makeFeeds([
          { name: 'one', port: home.port('commit'), window: 1 },
          { name: 'two', port: home.port('commit') },
          { name: 'three', port: home.port('commit') },
          { name: 'four', port: home.port('processed') },
        ]);
        for (const { sender } of feeds) finallyDo(() => sender.close());
        let program: RunningProgram = await home.start();
        await home.token();
        for (let round = 1; round <= rounds; round++) {
          for (const { sender } of feeds) sender.go();
          await sleep(random.int(400, 1200));
          const victim = random.pick(victims);
          const database = await home.databasePid();
          if (victim !== 'the program' && database !== null) process.kill(database, 'SIGKILL');
          if (victim === 'both') await sleep(random.int(0, 30));
          if (victim !== 'the database') {
            program.kill();
            await program.exited;
            if (random.chance(0.2)) await killWhileStarting(home, random.int(50, 900));
            program = await home.start();
          }
          expect(program.alive, `the program after ${victim} was killed in round ${round}`).toBe(true);
        }
        await Promise.all(feeds.map(({ sender }) => sender.drained(60_000)));
        await expectNothingLost(home, program, feeds);
        await program.stop();
        expect(program.end).toBe('0');
      }),
    120_000 + rounds * 12_000,
  );
});
