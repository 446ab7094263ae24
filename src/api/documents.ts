import type { FastifyInstance } from 'fastify';
import { DOCS_CSS } from './docs-page/docs-css.ts';
import { DOCS_HTML } from './docs-page/docs-html.ts';
import { DOCS_SCRIPT } from './docs-page/docs-script.ts';
import { ERROR_TABLES } from './error-codes.ts';
import { openApiDocument } from './openapi.ts';

/** The OpenAPI document and the page to read it; both are public, as they tell nothing of what is set up. */
export function registerDocuments(app: FastifyInstance, info: { readonly version: string }): void {
  let document: string | undefined;
  const serve = (path: string, type: string, text: () => string): void => {
    app.get(path, (_request, reply) => reply.header('cache-control', 'no-cache').type(type).send(text()));
  };
  // Made at the first request: nobody waits for it at the start.
  serve('/api/openapi.json', 'application/json; charset=utf-8', () => {
    document ??= JSON.stringify({ ...openApiDocument(info), 'x-errors': errorList() });
    return document;
  });
  serve('/api/docs', 'text/html; charset=utf-8', () => DOCS_HTML);
  serve('/api/docs/page.css', 'text/css; charset=utf-8', () => DOCS_CSS);
  serve('/api/docs/page.js', 'text/javascript; charset=utf-8', () => DOCS_SCRIPT);
}

function errorList() {
  return Object.values(ERROR_TABLES).flatMap((table) =>
    Object.entries(table).map(([code, { status, message, hint }]) => ({ code, status, message, hint })),
  );
}
