import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import type { ListenerTls } from '../../src/records/settings/settings.ts';
import { credentialStore } from '../../src/store/credential-store.ts';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { ClientTlsOptions, MllpClient } from '../../src/transport/mllp/client-types.ts';
import { makeAuthority } from '../support/certificates.ts';
import type { TestAuthority, TestIdentity } from '../support/certificates.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { startNode, type Node } from './node.ts';
import { until } from './until.ts';

const DAY_MS = 86_400_000;
let bed: Bed;
let node: Node;
let ca: TestAuthority;
const open: MllpClient[] = [];

beforeAll(async () => {
  bed = await makeBed({ holdSeconds: 0 });
  ca = makeAuthority('Practice CA');
  await keep('ca', 'ca_bundle', { ...ca, privateKey: '' });
  await keep('hub', 'tls_server', ca.issue({ commonName: 'hub 1', names: ['hub.test'], use: 'server' }));
  node = await startNode(bed);
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.close()));
  await node.stop();
  await bed.close();
});

/** Puts a credential, or a new version of it, into the vault. */
async function keep(
  key: string,
  kind: 'tls_server' | 'ca_bundle',
  identity: Pick<TestIdentity, 'certificates' | 'privateKey' | 'x509'>,
): Promise<void> {
  const known = (await settingsStore.load(bed.db)).credentials.find((each) => each.key === key);
  const credentialId = known?.id ?? bed.ids.next();
  const id = bed.ids.next();
  const { environmentId } = bed;
  await bed.db.transaction(async (tx) => {
    await credentialStore.save(tx, credentialId, { key, name: key, environmentId, kind, note: '' });
    await credentialStore.addVersion(tx, credentialId, {
      id,
      state: 'active',
      certificates: identity.certificates,
      request: '',
      notAfter: new Date(identity.x509.validTo),
      secret:
        kind === 'ca_bundle'
          ? null
          : bed.sealer.seal('credential', SEALED_COLUMNS.credentialSecret, id, identity.privateKey),
      createdBy: 'test',
    });
  });
}

const tlsOf = (values: Partial<ListenerTls> = {}): ListenerTls => ({
  enabled: true,
  certificates: ['hub'],
  client_certificate: 'none',
  client_ca: null,
  allowed_certificates: [],
  handshake_timeout_seconds: 5,
  ...values,
});

function client(port: number, tls: Partial<ClientTlsOptions> = {}): MllpClient {
  const made = createMllpClient({
    host: '127.0.0.1',
    port,
    tls: { authorities: ca.certificates, serverName: 'hub.test', ...tls },
    backoff: { firstMs: 20, maxMs: 200 },
  });
  open.push(made);
  return made;
}
const ask = async (sender: MllpClient, controlId: string): Promise<string | undefined> =>
  parseAck(await sender.send(adt({ controlId, mrn: controlId }), { timeoutMs: 20_000 })).code;

const statusOf = (id: bigint) => node.engine.listenerStatuses().find(({ listenerId }) => listenerId === id);
async function listen(tls: ListenerTls): Promise<{ id: bigint; port: number }> {
  const made = await bed.addListener({ tls });
  await node.engine.settingsChanged();
  await until(() => statusOf(made.id)?.status === 'listening');
  return made;
}

describe('a listener with TLS', () => {
  it('takes messages over TLS and nothing else, and counts whom it turns away', async () => {
    const { id, port } = await listen(
      tlsOf({ client_certificate: 'required', client_ca: 'ca', allowed_certificates: ['cn:feed'] }),
    );
    const feed = ca.issue({ commonName: 'feed', use: 'client' });
    expect(await ask(client(port, { identity: feed }), 'over-tls')).toBe('AA');
    expect(await bed.rows(`select 1 from messages where control_id = 'over-tls'`)).toHaveLength(1);

    const others = [
      {},
      { identity: ca.issue({ commonName: 'other', use: 'client' }) },
      { identity: makeAuthority('X').issue({ commonName: 'feed' }) },
    ];
    for (const tls of others) {
      await expect(ask(client(port, tls), 'never')).rejects.toMatchObject({ delivery: 'unknown' });
    }
    const plain = createMllpClient({ host: '127.0.0.1', port, backoff: { firstMs: 5000, maxMs: 5000 } });
    open.push(plain);
    await expect(plain.send(adt({ controlId: 'plain' }), { timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'mllp_connection_lost',
    });
    expect(await bed.rows(`select 1 from messages where control_id in ('never', 'plain')`)).toEqual([]);
    const counted = Object.fromEntries((statusOf(id)?.refusals ?? []).map(({ reason, count }) => [reason, count]));
    expect(counted).toMatchObject({
      no_client_certificate: expect.any(Number),
      client_certificate_not_allowed: expect.any(Number),
      client_certificate_untrusted: expect.any(Number),
      no_tls: 1,
    });
    const told = node.log.filter(({ message }) => message.startsWith('A connection was refused.'));
    expect(told.map(({ fields }) => fields['reason'])).toContain('client_certificate_untrusted');
    // It lands in the table that the console reads.
    await until(
      async () => (await bed.rows(`select 1 from listener_status where refusals::text like '%no_tls%'`)).length > 0,
    );
  });

  it('shows a replaced certificate to new connections, while open ones go on', async () => {
    const { id, port } = await listen(tlsOf());
    const first = client(port);
    expect(await ask(first, 'before')).toBe('AA');
    const opened = (await first.connect()).tls?.certificate?.subject;
    await keep('hub', 'tls_server', ca.issue({ commonName: 'hub 2', names: ['hub.test'], use: 'server' }));
    await node.engine.settingsChanged();
    expect(opened).toBe('CN=hub 1');
    const since = statusOf(id)?.since;
    await until(async () => (await client(port).connect()).tls?.certificate?.subject === 'CN=hub 2');
    expect(node.log.some(({ message }) => message === 'A listener shows its new certificate.')).toBe(true);
    expect(await ask(first, 'after')).toBe('AA');
    expect((await first.connect()).tls?.certificate?.subject).toBe('CN=hub 1');
    expect(statusOf(id)?.since).toEqual(since);
  });

  it('says that its certificate ends soon, and tells the log and the metrics', async () => {
    const soon = ca.issue({ commonName: 'hub 3', names: ['hub.test'], to: new Date(Date.now() + 12.5 * DAY_MS) });
    await keep('hub', 'tls_server', soon);
    await node.engine.settingsChanged();
    const { id } = await listen(tlsOf());
    expect(statusOf(id)).toMatchObject({ status: 'listening', reason: 'The certificate “hub” expires in 12 days.' });
    await until(() => node.log.some(({ message }) => message === 'A certificate of the vault expires in 12 days.'));
    expect(node.engine.credentialEnds()).toContainEqual({
      key: 'hub',
      kind: 'tls_server',
      notAfter: new Date(soon.x509.validTo),
    });
  });

  it('does not start with a certificate that is not there', async () => {
    const made = await bed.addListener({ tls: tlsOf({ certificates: ['nothing'] }) });
    await node.engine.settingsChanged();
    const status = await until(() => statusOf(made.id));
    expect(status).toMatchObject({ status: 'failed', reason: expect.stringContaining('TLS could not be set up') });
  });
});

describe('a listener of a Production system', () => {
  it('does not start without TLS unless a person gives a reason, which it then shows', async () => {
    const { environments } = await settingsStore.load(bed.db);
    const production = environments.find(({ kind }) => kind === 'production')?.id ?? 0n;
    const systemId = bed.ids.next();
    const [system] = (await settingsStore.load(bed.db)).systems;
    if (system === undefined) throw new Error('There is no system.');
    await settingsStore.saveSystem(bed.db, systemId, {
      ...system,
      key: 'live',
      name: 'Live',
      environmentId: production,
    });
    const { id } = await bed.addListener({ systemId });
    await node.engine.settingsChanged();
    const refused = await until(() => statusOf(id));
    expect(refused).toMatchObject({ status: 'failed', reason: expect.stringContaining('does not run without TLS') });

    await bed.changeListener(id, { plaintextReason: 'Encrypted VPN of the clinic' });
    await node.engine.settingsChanged();
    await until(() => statusOf(id)?.status === 'listening');
    expect(statusOf(id)?.reason).toBe('Runs without TLS: Encrypted VPN of the clinic');
    expect(node.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: 'A listener of a Production system runs without TLS, as a person decided.',
      }),
    );

    await bed.changeListener(id, { plaintextReason: '', tls: tlsOf() });
    await node.engine.settingsChanged();
    await until(
      () => statusOf(id)?.status === 'listening' && statusOf(id)?.reason.startsWith('The certificate') === true,
    );
  });
});
