import { createPrivateKey } from 'node:crypto';
import { expiryOf, expiryText } from '../../domain/expiry.ts';
import { isSelfSigned, readCertificates } from '../../security/vault/certificate-facts.ts';
import { createMllpClient } from '../../transport/mllp/client.ts';
import { createMllpServer } from '../../transport/mllp/server.ts';
import type { CredentialSetting } from './credentials.ts';
import type { OpenedIdentity } from './open-credential.ts';

/** One thing that was tried. */
export interface TestStep {
  readonly name: string;
  /** `warning`: works, with something to look at. */
  readonly result: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

const SERVER_USE = '1.3.6.1.5.5.7.3.1';
const CLIENT_USE = '1.3.6.1.5.5.7.3.2';

/**
 * Tries a credential: its dates, whether key and certificate fit, names and purpose, its chain, and a message over TLS
 * from this program to itself with it. Nobody else is called.
 */
export async function testCredential(
  credential: CredentialSetting,
  identity: OpenedIdentity | undefined,
  now: number,
): Promise<TestStep[]> {
  if (credential.active === null) {
    return [{ name: 'Certificate', result: 'failed', detail: 'The certificate that was requested has not come yet.' }];
  }
  const certificates = readCertificates(credential.active.certificates);
  const [leaf] = certificates;
  if (leaf === undefined) return [{ name: 'Certificate', result: 'failed', detail: 'There is none.' }];
  const expiry = expiryOf(credential.active.notAfter, now);
  const dates: TestStep = {
    name: 'Dates',
    result: expiry.state === 'expired' ? 'failed' : expiry.state === 'fine' ? 'ok' : 'warning',
    detail: `${credential.kind === 'ca_bundle' ? 'The first of them' : 'It'} ${expiryText(expiry)}.`,
  };
  if (credential.kind === 'ca_bundle') {
    const roots = certificates.filter(isSelfSigned).length;
    return [
      dates,
      roots === 0
        ? { name: 'Roots', result: 'warning', detail: 'No root is among them; certificates are verified up to a root.' }
        : { name: 'Roots', result: 'ok', detail: `${roots} of ${certificates.length} are roots.` },
    ];
  }
  const fits = identity !== undefined && leaf.checkPrivateKey(createPrivateKey(identity.privateKey));
  const key: TestStep = fits
    ? { name: 'Private key', result: 'ok', detail: 'It opens, and belongs to the certificate.' }
    : { name: 'Private key', result: 'failed', detail: 'It does not belong to the certificate.' };
  const server = credential.kind === 'tls_server';
  const uses = leaf.keyUsage as readonly string[] | undefined;
  const wanted = server ? SERVER_USE : CLIENT_USE;
  const purpose: TestStep =
    uses === undefined || uses.includes(wanted)
      ? { name: 'Purpose', result: 'ok', detail: server ? 'May be shown by servers.' : 'May be shown by clients.' }
      : { name: 'Purpose', result: 'failed', detail: `It is not meant for ${server ? 'servers' : 'clients'}.` };
  const names: TestStep[] = !server
    ? []
    : leaf.subjectAltName === undefined
      ? [
          {
            name: 'Names',
            result: 'warning',
            detail: 'It has no alternative names; most senders compare nothing else.',
          },
        ]
      : [{ name: 'Names', result: 'ok', detail: leaf.subjectAltName }];
  const last = certificates.at(-1);
  const chain: TestStep =
    last !== undefined && isSelfSigned(last)
      ? { name: 'Chain', result: 'ok', detail: `${certificates.length} up to the root.` }
      : {
          name: 'Chain',
          result: certificates.length === 1 ? 'warning' : 'ok',
          detail: `It ends below “${(last?.issuer ?? '').split('\n').join(', ')}”, which the other side must have.`,
        };
  return [
    dates,
    key,
    ...names,
    purpose,
    chain,
    ...(fits ? [await tryHandshake(identity, leaf.fingerprint256, server)] : []),
  ];
}

/** A message from this program to itself, on this machine. */
async function tryHandshake(identity: OpenedIdentity, fingerprint: string, server: boolean): Promise<TestStep> {
  const receiver = createMllpServer(
    {
      port: 0,
      tls: {
        identities: [identity],
        clientCertificate: server ? 'none' : 'required',
        clientAuthorities: '',
        allowedCertificates: server ? [] : [fingerprint],
      },
    },
    { onFrame: (_, reply) => void reply.end(Buffer.from('ok')), onRejected: (_, reply) => void reply.end() },
  );
  try {
    const { port } = await receiver.listen();
    const sender = createMllpClient({
      host: '127.0.0.1',
      port,
      connectTimeoutMs: 5_000,
      tls: { pinnedCertificates: [fingerprint], ...(server ? {} : { identity }) },
    });
    try {
      const { tls } = await sender.connect();
      await sender.send(Buffer.from('test'), { timeoutMs: 5_000 });
      return { name: 'Message over TLS', result: 'ok', detail: `${tls?.protocol ?? ''}, ${tls?.cipher ?? ''}.` };
    } finally {
      await sender.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'It failed.';
    return { name: 'Message over TLS', result: 'failed', detail: why };
  } finally {
    await receiver.close({ graceMs: 100 });
  }
}
