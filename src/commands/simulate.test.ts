import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startNextGenReceiver } from '../../simulator/nextgen/receiver.ts';
import { splitMessages } from '../formats/hl7v2/split-messages.ts';
import type { CommandIo } from './command.ts';
import { readFlags } from './options.ts';
import { SIMULATE_FLAGS, simulateOptions } from './simulate-options.ts';
import { simulateCommand } from './simulate.ts';

const read = (...args: string[]) => simulateOptions(readFlags(args, SIMULATE_FLAGS));

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0)) await clean();
});

async function run(...args: string[]): Promise<{ readonly code: number; readonly printed: string[] }> {
  const printed: string[] = [];
  const io: CommandIo = { env: {}, print: (text) => void printed.push(text), say: () => undefined, version: '0' };
  return { code: await simulateCommand.run(args, io), printed };
}

describe('the options of simulate', () => {
  it('have defaults that send a day of a practice, three messages a second', () => {
    const options = read('--port', '6661');
    expect(options).toMatchObject({
      host: '127.0.0.1',
      port: 6661,
      ratePerSecond: 3,
      connections: 1,
      seed: '1',
      tls: undefined,
    });
    expect(options.outgoing).toMatchObject({
      version: '2.3',
      region: 'springfield',
      stepMs: 1000 / 3,
      zSegments: false,
    });
    expect(Object.keys(options.outgoing.mix ?? {})).toHaveLength(23);
  });

  it('are read into what the simulator takes', () => {
    const args = '--port 1 --rate max --compression 60 --hl7 2.5.1 --mix ADT^A04=3,SIU --sliding-fee ZFC-2:class';
    const more =
      '--faults duplicate=0.01,half_frame=0.5 --echo 127.0.0.1:7000 --ack never=0.1 --start 2026-04-21T14:30:00Z';
    const options = read(...`${args} ${more}`.split(' '));
    expect(options.ratePerSecond).toBe(Infinity);
    expect(options.outgoing).toMatchObject({
      version: '2.5.1',
      stepMs: 60_000,
      slidingFee: { segment: 'ZFC', field: 2, write: 'class' },
      faults: { duplicate: 0.01, half_frame: 0.5 },
      start: new Date('2026-04-21T14:30:00Z'),
    });
    expect(options).toMatchObject({ echo: { host: '127.0.0.1', port: 7000 }, ackShares: { never: 0.1 } });
    const all = Object.values(read('--port', '1', '--faults', 'all=0.2').outgoing.faults ?? {});
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.2);
  });

  it.each([
    [[], 'somewhere to go'],
    [['--port', '0'], '--port'],
    [['--port', '1', '--out', 'x', '--messages', '1'], 'together'],
    [['--out', 'x'], '--messages'],
    [['--port', '1', '--rate', 'fast'], '--rate'],
    [['--port', '1', '--mix', 'XYZ'], 'ADT^A01'],
    [['--port', '1', '--hl7', '2.4'], '2.5.1'],
    [['--port', '1', '--faults', 'rain=1'], 'half_frame'],
    [['--port', '1', '--faults', 'duplicate=2'], 'share'],
    [['--port', '1', '--sliding-fee', 'PID-5'], 'PV1-20'],
    [['--receive', '0', '--ack', 'maybe=1'], 'wrong_control_id'],
    [['--port', '1', '--tls-cert', 'nowhere.pem'], '--tls-cert'],
    [['--port', '1', '--echo', 'here'], '--echo'],
    [['--port', '1', '--start', 'soon'], '--start'],
    [['now', '--port', '1'], '"now"'],
  ])('refuses %j', (args, words) => {
    expect(() => read(...args)).toThrow(words);
  });
});

describe('simulate', () => {
  it('writes a file of messages, the same for the same seed and start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulate-'));
    cleaning.push(() => rm(folder, { recursive: true }));
    const write = async (name: string) => {
      const path = join(folder, name);
      const args = ['--messages', '60', '--batch', '--hl7', '2.5.1', '--start', '2026-04-21T14:30:00Z', '--json'];
      const { code, printed } = await run('--out', path, ...args);
      expect(code).toBe(0);
      const bytes = await readFile(path);
      expect(JSON.parse(printed[0] ?? '')).toEqual({ messages: 60, bytes: bytes.length });
      return bytes;
    };
    const [first, second] = [await write('a.hl7'), await write('b.hl7')];
    expect(first.equals(second)).toBe(true);
    expect([...splitMessages(first)].filter(({ kind }) => kind === 'message')).toHaveLength(60);
    expect((await stat(join(folder, 'a.hl7'))).mode & 0o077).toBe(0);
  });

  it('sends until its messages are acknowledged, and tells the figures', async () => {
    const nextgen = await startNextGenReceiver();
    cleaning.push(() => nextgen.close());
    const { code, printed } = await run('--port', String(nextgen.port), '--messages', '80', '--rate', 'max', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ sent: 80, resent: 0, bad: 0, byCode: { AA: 80 } });
    expect(nextgen.received).toHaveLength(80);
  });
});
