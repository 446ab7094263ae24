import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../contract/routes.ts';
import { ERROR_TABLES } from './error-codes.ts';
import { createApiHarness, type ApiHarness } from './testing.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await createApiHarness();
}, 60_000);
afterAll(() => api.close());

type Schema = Record<string, unknown>;

describe('the OpenAPI document', () => {
  it('describes every route, and every reference in it leads somewhere', async () => {
    const response = await api.app.inject({ url: '/api/openapi.json' });
    const document = response.json<{
      paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, Schema> };
    }>();
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(routes).sort());
    const references = [...response.body.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(40);
    for (const reference of new Set(references)) {
      const name = reference?.replace('#/components/schemas/', '') ?? '';
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(response.body).not.toContain('$defs');
    // The tree of a message holds itself.
    expect(JSON.stringify(document.components.schemas['TreeNode'])).toContain('#/components/schemas/TreeNode');
  });

  it('says that a body may leave out what has a default, and an answer never does', async () => {
    const { paths, components } = (await api.app.inject({ url: '/api/openapi.json' })).json<{
      paths: Record<string, Record<string, { requestBody: { content: Record<string, { schema: Schema }> } }>>;
      components: { schemas: Record<string, Schema> };
    }>();
    const body = paths['/api/listeners']?.['post']?.requestBody.content['application/json']?.schema;
    expect(body?.['required']).toEqual(['key', 'name', 'system_id', 'port']);
    expect(components.schemas['Listener']?.['required']).toContain('ack_when');
  });
});

describe('the page to read it', () => {
  it('needs nothing that the policy of the server refuses', async () => {
    const page = await api.app.inject({ url: '/api/docs' });
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|\son\w+=|https?:\/\//);
    for (const [, url] of page.body.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)) {
      expect((await api.app.inject({ url: url ?? '' })).statusCode).toBe(200);
    }
    const script = (await api.app.inject({ url: '/api/docs/page.js' })).body;
    expect(script).not.toContain('innerHTML');
    expect(() => new Script(script)).not.toThrow();
  });
});

describe('error codes', () => {
  const tables = Object.values(ERROR_TABLES) as Record<string, { status: number; message: string; hint: string }>[];
  const entries = tables.flatMap((table) => Object.entries(table));

  it('stand in one table only, each with a sentence of what happened and one of what to do', () => {
    const codes = entries.map(([code]) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(codes.length).toBeGreaterThan(60);
    for (const [code, { status, message, hint }] of entries) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(message, code).toMatch(/^[A-Z].*\.$/);
      expect(hint, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('are all in the documentation, with their status', () => {
    const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
    const documented = [...text.matchAll(/^\| `([a-z_]+)` +\| (\d{3}) +\| (.+?) +\| (.+?) +\|$/gm)].map(
      ([, code, status, message, hint]) => ({ code, status: Number(status), message, hint }),
    );
    const wanted = entries.map(([code, { status, message, hint }]) => ({ code, status, message, hint }));
    const byCode = (one: { code?: string | undefined }, other: { code?: string | undefined }): number =>
      (one.code ?? '') < (other.code ?? '') ? -1 : 1;
    expect(documented.sort(byCode)).toEqual(wanted.sort(byCode));
  });
});
