export type ForeignProtocol = 'tls' | 'http' | 'unframed_hl7';

/**
 * Names what a peer speaks in place of MLLP, from the first bytes it sends. This is the usual riddle when an interface
 * is connected for the first time: one side has TLS on and the other has not, or a browser or health check was pointed
 * at the port.
 */
export function recognizeForeignProtocol(firstBytes: Buffer): ForeignProtocol | undefined {
  if (firstBytes[0] === 0x16 && firstBytes[1] === 0x03) return 'tls';
  const start = firstBytes.toString('latin1', 0, 8);
  if (/^(?:GET|HEAD|POST|PUT|OPTIONS|PRI) /.test(start)) return 'http';
  if (/^(?:MSH|FHS|BHS)[^A-Za-z0-9 ]/.test(start)) return 'unframed_hl7';
  return undefined;
}
