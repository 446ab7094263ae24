import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from '../support/certificates.ts';
import type { TestIdentity } from '../support/certificates.ts';
import { ProgramHome, type RunningProgram } from '../support/program.ts';
import { quietPort } from '../support/quiet-port.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { acknowledgedBy, makeFeeds } from './feeds.ts';
import { expectNothingLost, type Feed } from './nothing-lost.ts';
import { registration } from './practice-messages.ts';
import { frame } from './sender.ts';
import { until } from './until.ts';

const MEBIBYTE = 1024 * 1024;
const finallyDo = cleanUpAfterEach();
const ROOM = { max_connections: 4000, max_connections_per_peer: 4000 };

/** Memory that a process holds now, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

interface Secured {
  readonly port: number;
  readonly ca: ReturnType<typeof makeAuthority>;
  readonly trusting: ConnectionOptions;
}

/** Adds a listener that wants client certificates, over the API, with certificates made for this run. */
async function secure(home: ProgramHome, program: RunningProgram): Promise<Secured> {
  const ca = makeAuthority('Practice CA');
  const hub = ca.issue({ commonName: 'hub', names: ['hub.test'], use: 'server' });
  const { items: systems } = await home.api<{ items: { id: string; environment_id: string }[] }>(
    program,
    'GET',
    '/api/systems',
  );
  const [system] = systems;
  const kept = (key: string, kind: string, source: object) =>
    home.api(program, 'POST', '/api/credentials', {
      key,
      name: key,
      kind,
      environment_id: system?.environment_id,
      source,
    });
  await kept('hub', 'tls_server', { from: 'pem', certificates: hub.certificates, private_key: hub.privateKey });
  await kept('ca', 'ca_bundle', { from: 'pem', certificates: ca.certificates });
  const port = await quietPort();
  await home.api(program, 'POST', '/api/listeners', {
    ...{ key: 'secure', name: 'Secure', system_id: system?.id, port, limits: ROOM },
    tls: {
      ...{ enabled: true, certificates: ['hub'], client_certificate: 'required', client_ca: 'ca' },
      ...{ allowed_certificates: ['cn:feed'], handshake_timeout_seconds: 2 },
    },
  });
  const feed = ca.issue({ commonName: 'feed', use: 'client' });
  const trusting = { ca: ca.certificates, servername: 'hub.test', ...shown(feed) };
  await until('the listener is open', () => isOpen(port), 20_000);
  return { port, ca, trusting };
}
const shown = ({ certificates, privateKey }: TestIdentity): ConnectionOptions => ({
  cert: certificates,
  key: privateKey,
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

async function refusals(home: ProgramHome, program: RunningProgram): Promise<Record<string, number>> {
  const { items } = await home.api<{
    items: { key: string; statuses: { refusals: { reason: string; count: number }[] }[] }[];
  }>(program, 'GET', '/api/listeners');
  const counts = items.find(({ key }) => key === 'secure')?.statuses.flatMap(({ refusals: all }) => all) ?? [];
  return Object.fromEntries(counts.map(({ reason, count }) => [reason, count]));
}

async function running(): Promise<{
  home: ProgramHome;
  program: RunningProgram;
  secured: Secured;
  feeds: readonly Feed[];
}> {
  const home = await ProgramHome.make({ listeners: [{ key: 'open', limits: ROOM }] });
  finallyDo(() => home.remove());
  const program = await home.start();
  const secured = await secure(home, program);
  const feeds = makeFeeds([
    { name: 'plain', port: home.port('open'), perSecond: 50 },
    { name: 'secret', port: secured.port, perSecond: 50, tls: secured.trusting },
  ]);
  for (const { sender } of feeds) finallyDo(() => sender.close());
  for (const { sender } of feeds) sender.go();
  await until('both senders are served', () => feeds.every(({ sender }) => sender.acknowledged.length > 20), 60_000);
  return { home, program, secured, feeds };
}

describe('crowds', () => {
  it('opens and drops 10,000 connections without losing a message, twice taking one, or keeping their memory', async () => {
    const { home, program, secured, feeds } = await running();
    const half = Buffer.concat([Buffer.of(0x0b), registration('HALF', 790, '1 HALF STREET').subarray(0, 90)]);
    const hello = Buffer.from('16030100c8010000c40303', 'hex');
    const drop = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left -= 50) {
        const sockets = await Promise.all(
          Array.from({ length: 50 }, (_, at) => dial(at % 5 === 0 ? secured.port : home.port('open'))),
        );
        for (const [at, socket] of sockets.entries()) {
          // Some say nothing, some half a message, some the beginning of a handshake; some hang up, some vanish.
          if (at % 5 === 0) socket.write(hello);
          else if (at % 3 === 0) socket.write(half);
          if (at % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
        }
      }
    };
    await drop(2000);
    const before = await memoryOf(program.pid);
    await drop(8000);
    const served = acknowledgedBy(feeds);
    await until('the senders are served further', () => acknowledgedBy(feeds) > served + 50, 60_000);
    await until(
      'all of them are gone',
      async () => {
        const answer = await home.api<{ items: { statuses: { connections: number }[] }[] }>(
          program,
          'GET',
          '/api/listeners',
        );
        return answer.items.every(({ statuses }) => statuses.every(({ connections }) => connections <= 2));
      },
      60_000,
    );
    expect((await memoryOf(program.pid)) - before, 'memory kept').toBeLessThan(80 * MEBIBYTE);
    await Promise.all(feeds.map(({ sender }) => sender.drained(60_000)));
    await expectNothingLost(home, program, feeds);
  }, 600_000);

  it('serves beside 1,000 idle connections, hanging handshakes and senders with bad certificates', async () => {
    const { home, program, secured, feeds } = await running();
    const before = await memoryOf(program.pid);
    const idle = await Promise.all(Array.from({ length: 1000 }, () => dial(home.port('open'))));
    finallyDo(() => idle.forEach((socket) => socket.destroy()));
    const served = acknowledgedBy(feeds);

    // Handshakes that hang take no place, and end by themselves.
    const hanging = await Promise.all(Array.from({ length: 200 }, () => dial(secured.port)));
    for (const socket of hanging) socket.on('error', () => undefined);
    const day = 86_400_000;
    const { ca, trusting } = secured;
    const past = { from: new Date(Date.now() - 9 * day), to: new Date(Date.now() - day) };
    const bad: readonly (readonly [string, ConnectionOptions])[] = [
      ['no_client_certificate', {}],
      ['client_certificate_expired', shown(ca.issue({ commonName: 'feed', ...past }))],
      ['client_certificate_untrusted', shown(makeAuthority('Stranger').issue({ commonName: 'feed' }))],
      ['client_certificate_not_allowed', shown(ca.issue({ commonName: 'other' }))],
    ];
    const { ca: authority, servername } = trusting;
    for (const [, identity] of bad) {
      await new Promise<void>((resolve) => {
        const socket = connectTls({
          host: '127.0.0.1',
          port: secured.port,
          ca: authority,
          servername,
          ...identity,
        } as ConnectionOptions);
        socket.on('error', () => undefined);
        socket.write(frame(registration('NEVER', 791, '1 NEVER STREET')));
        socket.on('close', () => resolve());
      });
    }
    await until(
      'hanging handshakes are ended',
      () => hanging.every(({ destroyed, readyState }) => destroyed || readyState !== 'open'),
      30_000,
    );
    await until('the senders are served further', () => acknowledgedBy(feeds) > served + 100, 60_000);
    await until(
      'refusals are counted where the console reads them',
      async () => ((await refusals(home, program))['handshake_timeout'] ?? 0) >= 200,
      30_000,
    );
    expect(await refusals(home, program)).toMatchObject(Object.fromEntries(bad.map(([reason]) => [reason, 1])));
    expect(idle.filter(({ destroyed }) => destroyed)).toEqual([]);
    expect((await memoryOf(program.pid)) - before, 'memory for 1,000 idle connections').toBeLessThan(120 * MEBIBYTE);
    await Promise.all(feeds.map(({ sender }) => sender.drained(60_000)));
    await expectNothingLost(home, program, feeds);
    expect(await home.rows(`select 1 from messages where control_id = 'NEVER'`)).toEqual([]);
  }, 600_000);
});
