import { describe, expect, it } from 'vitest';
import { refusalOfCertificate, refusalOfHandshake, REFUSALS } from './refusals.ts';

describe('reasons of refused connections', () => {
  it.each([
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'handshake_timeout'],
    ['ECONNRESET', 'handshake_ended'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'no_tls'],
    ['ERR_SSL_HTTP_REQUEST', 'no_tls'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls_version'],
    ['ERR_SSL_NO_SHARED_CIPHER', 'no_shared_cipher'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'certificate_refused'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'certificate_refused'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'certificate_refused'],
    ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'no_client_certificate'],
    ['ERR_SSL_SOMETHING_ELSE', 'handshake_failed'],
    ['', 'handshake_failed'],
  ])('reads %s as %s', (code, reason) => {
    expect(refusalOfHandshake(code)).toBe(reason);
  });

  it('reads what is wrong with a client certificate', () => {
    expect(refusalOfCertificate('CERT_HAS_EXPIRED')).toBe('client_certificate_expired');
    expect(refusalOfCertificate('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe('client_certificate_untrusted');
    expect(refusalOfCertificate('CERT_SIGNATURE_FAILURE')).toBe('client_certificate_invalid');
  });

  it('has a sentence for each', () => {
    for (const sentence of Object.values(REFUSALS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
