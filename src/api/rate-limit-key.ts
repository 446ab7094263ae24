import { normalizeIP } from '@fastify/rate-limit';

/**
 * What requests are counted by: the caller's address, of IPv6 its network. A caller who has gone already has no address
 * any more, whatever the types say.
 */
export function rateLimitKey(request: { readonly ip: string | undefined }): string {
  return request.ip === undefined ? '' : normalizeIP(request.ip);
}
