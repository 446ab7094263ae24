import type { X509Certificate } from 'node:crypto';
import { MllpError } from './mllp-error.ts';

/** How an entry of the list of allowed certificates is written. */
export const ALLOWED_CERTIFICATE_FORMS =
  'sha256:… (64 hex digits), cn:feed.practice.example, dns:…, ip:…, email:…, uri:… or subject:CN=…, O=…';

type Entry =
  | { readonly kind: 'fingerprint'; readonly value: string }
  | { readonly kind: 'cn' | 'subject'; readonly value: string }
  | { readonly kind: 'dns' | 'ip' | 'email' | 'uri'; readonly value: string };

/** Which certificates of a list are allowed. */
export interface CertificateFilter {
  /** Nothing is listed: every certificate that is trusted will do. */
  readonly any: boolean;
  allows(certificate: X509Certificate): boolean;
  /** Whether it is listed by its fingerprint, so that it needs no authority to vouch for it. */
  pins(certificate: X509Certificate): boolean;
}

/**
 * Makes a test for a list of allowed certificates: by SHA-256 fingerprint, by common name or whole subject, or by an
 * entry of the subject alternative names (RFC 5280, 4.2.1.6). Names are compared whole, without case; nothing is a
 * pattern.
 *
 * @throws MllpError `mllp_bad_certificate_entry` for an entry of another form.
 */
export function createCertificateFilter(entries: readonly string[]): CertificateFilter {
  const parsed = entries.map(parseEntry);
  const fingerprints = new Set(parsed.flatMap((entry) => (entry.kind === 'fingerprint' ? [entry.value] : [])));
  const named = parsed.filter((entry) => entry.kind !== 'fingerprint');
  const pins = (certificate: X509Certificate): boolean => fingerprints.has(plainHex(certificate.fingerprint256));
  return {
    any: entries.length === 0,
    pins,
    allows: (certificate) =>
      entries.length === 0 || pins(certificate) || (named.length > 0 && matchesName(certificate, named)),
  };
}

/** Whether an entry names a certificate by its fingerprint. */
export function isFingerprintEntry(entry: string): boolean {
  return parseEntry(entry).kind === 'fingerprint';
}

function parseEntry(entry: string): Entry {
  const text = entry.trim();
  const hex = plainHex(text.replace(/^sha-?256[:=]/i, ''));
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'fingerprint', value: hex };
  const named = /^(cn|subject|dns|ip|email|uri):(.+)$/is.exec(text);
  const kind = named?.[1]?.toLowerCase();
  const value = named?.[2]?.trim() ?? '';
  if (value !== '') {
    if (kind === 'cn') return { kind, value: value.toLowerCase() };
    if (kind === 'subject') return { kind, value: plainSubject(value) };
    if (kind === 'dns' || kind === 'ip' || kind === 'email' || kind === 'uri') {
      return { kind, value: value.toLowerCase() };
    }
  }
  throw new MllpError('mllp_bad_certificate_entry', `Found "${entry}"; write ${ALLOWED_CERTIFICATE_FORMS}.`);
}

function plainHex(text: string): string {
  return text.replaceAll(/[:\s]/g, '').toLowerCase();
}

function matchesName(certificate: X509Certificate, entries: readonly Entry[]): boolean {
  const subject = certificate.subject ?? '';
  const whole = plainSubject(subject);
  const commonNames = subject
    .split('\n')
    .flatMap((line) => (line.startsWith('CN=') ? [line.slice(3).trim().toLowerCase()] : []));
  const alternatives = readAlternativeNames(certificate.subjectAltName);
  return entries.some(({ kind, value }) => {
    if (kind === 'subject') return whole === value;
    if (kind === 'cn') return commonNames.includes(value);
    return alternatives.some((name) => name.kind === kind && name.value.toLowerCase() === value);
  });
}

/** A subject as one line, whether its parts stand in lines (as Node gives it) or behind commas (as people write it). */
function plainSubject(text: string): string {
  return text
    .split(/\n|,\s*(?=[A-Za-z][A-Za-z0-9.]*=)/)
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
    .join(', ');
}

export interface AlternativeName {
  readonly kind: 'dns' | 'ip' | 'email' | 'uri';
  readonly value: string;
}

const KINDS: Readonly<Record<string, AlternativeName['kind']>> = {
  DNS: 'dns',
  'IP Address': 'ip',
  email: 'email',
  URI: 'uri',
};

/**
 * Reads the text in which Node gives subject alternative names. A value with a comma or a control character in it is
 * quoted there as JSON, so that a name cannot pass for two.
 */
export function readAlternativeNames(text: string | undefined): AlternativeName[] {
  if (text === undefined) return [];
  const names: AlternativeName[] = [];
  for (const [, label = '', quoted, plain] of text.matchAll(/(?:^|, )([^:,]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))/g)) {
    const kind = KINDS[label];
    if (kind === undefined) continue;
    const value = quoted === undefined ? (plain ?? '') : unquoted(quoted);
    if (value !== undefined && value !== '') names.push({ kind, value });
  }
  return names;
}

function unquoted(json: string): string | undefined {
  try {
    return String(JSON.parse(json));
  } catch {
    return undefined;
  }
}
