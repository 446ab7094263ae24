import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ProgramHome } from '../support/program.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { acknowledgedBy, makeFeeds } from './feeds.ts';
import { expectNothingLost } from './nothing-lost.ts';
import { withSeed } from './randomness.ts';
import { SystemServer } from './system-server.ts';
import { until } from './until.ts';

const finallyDo = cleanUpAfterEach();

describe('two nodes on one database', () => {
  it('the survivor processes what both had acknowledged when one is killed, in its order and once', async (context) => {
    const server = await SystemServer.start(context);
    finallyDo(() => server.remove());
    const environment = {
      DATABASE_URL: server.url,
      PRACTICE_STUDIO_MASTER_KEY: randomBytes(32).toString('base64'),
    };
    const first = await ProgramHome.make({
      listeners: [
        { key: 'at-a', node: 'a' },
        { key: 'at-b', node: 'b' },
      ],
      environment,
      node: 'a',
    });
    finallyDo(() => first.remove());
    const second = await ProgramHome.join({ environment, node: 'b' });
    finallyDo(() => second.remove());
    await withSeed(async (random) => {
      const [survivor, victim] = await Promise.all([first.start(), second.start()]);
      await first.token();
      // All about the same patients, so that lanes of each node get messages that came in by the other.
      const patients = Array.from({ length: 12 }, (_, index) => index);
      const feeds = makeFeeds([
        { name: 'a-one', port: first.port('at-a'), patients },
        { name: 'a-two', port: first.port('at-a'), patients },
        { name: 'b-one', port: first.port('at-b'), patients },
        { name: 'b-two', port: first.port('at-b'), patients },
      ]);
      for (const { sender } of feeds) {
        finallyDo(() => sender.close());
        sender.go();
      }
      await until('both nodes work on lanes', async () => (await lanesByNode(first)).length === 2, 30_000);
      const [aOne, aTwo, bOne, bTwo] = feeds;
      if (aOne === undefined || aTwo === undefined || bOne === undefined || bTwo === undefined)
        throw new Error('feeds');
      await until('both nodes acknowledge', () => bOne.sender.acknowledged.length > 100, 30_000);
      await until('both nodes process', async () => (await workers(first)) === 2, 30_000);
      await sleep(random.int(500, 2500));

      victim.kill();
      await victim.exited;
      const cut = [bOne, bTwo];
      for (const { sender } of cut) sender.close();
      const before = acknowledgedBy([aOne, aTwo]);
      await until('the survivor goes on acknowledging', () => acknowledgedBy([aOne, aTwo]) > before + 200, 30_000);
      await until('the survivor has all lanes', async () => (await lanesByNode(first)).length === 1, 30_000);
      await Promise.all([aOne, aTwo].map(({ sender }) => sender.drained(60_000)));
      await expectNothingLost(first, survivor, [aOne, aTwo, ...cut.map((feed) => ({ ...feed, cutOff: true }))]);
      expect(survivor.alive).toBe(true);

      // The killed node comes back, takes its share again, and works.
      const returned = await second.start();
      await until('both nodes work on lanes again', async () => (await lanesByNode(first)).length === 2, 30_000);
      for (const program of [survivor, returned]) expect((await program.readiness()).status).toBe(200);
      const audit = await second.command('verify-audit');
      expect(audit.code, audit.stdout + audit.stderr).toBe(0);
    });
  }, 240_000);
});

/** How many nodes have processed messages. */
async function workers(home: ProgramHome): Promise<number> {
  return (await home.rows('select distinct node from transactions')).length;
}

/** How many lanes' shards each node has. */
function lanesByNode(home: ProgramHome): Promise<{ readonly node: number; readonly shards: number }[]> {
  return home.rows('select node, count(*)::int as shards from shards where node is not null group by node');
}
