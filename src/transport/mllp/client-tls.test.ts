import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeSelfSigned } from '../../../test/support/certificates.ts';
import type { TestAuthority, TestIdentity } from '../../../test/support/certificates.ts';
import { createMllpClient } from './client.ts';
import type { ClientTlsOptions, MllpClient, MllpClientEvent, MllpClientOptions } from './client-types.ts';
import { startTestServer, until } from './testing.ts';
import type { TestServer } from './testing.ts';
import type { ServerTlsOptions } from './tls-gate.ts';

const DAY_MS = 86_400_000;
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

let ca: TestAuthority;
let receiver: TestIdentity;
beforeAll(() => {
  ca = makeAuthority('Lab CA');
  receiver = ca.issue({ commonName: 'lab', names: ['lab.test'], use: 'server' });
});

async function start(tls: Partial<ServerTlsOptions> = {}): Promise<TestServer> {
  const started = await startTestServer({ tls: { ...rules, identities: [receiver], ...tls } });
  cleanUp.push(() => started.server.close({ graceMs: 0 }));
  return started;
}
const rules: Omit<ServerTlsOptions, 'identities'> = {
  clientCertificate: 'none',
  clientAuthorities: '',
  allowedCertificates: [],
};
function client(
  port: number,
  tls: MllpClientOptions['tls'],
  options: Partial<MllpClientOptions> = {},
): { sender: MllpClient; events: MllpClientEvent[] } {
  const events: MllpClientEvent[] = [];
  const sender = createMllpClient(
    { host: '127.0.0.1', port, backoff: { firstMs: 10, maxMs: 40 }, ...(tls === undefined ? {} : { tls }), ...options },
    { onEvent: (event) => events.push(event) },
  );
  cleanUp.push(() => sender.close());
  return { sender, events };
}
const trusting = (): ClientTlsOptions => ({ authorities: ca.certificates, serverName: 'lab.test' });
const bytes = (text: string) => Buffer.from(text);

describe('MLLPS client', () => {
  it('sends to a receiver that it trusts, and tells with whom it speaks', async () => {
    const { port } = await start();
    const { sender } = client(port, trusting());
    expect(await sender.connect()).toMatchObject({
      address: '127.0.0.1',
      port,
      tls: { protocol: 'TLSv1.3', certificate: { subject: 'CN=lab', fingerprint: receiver.fingerprint } },
    });
    expect(String(await sender.send(bytes('MSH|1'), { timeoutMs: 5000 }))).toBe('ack:MSH|1');
  });

  it('sends nothing to one that it does not trust, and says why', async () => {
    const past = ca.issue({ commonName: 'lab', names: ['lab.test'], from: new Date(0), to: new Date(DAY_MS) });
    const cases: readonly (readonly [ClientTlsOptions, TestIdentity, string])[] = [
      [{ ...trusting(), authorities: makeAuthority('Other').certificates }, receiver, 'mllp_tls_untrusted'],
      [{ serverName: 'lab.test' }, receiver, 'mllp_tls_untrusted'],
      [trusting(), makeSelfSigned({ commonName: 'lab', names: ['lab.test'] }), 'mllp_tls_untrusted'],
      [{ ...trusting(), serverName: 'clinic.test' }, receiver, 'mllp_tls_name'],
      [{ authorities: ca.certificates }, receiver, 'mllp_tls_name'],
      [trusting(), past, 'mllp_tls_expired'],
      [{ ...trusting(), pinnedCertificates: ['00'.repeat(32)] }, receiver, 'mllp_tls_pin'],
      [{ ...trusting(), identity: { certificates: 'none', privateKey: 'none' } }, receiver, 'mllp_tls_unusable'],
    ];
    for (const [tls, identity, code] of cases) {
      const { port, frames } = await start({ identities: [identity] });
      const { sender, events } = client(port, tls);
      await expect(sender.connect(), code).rejects.toMatchObject({ code, delivery: 'not_sent' });
      const error: unknown = await sender.send(bytes('MSH|x'), { timeoutMs: 60 }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'mllp_timeout', delivery: 'not_sent', cause: { code } });
      expect(events).toContainEqual(expect.objectContaining({ kind: 'connect_failed', code }));
      expect(frames).toEqual([]);
    }
  });

  it('takes a pinned certificate as it is, within its dates', async () => {
    const own = makeSelfSigned({ commonName: 'whoever' });
    const stale = makeSelfSigned({ commonName: 'stale', from: new Date(0), to: new Date(DAY_MS) });
    const pinnedCertificates = [own.fingerprint, stale.fingerprint];
    const good = await start({ identities: [own] });
    const { sender } = client(good.port, { pinnedCertificates });
    expect(String(await sender.send(bytes('MSH|1'), { timeoutMs: 5000 }))).toBe('ack:MSH|1');
    const old = await start({ identities: [stale] });
    await expect(client(old.port, { pinnedCertificates }).sender.connect()).rejects.toMatchObject({
      code: 'mllp_tls_expired',
    });
  });

  it('shows its own certificate, and takes a replaced one over when told', async () => {
    const first = ca.issue({ commonName: 'sender 2025', use: 'client' });
    const second = ca.issue({ commonName: 'sender 2026', use: 'client' });
    const started = await start({ clientCertificate: 'required', clientAuthorities: ca.certificates });
    let identity = first;
    const { sender } = client(started.port, () => ({ ...trusting(), identity }));
    await sender.send(bytes('MSH|1'), { timeoutMs: 5000 });
    identity = second;
    await sender.send(bytes('MSH|2'), { timeoutMs: 5000 });
    sender.renew();
    await sender.send(bytes('MSH|3'), { timeoutMs: 5000 });
    const shown = started.events.flatMap((event) =>
      event.kind === 'connection_opened' ? [event.connection.tls?.certificate?.subject] : [],
    );
    expect(shown).toEqual(['CN=sender 2025', 'CN=sender 2026']);
    expect(started.frames).toEqual(['MSH|1', 'MSH|2', 'MSH|3']);
  });

  it('gives up a handshake that hangs, and comes back when the receiver is mended', async () => {
    const plain = await startTestServer({}, {});
    const { sender, events } = client(plain.port, trusting(), { connectTimeoutMs: 150 });
    const sent = sender.send(bytes('MSH|1'), { timeoutMs: 20_000 });
    await until(() => events.filter(({ kind }) => kind === 'connect_failed').length >= 2);
    await plain.server.close({ graceMs: 0 });
    const mended = await startTestServer({ port: plain.port, tls: { ...rules, identities: [receiver] } });
    cleanUp.push(() => mended.server.close({ graceMs: 0 }));
    expect(String(await sent)).toBe('ack:MSH|1');
    expect(plain.frames).toEqual([]);
  });
});
