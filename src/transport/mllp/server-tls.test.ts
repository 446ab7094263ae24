import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeSelfSigned } from '../../../test/support/certificates.ts';
import type { TestAuthority, TestIdentity } from '../../../test/support/certificates.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { frameMessages } from './framing.ts';
import { startTestServer, until } from './testing.ts';
import type { TestServer } from './testing.ts';
import type { ServerTlsOptions } from './tls-gate.ts';

const DAY_MS = 86_400_000;
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

let ca: TestAuthority;
let hub: TestIdentity;
beforeAll(() => {
  ca = makeAuthority('Practice CA');
  hub = ca.issue({ commonName: 'hub.practice.test', names: ['hub.practice.test', '127.0.0.1'], use: 'server' });
});

async function start(tls: Partial<ServerTlsOptions> = {}, options: object = {}): Promise<TestServer> {
  const started = await startTestServer({ ...options, tls: { ...rules(), ...tls } });
  cleanUp.push(() => started.server.close({ graceMs: 0 }));
  return started;
}
const rules = (): ServerTlsOptions => ({
  identities: [hub],
  clientCertificate: 'none',
  clientAuthorities: '',
  allowedCertificates: [],
});
const clientOf = (identity: TestIdentity): ConnectionOptions => ({
  cert: identity.certificates,
  key: identity.privateKey,
});

interface Peer {
  readonly socket: TLSSocket;
  readonly answers: string[];
  readonly state: { secure: boolean; closed: boolean; error: NodeJS.ErrnoException | undefined };
}
function peer(port: number, options: ConnectionOptions = {}): Peer {
  const answers: string[] = [];
  const state: Peer['state'] = { secure: false, closed: false, error: undefined };
  const decoder = new FrameDecoder({ maxFrameBytes: 1024 * 1024 });
  const socket = connect({ host: '127.0.0.1', port, ca: ca.certificates, servername: 'hub.practice.test', ...options });
  socket.on('secureConnect', () => (state.secure = true));
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk);
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      if (event.kind === 'frame') answers.push(event.bytes.toString('latin1'));
    }
  });
  socket.on('error', (error) => (state.error = error));
  socket.on('close', () => (state.closed = true));
  cleanUp.push(() => void socket.destroy());
  return { socket, answers, state };
}
const frame = (text: string): Buffer => frameMessages([Buffer.from(text, 'latin1')]);
const refusals = ({ events }: TestServer) =>
  events.flatMap((event) => (event.kind === 'connection_refused' ? [event.reason] : []));

/** A peer that is turned away: nothing of what it sends is taken. */
async function turnedAway(started: TestServer, options: ConnectionOptions): Promise<string> {
  const before = refusals(started).length;
  const { socket, state, answers } = peer(started.port, options);
  socket.write(frame('MSH|never'));
  await until(() => state.closed && refusals(started).length > before);
  expect(answers).toEqual([]);
  expect(started.frames).not.toContain('MSH|never');
  expect(started.server.stats()).toMatchObject({ connections: 0, handshakes: 0 });
  return refusals(started).at(-1) ?? '';
}

describe('MLLPS server', () => {
  it.each(['TLSv1.3', 'TLSv1.2'] as const)('takes messages and answers them over %s', async (version) => {
    const started = await start();
    const { socket, answers } = peer(started.port, { minVersion: version, maxVersion: version });
    const bytes = Buffer.concat([frame('MSH|1'), frame('MSH|2'), frame('MSH|3')]);
    // Two frames and a half, then the rest one byte at a time.
    socket.write(bytes.subarray(0, 20));
    for (const byte of bytes.subarray(20)) socket.write(Buffer.of(byte));
    await until(() => answers.length === 3);
    expect(answers).toEqual(['ack:MSH|1', 'ack:MSH|2', 'ack:MSH|3']);
    expect(socket.getProtocol()).toBe(version);
    const opened = started.events.find((event) => event.kind === 'connection_opened');
    expect(opened?.kind === 'connection_opened' ? opened.connection.tls : undefined).toMatchObject({
      protocol: version,
      certificate: null,
    });
  });

  it('carries large messages, and gives a peer that ends its side its last answers', async () => {
    const started = await start();
    const { socket, answers, state } = peer(started.port);
    const large = `MSH|${'x'.repeat(3_000_000)}`;
    socket.write(frame(large));
    socket.end(frame('MSH|last'));
    await until(() => state.closed);
    expect(answers).toEqual([`ack:${large.slice(0, 12)}`, 'ack:MSH|last']);
    expect(started.frames.map((text) => text.length)).toEqual([large.length, 8]);
  });

  it('speaks neither TLS below 1.2 nor ciphers without forward secrecy', async () => {
    const started = await start();
    const old = { ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    expect(await turnedAway(started, old)).toBe('tls_version');
    const weak = { ciphers: 'AES128-SHA:AES256-GCM-SHA384', maxVersion: 'TLSv1.2' } as const;
    expect(await turnedAway(started, weak)).toBe('no_shared_cipher');
  });

  it('knows a sender that speaks no TLS at all', async () => {
    const started = await start();
    for (const first of ['\x0bMSH|^~\\&|A|B\x1c\r', 'GET / HTTP/1.1\r\n\r\n']) {
      const before = refusals(started).length;
      const plain = connectTcp(started.port, '127.0.0.1', () => plain.write(first));
      plain.on('error', () => undefined);
      await until(() => refusals(started).length > before);
      expect(refusals(started).at(-1)).toBe('no_tls');
    }
  });

  it('ends handshakes that hang, without taking a place of the connections for them', async () => {
    const started = await start({ handshakeTimeoutMs: 400 }, { maxConnections: 2, maxConnectionsPerPeer: 2 });
    const hanging = Array.from({ length: 20 }, () => connectTcp(started.port, '127.0.0.1'));
    for (const socket of hanging) {
      socket.on('error', () => undefined);
      cleanUp.push(() => void socket.destroy());
    }
    // One of them began to speak: the first bytes of a ClientHello.
    hanging[0]?.write(Buffer.from('160301020001000', 'hex'));
    await until(() => started.server.stats().handshakes === 20);
    const good = peer(started.port);
    good.socket.write(frame('MSH|1'));
    await until(() => good.answers.length === 1);
    await until(() => started.server.stats().handshakes === 0);
    expect(refusals(started)).toEqual(Array.from({ length: 20 }, () => 'handshake_timeout'));
    expect(started.server.stats().connections).toBe(1);
  });

  it('drops the oldest handshake when too many are open', async () => {
    const started = await start({ maxHandshakes: 3 });
    const hanging = Array.from({ length: 5 }, () => connectTcp(started.port, '127.0.0.1'));
    for (const socket of hanging) socket.on('error', () => undefined);
    await until(() => refusals(started).length === 2);
    const good = peer(started.port);
    good.socket.write(frame('MSH|1'));
    await until(() => good.answers.length === 1);
    expect(refusals(started)).toEqual(['handshake_dropped', 'handshake_dropped', 'handshake_dropped']);
    for (const socket of hanging) socket.destroy();
    await until(() => started.server.stats().handshakes === 0);
    expect(refusals(started).slice(3)).toEqual(['handshake_ended', 'handshake_ended']);
  });

  it('cuts a peer that does not read its acknowledgments, and holds little for it until then', async () => {
    let handed = 0;
    const ack = Buffer.alloc(512 * 1024, 'a');
    const started = await startTestServer(
      { tls: rules(), writeTimeoutMs: 300, maxInFlightPerConnection: 4 },
      {
        onFrame: (_, reply) => {
          handed += 1;
          reply.end(ack);
        },
      },
    );
    cleanUp.push(() => started.server.close({ graceMs: 0 }));
    const { socket } = peer(started.port);
    socket.pause();
    for (let sent = 0; sent < 2000; sent++) socket.write(frame('MSH|1'));
    const reasons = () => started.events.flatMap((event) => (event.kind === 'connection_closed' ? [event.reason] : []));
    await until(() => reasons().length === 1);
    expect(reasons()).toEqual(['slow_reader']);
    expect(handed).toBeLessThan(200);
  });

  it('holds no more of a frame without end than its cap, and takes the good one behind it', async () => {
    const started = await start({}, { maxFrameBytes: 64 * 1024 });
    const { socket, answers } = peer(started.port);
    const block = Buffer.alloc(1024 * 1024, 'Z');
    socket.write('\x0bMSH|endless');
    let most = 0;
    for (let sent = 0; sent < 50; sent++) {
      if (!socket.write(block)) await new Promise((resolve) => socket.once('drain', resolve));
      most = Math.max(most, started.server.stats().unfinishedBytes);
    }
    socket.write(frame('MSH|good'));
    await until(() => answers.length === 2);
    expect(answers).toEqual(['nak:oversized', 'ack:MSH|good']);
    expect(started.rejections).toMatchObject([{ kind: 'oversized' }]);
    expect(most).toBeLessThanOrEqual(64 * 1024);
  });

  it('refuses to negotiate anew, and serves the others', async () => {
    const started = await start();
    const { socket, answers, state } = peer(started.port, { maxVersion: 'TLSv1.2' });
    socket.write(frame('MSH|1'));
    await until(() => answers.length === 1);
    socket.renegotiate({}, () => undefined);
    await until(() => state.error !== undefined);
    expect(state.error?.code).toBe('ERR_SSL_NO_RENEGOTIATION');
    const other = peer(started.port);
    other.socket.write(frame('MSH|2'));
    await until(() => other.answers.length === 1);
  });

  it('shows the certificate of the name that is asked for', async () => {
    const lab = ca.issue({ commonName: 'lab', names: ['lab.practice.test', '*.labs.test'], use: 'server' });
    const started = await start({ identities: [hub, lab] });
    const shown = async (servername: string): Promise<string | undefined> => {
      const { socket, state } = peer(started.port, { servername });
      await until(() => state.secure);
      return socket.getPeerX509Certificate()?.subject;
    };
    expect(await shown('lab.practice.test')).toBe('CN=lab');
    expect(await shown('one.labs.test')).toBe('CN=lab');
    expect(await shown('hub.practice.test')).toBe('CN=hub.practice.test');
    const unknown = peer(started.port, { servername: 'other.test', checkServerIdentity: () => undefined });
    await until(() => unknown.state.secure);
    expect(unknown.socket.getPeerX509Certificate()?.subject).toBe('CN=hub.practice.test');
  });

  it('takes a new certificate for new connections and leaves open ones alone', async () => {
    const started = await start();
    const first = peer(started.port);
    first.socket.write(frame('MSH|1'));
    await until(() => first.answers.length === 1);
    const next = ca.issue({ commonName: 'hub, renewed', names: ['hub.practice.test'], use: 'server' });
    started.server.replaceTls({ ...rules(), identities: [next] });
    const second = peer(started.port);
    await until(() => second.state.secure);
    expect(second.socket.getPeerX509Certificate()?.fingerprint256).toBe(next.x509.fingerprint256);
    first.socket.write(frame('MSH|2'));
    await until(() => first.answers.length === 2);
    expect(first.state.closed).toBe(false);

    const unfitting = { certificates: next.certificates, privateKey: makeAuthority('Other').privateKey };
    expect(() => started.server.replaceTls({ ...rules(), identities: [unfitting] })).toThrow(
      expect.objectContaining({ code: 'mllp_tls_unusable' }),
    );
    const third = peer(started.port);
    await until(() => third.state.secure);
    expect(third.socket.getPeerX509Certificate()?.fingerprint256).toBe(next.x509.fingerprint256);
  });
});

describe('MLLPS server: client certificates', () => {
  it('takes a trusted one, turns away whoever has none, an expired, an early or a strange one', async () => {
    const started = await start({ clientCertificate: 'required', clientAuthorities: ca.certificates });
    const feed = ca.issue({ commonName: 'feed.practice.test', use: 'client' });
    const good = peer(started.port, clientOf(feed));
    good.socket.write(frame('MSH|1'));
    await until(() => good.answers.length === 1);
    const opened = started.events.find((event) => event.kind === 'connection_opened');
    expect(opened?.kind === 'connection_opened' ? opened.connection.tls?.certificate : undefined).toMatchObject({
      subject: 'CN=feed.practice.test',
      issuer: 'CN=Practice CA',
      fingerprint: feed.fingerprint,
    });
    good.socket.destroy();
    await until(() => started.server.stats().connections === 0);

    const past = { from: new Date(Date.now() - 9 * DAY_MS), to: new Date(Date.now() - DAY_MS) };
    const future = { from: new Date(Date.now() + DAY_MS), to: new Date(Date.now() + 9 * DAY_MS) };
    const cases: readonly (readonly [ConnectionOptions, string])[] = [
      [{}, 'no_client_certificate'],
      [clientOf(ca.issue({ commonName: 'feed', ...past })), 'client_certificate_expired'],
      [clientOf(ca.issue({ commonName: 'feed', ...future })), 'client_certificate_not_yet_valid'],
      [clientOf(makeAuthority('Stranger').issue({ commonName: 'feed' })), 'client_certificate_untrusted'],
      [clientOf(makeSelfSigned({ commonName: 'feed' })), 'client_certificate_untrusted'],
      [clientOf(ca.issue({ commonName: 'feed', use: 'server' })), 'client_certificate_purpose'],
    ];
    for (const [options, reason] of cases) {
      for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
        expect(await turnedAway(started, { ...options, maxVersion }), reason).toBe(reason);
      }
    }
    expect(JSON.stringify(refusals(started))).not.toContain('handshake_failed');
  });

  it('takes senders with and without one where it is optional, but none with a bad one', async () => {
    const started = await start({ clientCertificate: 'optional', clientAuthorities: ca.certificates });
    for (const options of [{}, clientOf(ca.issue({ commonName: 'feed' }))]) {
      const { socket, answers } = peer(started.port, options);
      socket.write(frame('MSH|1'));
      await until(() => answers.length === 1);
      socket.destroy();
    }
    await until(() => started.server.stats().connections === 0);
    const strange = clientOf(makeSelfSigned({ commonName: 'feed' }));
    expect(await turnedAway(started, strange)).toBe('client_certificate_untrusted');
  });

  it('takes only those that the list names', async () => {
    const feed = ca.issue({ commonName: 'feed.one', organization: 'Maple', names: ['feed.one', '10.1.2.3'] });
    const other = ca.issue({ commonName: 'feed.two', organization: 'Maple' });
    for (const entry of [
      feed.fingerprint,
      'cn:FEED.ONE',
      'dns:feed.one',
      'ip:10.1.2.3',
      'subject:CN=feed.one, O=Maple',
    ]) {
      const started = await start({
        clientCertificate: 'required',
        clientAuthorities: ca.certificates,
        allowedCertificates: [entry],
      });
      const good = peer(started.port, clientOf(feed));
      good.socket.write(frame('MSH|1'));
      await until(() => good.answers.length === 1);
      good.socket.destroy();
      await until(() => started.server.stats().connections === 0);
      expect(await turnedAway(started, clientOf(other)), entry).toBe('client_certificate_not_allowed');
      expect(started.events.at(-1)).toMatchObject({ detail: 'CN=feed.two, O=Maple' });
    }
  });

  it('knows a certificate without any authority by its fingerprint alone, within its dates', async () => {
    const feed = makeSelfSigned({ commonName: 'feed' });
    const stale = makeSelfSigned({ commonName: 'stale', from: new Date(0), to: new Date(DAY_MS) });
    const started = await start({
      clientCertificate: 'required',
      allowedCertificates: [feed.fingerprint, stale.fingerprint],
    });
    const good = peer(started.port, clientOf(feed));
    good.socket.write(frame('MSH|1'));
    await until(() => good.answers.length === 1);
    good.socket.destroy();
    await until(() => started.server.stats().connections === 0);
    expect(await turnedAway(started, clientOf(stale))).toBe('client_certificate_expired');
    expect(await turnedAway(started, clientOf(makeSelfSigned({ commonName: 'feed' })))).toBe(
      'client_certificate_not_allowed',
    );
  });
});
