import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the console: files with a hash in their names are kept by browsers for ever, the page itself is always asked
 * for anew. Answers whether there is a console to serve.
 */
export async function registerConsole(app: FastifyInstance, directory: string | undefined): Promise<boolean> {
  if (directory === undefined || !existsSync(join(directory, 'index.html'))) return false;
  await app.register(fastifyStatic, {
    root: directory,
    index: false,
    wildcard: true,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      const hashed = /[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.\w+$/.test(path);
      response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/', { config: { rateLimit: false } }, (_request, reply) => reply.sendFile('index.html'));
  return true;
}

/** Whether an address that nothing was found at is a place of the console: its router finds it there. */
export function isConsolePlace(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly accept?: string | undefined };
}): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  if (request.method !== 'GET' || /^\/(api|assets|metrics|healthz|readyz|fhir)(\/|$)/.test(path)) return false;
  return (request.headers.accept ?? '').includes('text/html');
}
