/**
 * Every reason for which a listener turns a connection away, with a sentence for whoever looks after it. None of them
 * says anything of a message: at that time none was read.
 */
export const REFUSALS = {
  not_allowed: 'The address is not one of the allowed senders.',
  too_many_connections: 'The listener has as many connections as it may have.',
  too_many_of_peer: 'The address has as many connections as one sender may have.',
  handshake_timeout: 'The TLS handshake was not finished in time.',
  handshake_dropped: 'Too many TLS handshakes were open; this one was the oldest of them.',
  handshake_ended: 'The sender hung up during the TLS handshake.',
  no_tls: 'The sender does not speak TLS on this port.',
  tls_version: 'The sender offers no TLS version from 1.2 on.',
  no_shared_cipher: 'The sender offers no cipher that is safe enough.',
  certificate_refused: 'The sender does not trust the certificate of this listener.',
  no_client_certificate: 'The sender showed no client certificate, and the listener wants one.',
  client_certificate_untrusted: 'The client certificate comes from no authority that the listener trusts.',
  client_certificate_expired: 'The client certificate has expired.',
  client_certificate_not_yet_valid: 'The client certificate is not valid yet.',
  client_certificate_purpose: 'The certificate of the sender is not meant for clients.',
  client_certificate_invalid: 'The client certificate cannot be verified.',
  client_certificate_not_allowed: 'The client certificate is not one of the allowed ones.',
  handshake_failed: 'The TLS handshake failed.',
} as const;
export type RefusalReason = keyof typeof REFUSALS;

/** OpenSSL's reasons in the middle of a handshake, as Node names them. */
const HANDSHAKE_CODES: readonly (readonly [RegExp, RefusalReason])[] = [
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, 'handshake_timeout'],
  [/^(ECONNRESET|EPIPE|ERR_SSL_UNEXPECTED_EOF_WHILE_READING)$/, 'handshake_ended'],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LENGTH_MISMATCH/,
    'no_tls',
  ],
  [
    /UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE|INAPPROPRIATE_FALLBACK/,
    'tls_version',
  ],
  [
    /NO_SHARED_CIPHER|NO_SUITABLE_KEY_SHARE|NO_SHARED_GROUP|NO_SUITABLE_SIGNATURE_ALGORITHM|NO_SHARED_SIGNATURE/,
    'no_shared_cipher',
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    'certificate_refused',
  ],
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE/, 'no_client_certificate'],
  [/CERTIFICATE_VERIFY_FAILED|BAD_SIGNATURE/, 'client_certificate_invalid'],
];

/** What a handshake failed for, from the code of its error. */
export function refusalOfHandshake(code: string): RefusalReason {
  return HANDSHAKE_CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'handshake_failed';
}

/** What OpenSSL holds against a client certificate (X509_verify_cert_error_string(3), as Node names the codes). */
export function refusalOfCertificate(code: string): RefusalReason {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'client_certificate_expired';
    case 'CERT_NOT_YET_VALID':
      return 'client_certificate_not_yet_valid';
    case 'INVALID_PURPOSE':
      return 'client_certificate_purpose';
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'CERT_UNTRUSTED':
      return 'client_certificate_untrusted';
    default:
      return 'client_certificate_invalid';
  }
}
