/** Every way in which the MLLP transport fails, by its stable code. */
export const MLLP_ERRORS = {
  mllp_port_in_use: 'Another program listens on this address and port.',
  mllp_listen_failed: 'The listener could not be opened.',
  mllp_bad_peer_range: 'An entry of the allow list is no IP address and no CIDR range.',
  mllp_bad_certificate_entry: 'An entry of the list of allowed certificates is not written in a known form.',
  mllp_bad_option: 'A setting of the listener or sender is outside what it may be.',
  mllp_tls_unusable: 'Certificate and private key cannot be used for TLS: they cannot be read or do not fit.',
  mllp_tls_failed: 'The TLS handshake failed; nothing was sent.',
  mllp_tls_untrusted: 'The certificate of the receiver comes from no authority that is trusted; nothing was sent.',
  mllp_tls_expired: 'The certificate of the receiver has expired or is not valid yet; nothing was sent.',
  mllp_tls_name: 'The certificate of the receiver is for another name; nothing was sent.',
  mllp_tls_pin: 'The certificate of the receiver is not the one that was agreed upon; nothing was sent.',
  mllp_tls_refused: 'The receiver did not accept our certificate, or wants one and got none; nothing was taken.',
  mllp_connect_failed: 'The other side could not be reached; nothing was sent.',
  mllp_timeout: 'No acknowledgment came in time.',
  mllp_connection_lost: 'The connection ended before the acknowledgment came.',
  mllp_unsendable: 'The message contains the end-block byte (0x1C), at which the receiver would cut it in two.',
  mllp_aborted: 'The caller gave up waiting.',
  mllp_closed: 'The client was closed.',
} as const;
export type MllpErrorCode = keyof typeof MLLP_ERRORS;

/** Whether the message may have reached the other side: decides if sending it again can make a duplicate. */
export type Delivery = 'not_sent' | 'unknown';

export class MllpError extends Error {
  override readonly name = 'MllpError';
  readonly code: MllpErrorCode;
  readonly delivery: Delivery;

  constructor(code: MllpErrorCode, detail: string, options: { cause?: unknown; delivery?: Delivery } = {}) {
    super(
      `${MLLP_ERRORS[code]} ${detail}`.trimEnd(),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.delivery = options.delivery ?? 'not_sent';
  }
}
