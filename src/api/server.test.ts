import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiHarness, PASSWORD, type ApiHarness } from './testing.ts';

let directory: string;
let api: ApiHarness;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(directory, 'assets', 'app-0a1b2c3d.js'), 'export {};');
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(async () => {
  api = await createApiHarness({ staticDirectory: directory, hostNames: ['hub.example'] });
});
afterEach(() => api.close());

const HOST = { host: 'localhost:8480' };
const signIn = (login = 'ada@example.test', password = PASSWORD, headers: Record<string, string> = HOST) =>
  api.app.inject({ method: 'POST', url: '/api/session', payload: { login, password }, headers });

/** Makes the first administrator and answers the headers that a page sends with a change. */
async function administrator() {
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/setup',
    headers: HOST,
    payload: { token: await api.firstLink(), login: 'ada@example.test', name: 'Ada', password: PASSWORD },
  });
  const [cookie] = response.cookies;
  const session = response.json<{ csrf_token: string }>();
  const sent = { ...HOST, cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` };
  return { response, session, read: sent, write: { ...sent, 'x-csrf-token': session.csrf_token } };
}
const ENVIRONMENT = { key: 'lab', name: 'Lab', kind: 'test' };

describe('session', () => {
  it('begins with the one-time link, which works once', async () => {
    expect((await api.app.inject({ url: '/api/setup' })).json()).toEqual({ needed: true });
    const token = await api.firstLink();
    const { response, read } = await administrator();
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ user: { login: 'ada@example.test', role: 'administrator' } });
    expect(response.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(response.body).not.toContain(response.cookies[0]?.value);
    expect((await api.app.inject({ url: '/api/session', headers: read })).json()).toMatchObject({
      user: { name: 'Ada' },
    });
    const again = await api.app.inject({ method: 'POST', url: '/api/setup', payload: { token, password: PASSWORD } });
    expect(again.json()).toMatchObject({ code: 'link_invalid', status: 410 });
    expect((await api.app.inject({ url: '/api/setup' })).json()).toEqual({ needed: false });
  });

  it('tells nothing but that the log-in failed, and writes it down with the account it was tried on', async () => {
    await administrator();
    const wrong = await signIn('ada@example.test', 'not the password');
    const unknown = await signIn('nobody@example.test', 'not the password');
    expect(wrong.statusCode).toBe(401);
    const { request_id: one, ...told } = wrong.json<{ request_id: string }>();
    const { request_id: other, ...alike } = unknown.json<{ request_id: string }>();
    expect(told).toEqual(alike);
    expect(one).not.toBe(other);
    const tried = (await api.audited()).filter(({ action }) => action === 'login');
    expect(tried.map(({ outcome, actor }) => [outcome, actor])).toEqual([
      ['refused', 'Ada'],
      ['refused', 'unknown'],
    ]);
    expect(JSON.stringify(tried)).not.toContain('not the password');
  });

  it('locks an account after some wrong passwords, and says how long', async () => {
    await administrator();
    for (let i = 0; i < 5; i++) await signIn('ada@example.test', 'wrong');
    const locked = await signIn();
    expect(locked.statusCode).toBe(429);
    expect(locked.json()).toMatchObject({ code: 'login_locked' });
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('slows down whoever tries from one address, whatever the log-in name', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 25; i++) codes.push((await signIn(`user${i}@example.test`, 'x')).json<{ code: string }>().code);
    expect(codes.at(0)).toBe('login_failed');
    expect(['rate_limited', 'address_limited']).toContain(codes.at(-1));
  });

  it('ends at sign-out, at once', async () => {
    const { write, read } = await administrator();
    const out = await api.app.inject({ method: 'DELETE', url: '/api/session', headers: write });
    expect(out.statusCode).toBe(200);
    const after = await api.app.inject({ url: '/api/session', headers: read });
    expect(after.json()).toMatchObject({ code: 'session_invalid', status: 401 });
  });

  it('of a token is none: the routes of a person are refused to it', async () => {
    const headers = { authorization: `Bearer ${await api.tokenOf('administrator')}` };
    for (const [method, url] of [
      ['GET', '/api/session'],
      ['DELETE', '/api/session'],
    ] as const) {
      expect((await api.app.inject({ method, url, headers })).json()).toMatchObject({
        code: 'session_required',
        status: 403,
      });
    }
  });
});

describe('changes from a browser', () => {
  it('need the CSRF token of the session', async () => {
    const { read, write } = await administrator();
    const without = await api.app.inject({
      method: 'POST',
      url: '/api/environments',
      headers: read,
      payload: ENVIRONMENT,
    });
    expect(without.json()).toMatchObject({ code: 'csrf_invalid', status: 403 });
    const wrong = { ...write, 'x-csrf-token': 'x' };
    expect(
      (await api.app.inject({ method: 'POST', url: '/api/environments', headers: wrong, payload: ENVIRONMENT }))
        .statusCode,
    ).toBe(403);
    expect(
      (await api.app.inject({ method: 'POST', url: '/api/environments', headers: write, payload: ENVIRONMENT }))
        .statusCode,
    ).toBe(200);
    const refused = (await api.audited()).filter(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject([
      { action: 'environment-created', actor: 'Ada', detail: { code: 'csrf_invalid' } },
      { action: 'environment-created', actor: 'Ada' },
    ]);
  });

  it.each([
    [{ origin: 'https://elsewhere.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:9999' }],
    [{ 'sec-fetch-site': 'cross-site' }],
  ])('from another page are refused: %j', async (headers) => {
    const { write } = await administrator();
    const response = await api.app.inject({
      method: 'POST',
      url: '/api/environments',
      headers: { ...write, ...headers },
      payload: ENVIRONMENT,
    });
    expect(response.json()).toMatchObject({ code: 'origin_refused', status: 403 });
    expect((await signIn('ada@example.test', PASSWORD, { ...HOST, ...headers })).statusCode).toBe(403);
  });

  it.each([
    ['localhost:8480', 200],
    ['127.0.0.1:8480', 200],
    ['[::1]:8480', 200],
    ['hub.example', 200],
    ['rebound.attacker.example', 421],
  ])('under the host name %s are answered with %i', async (host, status) => {
    expect((await api.app.inject({ url: '/api/setup', headers: { host } })).statusCode).toBe(status);
  });
});

describe('errors', () => {
  it('name each wrong field, with the request id that the log has too', async () => {
    const { write } = await administrator();
    const payload = { key: 'Not A Key', name: '', kind: 'test', parameters: [{ value: 'x' }] };
    const response = await api.app.inject({ method: 'POST', url: '/api/environments', headers: write, payload });
    expect(response.statusCode).toBe(422);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = response.json<{ places: { place: string }[]; request_id: string }>();
    expect(problem).toMatchObject({ code: 'request_invalid', type: '/api/docs#request_invalid', status: 422 });
    expect(problem.places.map(({ place }) => place)).toEqual(['key', 'name', 'parameters[0].name']);
    expect(response.headers['x-request-id']).toBe(problem.request_id);
    expect(api.log.some(({ fields }) => (fields as { request_id?: string }).request_id === problem.request_id)).toBe(
      true,
    );
  });

  it('of the settings come with their places, apart from the sentence', async () => {
    const { write } = await administrator();
    const make = () =>
      api.app.inject({ method: 'POST', url: '/api/environments', headers: write, payload: ENVIRONMENT });
    await make();
    expect((await make()).json()).toMatchObject({
      code: 'key_taken',
      status: 409,
      title: 'The key is in use already.',
      places: [{ place: 'key' }],
    });
  });

  it.each([
    ['a body that is not JSON', '{"a":', 'application/json', 400, 'request_malformed'],
    ['another media type', 'a=b', 'application/x-www-form-urlencoded', 415, 'media_type_unsupported'],
    ['text', '{"key":"lab"}', 'text/plain', 415, 'media_type_unsupported'],
    [
      'a body that is too large',
      JSON.stringify({ note: 'x'.repeat(2_000_000) }),
      'application/json',
      413,
      'body_too_large',
    ],
  ])('for %s', async (_case, payload, type, status, code) => {
    const { write } = await administrator();
    const headers = { ...write, 'content-type': type };
    const response = await api.app.inject({ method: 'POST', url: '/api/environments', headers, payload });
    expect(response.json()).toMatchObject({ status, code });
  });

  it('inside the program tell nobody what it was, and the log no data', async () => {
    const { read } = await administrator();
    api.stubs.set('getPatient', () => Promise.reject(new Error('cannot map DOE^JOHN')));
    const response = await api.app.inject({ url: '/api/patients/5', headers: read });
    expect(response.json()).toMatchObject({ code: 'internal_error', status: 500 });
    expect(response.body).not.toContain('DOE');
    expect(JSON.stringify(api.log)).not.toContain('DOE');
    expect(api.log.some(({ level }) => level === 'error')).toBe(true);
  });

  it('of a database that is away are 503 with the time to wait', async () => {
    const { read } = await administrator();
    const away = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    api.stubs.set('dashboard', () => Promise.reject(away));
    const response = await api.app.inject({ url: '/api/dashboard', headers: read });
    expect(response.json()).toMatchObject({ code: 'database_unavailable', status: 503 });
    expect(response.headers['retry-after']).toBe('5');
  });

  it('for a route that does not exist', async () => {
    for (const url of ['/api/nothing', '/nothing']) {
      expect((await api.app.inject({ url })).json()).toMatchObject({ code: 'route_unknown', status: 404 });
    }
  });
});

describe('what leaves the program', () => {
  it('holds no address with values in the log, only the route', async () => {
    const { read } = await administrator();
    await api.app.inject({ url: '/api/patients/123456789?canary=JOHN', headers: read });
    expect(JSON.stringify(api.log)).not.toContain('123456789');
    expect(JSON.stringify(api.log)).not.toContain('JOHN');
    expect(JSON.stringify(api.log)).toContain('/api/patients/:id');
  });

  it('is not stored by browsers, runs no foreign script and is in no frame', async () => {
    const { read } = await administrator();
    const { headers } = await api.app.inject({ url: '/api/session', headers: read });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('is not answered at all when it cannot be audited', async () => {
    const { read } = await administrator();
    api.stubs.set('getPatient', () => Promise.resolve({}));
    await api.database.query('update audit_chains set head_position = head_position + 5');
    const response = await api.app.inject({ url: '/api/patients/5', headers: read });
    expect(response.statusCode).toBeGreaterThanOrEqual(500);
  });
});

describe('settings over HTTP', () => {
  it('change only what a request names, although defaults stand in its schema', async () => {
    const { write } = await administrator();
    const made = await api.app.inject({
      method: 'POST',
      url: '/api/environments',
      headers: write,
      payload: { ...ENVIRONMENT, note: 'Keep me.', parameters: [{ name: 'VPN', value: 'a' }] },
    });
    const { id } = made.json<{ id: string }>();
    const changed = await api.app.inject({
      method: 'PATCH',
      url: `/api/environments/${id}`,
      headers: write,
      payload: { version: 1, name: 'Laboratory' },
    });
    expect(changed.json()).toMatchObject({
      name: 'Laboratory',
      note: 'Keep me.',
      parameters: [{ name: 'VPN' }],
      version: 2,
    });
    expect(api.engine.settingsChanges).toBe(2);
    const entries = (await api.audited()).filter(({ action }) => action.startsWith('environment'));
    expect(entries).toMatchObject([
      { action: 'environment-created', outcome: 'ok', detail: { key: 'lab' } },
      { action: 'environment-changed', outcome: 'ok', detail: { changed: ['name'] } },
    ]);
    const stale = await api.app.inject({
      method: 'PATCH',
      url: `/api/environments/${id}`,
      headers: write,
      payload: { version: 1, name: 'Late' },
    });
    expect(stale.json()).toMatchObject({ code: 'version_conflict', status: 409 });
  });

  it('make a system with a listener, as the console does', async () => {
    const { write, read } = await administrator();
    const post = async (url: string, payload: object) =>
      (await api.app.inject({ method: 'POST', url, headers: write, payload })).json<{ id: string }>();
    await api.database.query(
      `insert into mappings (id, key, category, version, origin, body, checksum) values (1, 'test-pms-patient', 'patient', 1, 'default', '{}', 'x')`,
    );
    const environment = await post('/api/environments', ENVIRONMENT);
    const system = await post('/api/systems', {
      key: 'clinic',
      name: 'Clinic',
      environment_id: environment.id,
      product: 'test-pms',
      product_version: '2',
      methods: ['hl7'],
    });
    expect(system).toMatchObject({
      environment_key: 'lab',
      product_label: 'Test PMS',
      time_zone: 'America/New_York',
      mapping: { key: 'test-pms-patient', version: 1 },
      health: { state: 'idle' },
    });
    const listener = await post('/api/listeners', { key: 'adt', name: 'ADT', system_id: system.id, port: 7001 });
    expect(listener).toMatchObject({ system_name: 'Clinic', ack_when: 'commit', received_today: 0, statuses: [] });
    const listed = await api.app.inject({ url: `/api/listeners?system=${system.id}`, headers: read });
    expect(listed.json()).toMatchObject({ items: [{ id: listener.id }] });
    const text = (await api.app.inject({ url: '/api/config', headers: read })).json<{ text: string }>().text;
    const diff = await api.app.inject({ method: 'POST', url: '/api/config/diff', headers: write, payload: { text } });
    expect(diff.json<{ changes: { change: string }[] }>().changes.map(({ change }) => change)).toEqual([
      'same',
      'same',
      'same',
    ]);
    const less = 'format: practice-studio-configuration/1\n';
    const named = await api.app.inject({
      method: 'POST',
      url: '/api/config/diff',
      headers: write,
      payload: { text: less },
    });
    expect(named.json()).toMatchObject({
      changes: [],
      untouched: [
        { kind: 'environment', key: 'lab' },
        { kind: 'system', key: 'clinic' },
        { kind: 'listener', key: 'adt' },
      ],
    });
  });

  it('are audited under what was really done: a repair is not a replay', async () => {
    const { write } = await administrator();
    api.stubs.set('replayMessage', ({ body, context }) => {
      context.audit((body as { repaired_base64?: string }).repaired_base64 ? { action: 'message-repaired' } : {});
      return Promise.resolve({ transaction_id: '9' });
    });
    for (const more of [{}, { repaired_base64: 'TVNI' }]) {
      const payload = { reason: 'r', ...more };
      const url = '/api/messages/7/replay';
      expect((await api.app.inject({ method: 'POST', url, headers: write, payload })).statusCode).toBe(200);
    }
    expect((await api.audited()).slice(-2)).toMatchObject([
      { action: 'message-replayed', outcome: 'ok' },
      { action: 'message-repaired', outcome: 'ok' },
    ]);
  });
});

describe('users and tokens over HTTP', () => {
  it('invite with a link that is shown once, and end a token at once', async () => {
    const { write, read } = await administrator();
    const invited = await api.app.inject({
      method: 'POST',
      url: '/api/users',
      headers: write,
      payload: { login: 'eve@example.test', name: 'Eve', role: 'operator' },
    });
    expect(invited.json()).toMatchObject({
      user: { state: 'invited' },
      link: expect.stringContaining('http') as string,
    });
    const made = await api.app.inject({
      method: 'POST',
      url: '/api/tokens',
      headers: write,
      payload: { name: 'metrics', role: 'operator', scopes: ['monitoring.read'] },
    });
    const { secret, token } = made.json<{ secret: string; token: { id: string } }>();
    const use = () => api.app.inject({ url: '/api/systems', headers: { authorization: `Bearer ${secret}` } });
    expect((await use()).json()).toMatchObject({ code: 'permission_denied' });
    await api.app.inject({ method: 'DELETE', url: `/api/tokens/${token.id}`, headers: write });
    expect((await use()).json()).toMatchObject({ code: 'token_invalid', status: 401 });
    const listed = await api.app.inject({ url: '/api/tokens', headers: read });
    expect(listed.body).not.toContain(secret);
    expect(JSON.stringify(await api.audited())).not.toContain(secret);
  });
});

describe('health and metrics', () => {
  it('tell that the process lives and is ready, and why it is not', async () => {
    expect((await api.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
    expect((await api.app.inject({ url: '/readyz' })).json()).toMatchObject({ status: 'ready', reasons: [] });
    api.engine.figures = { ...api.engine.figures, accepting: false };
    const unready = await api.app.inject({ url: '/readyz' });
    expect(unready.statusCode).toBe(503);
    expect(unready.json()).toMatchObject({ reasons: ['The listeners hold back new messages.'] });
  });

  it('name a listener that has failed as people call it', async () => {
    await api.database.query(
      `insert into mappings (id, key, category, version, origin, body, checksum) values (1, 'test-pms-patient', 'patient', 1, 'default', '{}', 'x')`,
    );
    const status = {
      listenerId: 5n,
      status: 'failed',
      reason: '',
      since: new Date(0),
      connections: 0,
      refusals: [],
    } as const;
    api.engine.listenerStatuses = () => [status];
    expect((await api.app.inject({ url: '/readyz' })).json()).toMatchObject({ warnings: ['A listener has failed.'] });
    const { write } = await administrator();
    const post = async (url: string, payload: object) =>
      (await api.app.inject({ method: 'POST', url, headers: write, payload })).json<{ id: string }>();
    const environment = await post('/api/environments', ENVIRONMENT);
    const system = await post('/api/systems', {
      key: 'clinic',
      name: 'Clinic',
      environment_id: environment.id,
      product: 'test-pms',
      product_version: '2',
      methods: ['hl7'],
    });
    const made = await post('/api/listeners', { key: 'adt', name: 'Admissions', system_id: system.id, port: 7001 });
    api.engine.listenerStatuses = () => [{ ...status, listenerId: BigInt(made.id) }];
    expect((await api.app.inject({ url: '/readyz' })).json()).toMatchObject({
      warnings: ['The listener “Admissions” (adt) has failed.'],
    });
  });

  it('say when the tables are not those of this program', async () => {
    await api.database.query(
      `insert into schema_migration (number, name, checksum) values (9000, '9000-new.sql', 'x')`,
    );
    const unready = await api.app.inject({ url: '/readyz' });
    await api.database.query('delete from schema_migration where number = 9000');
    expect(unready.statusCode).toBe(503);
    expect(unready.json()).toMatchObject({
      status: 'not-ready',
      reasons: [expect.stringMatching(/newer version of this program \(9000-new\.sql\)/)],
    });
  });

  it('are for those who may read them', async () => {
    expect((await api.app.inject({ url: '/metrics' })).statusCode).toBe(401);
    const front = { authorization: `Bearer ${await api.tokenOf('front_desk')}` };
    expect((await api.app.inject({ url: '/metrics', headers: front })).statusCode).toBe(403);
    const operator = { authorization: `Bearer ${await api.tokenOf('operator')}` };
    const { body, statusCode } = await api.app.inject({ url: '/metrics', headers: operator });
    expect(statusCode).toBe(200);
    expect(body).toContain('practice_studio_messages_received_total 7');
    expect(body).toContain('practice_studio_messages_waiting 3');
    expect(body).toContain('practice_studio_ack_latency_seconds{quantile="0.99"} 0.004');
    expect(body).not.toContain('practice_studio_process_latency_seconds{');
    expect(body).toContain('practice_studio_listener_state{listener="listener-5",state="listening"} 1');
    expect(body).toMatch(/practice_studio_http_request_seconds_count\{method="GET",route="\/metrics",status="4xx"\} 2/);
  });
});

describe('the console', () => {
  it('is served with its places, and its hashed files are kept by browsers', async () => {
    for (const url of ['/', '/settings/integrations/systems']) {
      const page = await api.app.inject({ url, headers: { accept: 'text/html' } });
      expect(page.body).toContain('<title>Console</title>');
      expect(page.headers['cache-control']).toBe('no-cache');
    }
    const asset = await api.app.inject({ url: '/assets/app-0a1b2c3d.js' });
    expect(asset.headers['cache-control']).toContain('immutable');
    const gone = await api.app.inject({ url: '/assets/app-ffffffff.js', headers: { accept: 'text/html' } });
    expect(gone.statusCode).toBe(404);
    expect((await api.app.inject({ url: '/../package.json' })).statusCode).toBe(404);
  });
});
