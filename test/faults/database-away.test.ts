import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ProgramHome } from '../support/program.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { acknowledgedBy, makeFeeds } from './feeds.ts';
import { expectNothingLost } from './nothing-lost.ts';
import { SystemServer } from './system-server.ts';
import { until } from './until.ts';

const AWAY_MS = 20_000;
const finallyDo = cleanUpAfterEach();

describe('the database is away for 20 seconds', () => {
  it('stops acknowledging while the bundled server does not answer, and goes on by itself', async () => {
    const home = await ProgramHome.make({ listeners: [{ key: 'commit' }, { key: 'processed', ackWhen: 'processed' }] });
    finallyDo(() => home.remove());
    await expectToGoOn(home, {
      away: () => home.signalDatabase('SIGSTOP'),
      back: () => home.signalDatabase('SIGCONT'),
    });
  }, 180_000);

  it('stops acknowledging while the server of DATABASE_URL is stopped, and goes on by itself', async (context) => {
    const server = await SystemServer.start(context);
    finallyDo(() => server.remove());
    const home = await ProgramHome.make({
      listeners: [{ key: 'commit' }, { key: 'processed', ackWhen: 'processed' }],
      environment: { DATABASE_URL: server.url },
    });
    finallyDo(() => home.remove());
    await expectToGoOn(home, { away: () => server.goAway(), back: () => server.comeBack() });
  }, 180_000);
});

async function expectToGoOn(
  home: ProgramHome,
  database: { readonly away: () => Promise<void>; readonly back: () => Promise<void> },
): Promise<void> {
  const program = await home.start();
  await home.token();
  const feeds = makeFeeds([
    { name: 'one', port: home.port('commit') },
    { name: 'two', port: home.port('processed') },
  ]);
  for (const { sender } of feeds) {
    finallyDo(() => sender.close());
    sender.go();
  }
  await sleep(1500);
  expect(await program.readiness()).toEqual({ status: 200, reasons: [] });

  await database.away();
  const since = performance.now();
  await sleep(500); // what was committed before may still be told
  const before = acknowledgedBy(feeds);
  // Somebody who calls meanwhile waits like everybody else.
  const [late] = makeFeeds([{ name: 'late', port: home.port('commit'), patients: [900] }]);
  if (late === undefined) throw new Error('no feed');
  finallyDo(() => late.sender.close());
  late.sender.go();
  while (performance.now() - since < AWAY_MS) {
    const { status, reasons } = await program.readiness();
    expect(status, 'readiness while the database is away').toBe(503);
    expect(reasons.join(), 'the reason').toMatch(/database|hold back/);
    await sleep(1000);
  }
  expect(acknowledgedBy([...feeds, late]), 'acknowledged while the database was away').toBe(before);

  await database.back();
  await until('the program is ready again', async () => (await program.readiness()).status === 200, 20_000);
  const ready = acknowledgedBy(feeds);
  await until('messages are acknowledged again', () => acknowledgedBy(feeds) > ready, 20_000);
  await sleep(1000);
  const all = [...feeds, late];
  await Promise.all(all.map(({ sender }) => sender.drained(60_000)));
  await expectNothingLost(home, program, all);
  expect(program.alive).toBe(true);
}
