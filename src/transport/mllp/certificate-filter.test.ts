import { describe, expect, it } from 'vitest';
import { createCertificateFilter, isFingerprintEntry, readAlternativeNames } from './certificate-filter.ts';

describe('allowed certificates', () => {
  it('refuses entries that it does not understand', () => {
    for (const entry of ['', 'feed.practice.test', 'cn:', 'sha256:abcd', 'cn', 'dn:x', '*']) {
      expect(() => createCertificateFilter([entry]), entry).toThrow(
        expect.objectContaining({ code: 'mllp_bad_certificate_entry' }),
      );
    }
  });

  it('reads fingerprints as programs print them', () => {
    const hex = 'AB'.repeat(32);
    const colons = hex.replaceAll(/(..)(?!$)/g, '$1:');
    for (const entry of [hex, hex.toLowerCase(), colons, `sha256:${colons}`, `SHA-256=${hex}`]) {
      expect(isFingerprintEntry(entry), entry).toBe(true);
    }
    expect(isFingerprintEntry(`cn:${hex}`)).toBe(false);
  });

  it('reads alternative names, and takes no quoted text for a second name', () => {
    expect(readAlternativeNames('DNS:a.test, IP Address:10.0.0.1, email:x@a.test, URI:urn:uuid:1')).toEqual([
      { kind: 'dns', value: 'a.test' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'email', value: 'x@a.test' },
      { kind: 'uri', value: 'urn:uuid:1' },
    ]);
    expect(readAlternativeNames('DNS:"evil.test, DNS:good.test", othername:<unsupported>')).toEqual([
      { kind: 'dns', value: 'evil.test, DNS:good.test' },
    ]);
    expect(readAlternativeNames(undefined)).toEqual([]);
  });
});
