import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';

/**
 * Refuses requests under a host name that the program is not served at, so that a page elsewhere can't reach it by letting
 * its own name resolve to this machine (DNS rebinding). IP addresses and `localhost` can't be rebound.
 */
export function guardHost(request: FastifyRequest, names: ReadonlySet<string>): void {
  const host = hostName(request.headers.host ?? '');
  if (host === '' || isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost') || names.has(host)) return;
  throw new ApiError('host_refused');
}

/** Refuses changes that a page of another address asks for; programs send neither header. */
export function guardOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.headers['sec-fetch-site'] === 'cross-site') throw new ApiError('origin_refused');
  const { origin } = request.headers;
  if (origin === undefined) return;
  const from = URL.canParse(origin) ? new URL(origin).host : '';
  if (from === '' || from !== (request.headers.host ?? '').toLowerCase()) throw new ApiError('origin_refused');
}

function hostName(header: string): string {
  const lower = header.toLowerCase();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(lower);
  return bracketed?.[1] ?? lower.replace(/:\d+$/, '');
}
