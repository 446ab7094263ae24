import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createOutgoing } from '../../simulator/nextgen/outgoing.ts';
import { ProgramHome } from '../support/program.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { acknowledgedBy, makeFeeds } from './feeds.ts';
import { mutate } from './mutations.ts';
import { processedAll } from './nothing-lost.ts';
import { Peer } from './peer.ts';
import { registration } from './practice-messages.ts';
import { withSeed } from './randomness.ts';
import { frame } from './sender.ts';
import { until } from './until.ts';

const MEBIBYTE = 1024 * 1024;
const finallyDo = cleanUpAfterEach();

async function connectPeer(port: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  finallyDo(() => void peer.socket.destroy());
  return peer;
}

/** The most memory that a process ever had, in bytes. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

describe('senders that do what they should not', () => {
  it('takes a frame of 50 MB without an end in its stride', async () => {
    const home = await ProgramHome.make({ listeners: [{ key: 'open' }] });
    finallyDo(() => home.remove());
    const program = await home.start();
    const feeds = makeFeeds([{ name: 'good', port: home.port('open') }]);
    for (const { sender } of feeds) finallyDo(() => sender.close());
    const memory = await peakMemory(program.pid);

    const header = registration('ENDLESS', 700, '1 ENDLESS STREET');
    const block = Buffer.alloc(MEBIBYTE, 'Z');
    const endless = async (): Promise<Peer> => {
      const peer = await connectPeer(home.port('open'));
      await peer.write(Buffer.concat([Buffer.of(0x0b), header]));
      for (let sent = 0; sent < 50; sent++) await peer.write(block);
      return peer;
    };
    for (const { sender } of feeds) sender.go();
    const [hangsUp, goesOn] = await Promise.all([endless(), endless()]);
    const served = acknowledgedBy(feeds);
    await until('the good sender is served meanwhile', () => acknowledgedBy(feeds) > served + 50, 20_000);

    hangsUp.socket.end();
    await until('it is answered', () => hangsUp.answers.length > 0, 20_000);
    expect(hangsUp.answers[0]).toContain('\rMSA|AR|ENDLESS');
    // A good message behind it, on the same connection, is not lost.
    expect(await goesOn.ask(registration('BEHIND', 701, '1 BEHIND STREET'), 'BEHIND')).toBe('AA');

    await Promise.all(feeds.map(({ sender }) => sender.drained(30_000)));
    await processedAll(home);
    const errors = await home.rows(`select code, state from errors order by opened_at`);
    expect(errors).toEqual([
      { code: 'intake.frame-too-large', state: 'open' },
      { code: 'intake.frame-too-large', state: 'open' },
    ]);
    expect((await peakMemory(program.pid)) - memory, 'memory taken for them').toBeLessThan(250 * MEBIBYTE);
    expect(program.alive).toBe(true);
  }, 180_000);

  it(
    'answers or reports each of 1,000 mutated messages and brings each to an end',
    () =>
      withSeed(async (random) => {
        const home = await ProgramHome.make({ listeners: [{ key: 'mutated' }, { key: 'noise' }] });
        finallyDo(() => home.remove());
        const program = await home.start();
        const outgoing = createOutgoing({ seed: random.int(1, 1_000_000), badEvery: 20 });
        const peers = await Promise.all([1, 2, 3, 4].map(() => connectPeer(home.port('mutated'))));
        for (let count = 0; count < 1000; count++) {
          await peers[count % peers.length]?.write(frame(mutate(outgoing().message.bytes, random)));
        }
        // Bytes without any form, end blocks among them: only the program's life and what comes behind is asked for.
        const noisy = await connectPeer(home.port('noise'));
        for (let count = 0; count < 200; count++) {
          await noisy.write(Buffer.from(Array.from({ length: random.int(1, 2000) }, () => random.int(0, 255))));
        }
        for (const [index, peer] of [...peers, noisy].entries()) {
          const controlId = `GOOD-${index}`;
          const good = registration(controlId, 800 + index, '1 GOOD STREET');
          expect(await peer.ask(good, controlId), `a good message behind the bad ones of ${controlId}`).toBe('AA');
        }
        await processedAll(home);

        const [counts] = await home.rows<{ stored: number; silent: number; ended: number; failed: number }>(
          `select count(*)::int as stored, (count(*) filter (where m.ack_code = ''))::int as silent,
           (count(*) filter (where t.state in (1, 2, 3)))::int as ended, (count(*) filter (where t.state = 3))::int as failed
         from messages m left join transactions t on t.message_id = m.id
         where m.listener_id = (select id from listeners where key = 'mutated')`,
        );
        // One behind each connection's thousandth came on top. Who asked for no acknowledgment got none and was stored.
        expect(counts).toMatchObject({ stored: 1004, ended: 1004 });
        const answers = peers.flatMap((peer) => peer.answers);
        expect(answers.length).toBeGreaterThanOrEqual(1004 - (counts?.silent ?? 0));
        // In the sender's own separators, which are bent as well.
        for (const answer of answers) expect(answer).toMatch(/\rMSA.[AC][AER]/);
        const [errors] = await home.rows<{ open: number }>(
          `select count(*)::int as open from errors where state = 'open' and message_id in
           (select id from messages where listener_id = (select id from listeners where key = 'mutated'))`,
        );
        expect(errors?.open, 'failed messages in the error queue').toBe(counts?.failed);
        const good = await home.rows(
          `select m.control_id, t.state from messages m join transactions t on t.message_id = m.id
         where m.control_id like 'GOOD-%' order by m.control_id`,
        );
        expect(good).toEqual([0, 1, 2, 3, 4].map((index) => ({ control_id: `GOOD-${index}`, state: 1 })));
        expect(program.alive).toBe(true);
      }),
    180_000,
  );

  it('serves others while peers are slow, half open or never read', async () => {
    const home = await ProgramHome.make({
      listeners: [{ key: 'open' }, { key: 'impatient', limits: { idle_timeout_seconds: 2 } }],
    });
    finallyDo(() => home.remove());
    const program = await home.start();
    const feeds = makeFeeds([{ name: 'good', port: home.port('open') }]);
    for (const { sender } of feeds) finallyDo(() => sender.close());

    const half = registration('HALF', 710, '1 HALF STREET').subarray(0, 100);
    const unfinished = await Promise.all(Array.from({ length: 100 }, () => connectPeer(home.port('open'))));
    for (const peer of unfinished) await peer.write(Buffer.concat([Buffer.of(0x0b), half]));
    // They send and send and never read an acknowledgment, until no side has room for another byte.
    const deaf = await Promise.all([1, 2].map(() => connectPeer(home.port('open'))));
    const unread = frame(Buffer.from(`MSH|^~\\&|A|B|C|D|20260421||ZZZ^Z99|${'DEAF'.repeat(40)}|P|2.3\r`));
    const many = Buffer.concat(Array.from({ length: 500 }, () => unread));
    const stuffed = deaf.map(async (peer) => {
      peer.socket.pause();
      for (let count = 0; count < 100; count++) {
        const sent = peer.write(many);
        if ((await Promise.race([sent.then(() => 'room'), sleep(3000)])) !== 'room') return count;
      }
      return 'never';
    });
    // And one whose machine stands still in the middle of a frame.
    const frozen = spawn(process.execPath, ['-e', FROZEN, String(home.port('open')), half.toString('base64')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    finallyDo(() => void frozen.kill('SIGKILL'));
    await new Promise((resolve) => frozen.stdout.once('data', resolve));
    frozen.kill('SIGSTOP');

    for (const { sender } of feeds) sender.go();
    await until('the good sender is served', () => acknowledgedBy(feeds) > 1000, 60_000);
    expect(await Promise.all(stuffed), 'sent until the program read no more').not.toContain('never');
    // Who vanishes in the middle of a frame takes nobody along.
    for (const peer of unfinished.slice(0, 50)) peer.socket.resetAndDestroy();
    for (const peer of deaf) peer.socket.resetAndDestroy();
    const served = acknowledgedBy(feeds);
    await until('the good sender is served further', () => acknowledgedBy(feeds) > served + 300, 60_000);

    // A listener with an idle time ends who sends half a frame and then nothing.
    const idle = await connectPeer(home.port('impatient'));
    await idle.write(Buffer.concat([Buffer.of(0x0b), half]));
    await until('the idle peer is hung up on', () => idle.closed, 20_000);

    expect(unfinished.slice(50).filter(({ closed }) => closed)).toEqual([]);
    await Promise.all(feeds.map(({ sender }) => sender.drained(30_000)));
    await processedAll(home, 120_000);
    await expectAppliedOnce(
      home,
      feeds.flatMap(({ sender }) => sender.acknowledged),
    );
    expect(program.alive).toBe(true);
  }, 240_000);
});

const FROZEN = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => {
  socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.from(process.argv[2], 'base64')]), () => console.log('sent'));
});
socket.pause();
`;

/** Beside messages of others: each of these was delivered exactly once. */
async function expectAppliedOnce(home: ProgramHome, controlIds: readonly string[]): Promise<void> {
  const applied = await home.rows<{ control_id: string }>(
    `select m.control_id from messages m join transactions t on t.message_id = m.id
     where m.control_id = any($1::text[]) and t.state = 1`,
    [controlIds],
  );
  expect(applied.map(({ control_id: controlId }) => controlId).toSorted()).toEqual(controlIds.toSorted());
}
