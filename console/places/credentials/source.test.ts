import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../src/contract/credentials.ts';
import { EMPTY_SOURCE, sourceLike, toSource } from './source.ts';

describe('where a certificate comes from', () => {
  it('says what is missing', () => {
    expect(toSource(EMPTY_SOURCE, 'tls_server')).toMatch(/Paste the certificates/);
    expect(toSource({ ...EMPTY_SOURCE, from: 'pkcs12' }, 'tls_client')).toMatch(/Choose a/);
    expect(toSource({ ...EMPTY_SOURCE, from: 'request' }, 'tls_server')).toMatch(/Name whom/);
  });

  it('sends no key with a bundle, whatever was typed before', () => {
    const draft = { ...EMPTY_SOURCE, from: 'pkcs12', certificates: 'C', privateKey: 'K', passphrase: 'P' } as const;
    expect(toSource(draft, 'ca_bundle')).toEqual({ from: 'pem', certificates: 'C' });
  });

  it('proposes the names of the certificate in force for the next one', () => {
    const facts = { subject: 'CN=hub.test, O=Maple', alternative_names: 'DNS:hub.test, IP Address:10.1.2.3' };
    const credential = { active: { certificates: [facts] } } as unknown as Credential;
    expect(sourceLike(credential)).toMatchObject({
      commonName: 'hub.test',
      organization: 'Maple',
      names: ['hub.test', '10.1.2.3'],
    });
  });
});
