import forge from 'node-forge';
import { MaterialError } from './material-error.ts';

/** A file that asks for more rounds would keep the program busy; those that tools write ask for 2,000 to 600,000. */
const MOST_ITERATIONS = 2_000_000;

/**
 * Takes certificates and private key out of a PKCS#12 file (RFC 7292), old ciphers included: most files that partners
 * send were made with them.
 *
 * @throws MaterialError `file` or `passphrase`
 */
export function readPkcs12(
  file: Buffer,
  passphrase: string,
): { readonly certificates: string; readonly privateKey: string } {
  let structure: forge.asn1.Asn1;
  try {
    structure = forge.asn1.fromDer(forge.util.createBuffer(file.toString('binary')), false);
  } catch {
    throw new MaterialError('file', 'It is no PKCS#12 file (.p12 or .pfx).');
  }
  if (asksForTooMuch(structure, 0)) throw new MaterialError('file', 'It asks for too many rounds of key derivation.');
  let opened: forge.pkcs12.Pkcs12Pfx;
  try {
    opened = forge.pkcs12.pkcs12FromAsn1(structure, false, passphrase);
  } catch {
    throw new MaterialError('passphrase', 'The file does not open with this passphrase, or is no PKCS#12 file.');
  }
  const bags = opened.safeContents.flatMap(({ safeBags }) => safeBags);
  const keys = bags.filter(
    ({ type }) => type === forge.pki.oids['pkcs8ShroudedKeyBag'] || type === forge.pki.oids['keyBag'],
  );
  const [key] = keys;
  if (key === undefined) throw new MaterialError('file', 'There is no private key in it.');
  if (keys.length > 1) throw new MaterialError('file', 'There is more than one private key in it.');
  const certificates = bags
    .filter(({ type }) => type === forge.pki.oids['certBag'])
    .map((bag) => (bag.cert == null ? pem('CERTIFICATE', bag.asn1) : forge.pki.certificateToPem(bag.cert)));
  return { certificates: certificates.join(''), privateKey: keyPem(key) };
}

function keyPem(bag: forge.pkcs12.Bag): string {
  // RSA keys are read by the library, others are left as they are: PKCS#8 in both cases.
  if (bag.key == null) return pem('PRIVATE KEY', bag.asn1);
  const wrapped = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key));
  return pem('PRIVATE KEY', wrapped);
}

function pem(type: string, value: forge.asn1.Asn1): string {
  const base64 = Buffer.from(forge.asn1.toDer(value).getBytes(), 'binary').toString('base64');
  return `-----BEGIN ${type}-----\n${base64.replaceAll(/(.{64})(?!$)/g, '$1\n')}\n-----END ${type}-----\n`;
}

/** Looks for salts with a number of rounds behind them, as far as they can be seen from outside. */
function asksForTooMuch(value: forge.asn1.Asn1, depth: number): boolean {
  if (depth > 60) return true;
  if (!Array.isArray(value.value)) {
    if (value.type !== forge.asn1.Type.OCTETSTRING || typeof value.value !== 'string') return false;
    try {
      return asksForTooMuch(forge.asn1.fromDer(forge.util.createBuffer(value.value)), depth + 1);
    } catch {
      return false; // plain bytes, or encrypted ones
    }
  }
  const parts = value.value;
  return parts.some((part, at) => {
    if (at > 0 && part.type === forge.asn1.Type.INTEGER && parts[at - 1]?.type === forge.asn1.Type.OCTETSTRING) {
      const bytes = part.value as unknown as string;
      if (bytes.length > 4 || forge.asn1.derToInteger(bytes) > MOST_ITERATIONS) return true;
    }
    return asksForTooMuch(part, depth + 1);
  });
}
