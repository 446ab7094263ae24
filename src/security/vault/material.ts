import { createPrivateKey } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { certificatesPem, isSelfSigned, readCertificates } from './certificate-facts.ts';
import { MaterialError } from './material-error.ts';
import { readPkcs12 } from './read-pkcs12.ts';

/** A certificate with its key, checked against each other and put in order, as it goes into the vault. */
export interface IdentityMaterial {
  /** PEM: the certificate, then those that issued it. */
  readonly certificates: string;
  /** PKCS#8, PEM, not encrypted: only ever sealed. */
  readonly privateKey: string;
  readonly notAfter: Date;
}

/** More than these in one file is no chain and no bundle of a partner. */
const MOST_CERTIFICATES = 200;
const LEAST_RSA_BITS = 2048;

/** Reads certificates and key from PEM texts; both may stand in one. @throws MaterialError */
export function identityFromPem(input: {
  readonly certificates: string;
  readonly privateKey: string;
  readonly passphrase: string;
  readonly now: number;
}): IdentityMaterial {
  const keyText = input.privateKey.trim() === '' ? input.certificates : input.privateKey;
  const key = readPrivateKey(keyText, input.passphrase);
  return identityOf(readAll(input.certificates, 'certificates'), key, input.now, 'certificates');
}

/** Reads a PKCS#12 file (`.p12`, `.pfx`). @throws MaterialError */
export function identityFromPkcs12(input: {
  readonly file: Buffer;
  readonly passphrase: string;
  readonly now: number;
}): IdentityMaterial {
  const { certificates, privateKey } = readPkcs12(input.file, input.passphrase);
  return identityOf(readAll(certificates, 'file'), readPrivateKey(privateKey, ''), input.now, 'file');
}

/** Puts the certificate that came for a key that is here already together with it. @throws MaterialError */
export function identityForKey(input: {
  readonly certificates: string;
  readonly privateKey: string;
  readonly now: number;
}): IdentityMaterial {
  const key = readPrivateKey(input.privateKey, '');
  return identityOf(readAll(input.certificates, 'certificates'), key, input.now, 'certificates');
}

/** Reads a bundle of authorities. @throws MaterialError */
export function bundleFromPem(pem: string, now: number): { readonly certificates: string; readonly notAfter: Date } {
  if (/PRIVATE KEY-----/.test(pem)) {
    throw new MaterialError('certificates', 'There is a private key among them; a bundle holds certificates only.');
  }
  const certificates = readAll(pem, 'certificates');
  const lasting = certificates.filter(({ validTo }) => Date.parse(validTo) > now);
  if (lasting.length === 0) throw new MaterialError('certificates', 'All of them have expired.');
  const unique = [...new Map(lasting.map((each) => [each.fingerprint256, each])).values()];
  const ends = unique.map(({ validTo }) => Date.parse(validTo));
  return { certificates: certificatesPem(unique), notAfter: new Date(Math.min(...ends)) };
}

function readAll(pem: string, place: 'certificates' | 'file'): X509Certificate[] {
  let certificates: X509Certificate[];
  try {
    certificates = readCertificates(pem);
  } catch {
    throw new MaterialError(place, 'One of the certificates cannot be read.');
  }
  if (certificates.length === 0) {
    throw new MaterialError(place, 'There is no certificate in it: PEM texts begin with -----BEGIN CERTIFICATE-----.');
  }
  if (certificates.length > MOST_CERTIFICATES) {
    throw new MaterialError(
      place,
      `There are ${certificates.length} certificates in it; ${MOST_CERTIFICATES} at most.`,
    );
  }
  return certificates;
}

const KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[^-]+-----END (?:[A-Z]+ )*PRIVATE KEY-----/g;

function readPrivateKey(text: string, passphrase: string): KeyObject {
  const found = [...text.matchAll(KEY)].map(([key]) => key);
  const [pem] = found;
  if (pem === undefined) throw new MaterialError('private_key', 'There is no private key in it.');
  if (found.length > 1) throw new MaterialError('private_key', 'There is more than one private key in it.');
  const encrypted = pem.includes('ENCRYPTED');
  if (encrypted && passphrase === '')
    throw new MaterialError('passphrase', 'The private key is encrypted: give its passphrase.');
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(encrypted ? { passphrase } : {}) });
  } catch {
    throw encrypted
      ? new MaterialError('passphrase', 'The private key does not open with this passphrase.')
      : new MaterialError('private_key', 'The private key cannot be read.');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < LEAST_RSA_BITS) {
    throw new MaterialError('private_key', `An RSA key of ${bits} bits is too short; ${LEAST_RSA_BITS} at least.`);
  }
  return key;
}

function identityOf(
  all: readonly X509Certificate[],
  key: KeyObject,
  now: number,
  place: 'certificates' | 'file',
): IdentityMaterial {
  const leaf = all.find((certificate) => certificate.checkPrivateKey(key));
  if (leaf === undefined) throw new MaterialError(place, 'None of the certificates belongs to the private key.');
  const notAfter = new Date(leaf.validTo);
  if (notAfter.getTime() <= now) {
    throw new MaterialError(place, `The certificate expired on ${notAfter.toISOString().slice(0, 10)}.`);
  }
  return {
    certificates: certificatesPem(inOrder(leaf, all)),
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    notAfter,
  };
}

/** The certificate, then its issuer, and so on; what belongs to no one comes last. */
function inOrder(leaf: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  const others = new Map(all.map((each) => [each.fingerprint256, each]));
  others.delete(leaf.fingerprint256);
  for (let last = leaf; !isSelfSigned(last);) {
    const issuer = [...others.values()].find((candidate) => last.checkIssued(candidate));
    if (issuer === undefined) break;
    others.delete(issuer.fingerprint256);
    chain.push(issuer);
    last = issuer;
  }
  return [...chain, ...others.values()];
}
