import { describe, expect, it } from 'vitest';
import { ApiError, fieldErrors } from './api-error.ts';
import { addressOf, createClient, type RouteTable } from './client.ts';

const table = {
  getSystem: ['GET', '/api/systems/:id'],
  listSystems: ['GET', '/api/systems'],
  signOut: ['DELETE', '/api/session'],
  signIn: ['POST', '/api/session'],
} as unknown as RouteTable;

function client(answer: () => Promise<Response>, isQuiet = false) {
  const sent: { url: string; init: RequestInit }[] = [];
  let signedOut = 0;
  const call = createClient({
    table,
    fetch: (url, init) => {
      sent.push({ url: url as string, init: init ?? {} });
      return answer();
    },
    csrfToken: () => 'token-1',
    isQuiet: () => isQuiet,
    onSignedOut: () => (signedOut += 1),
  });
  return { call, sent, signedOut: () => signedOut };
}
const json = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status }));
const problem = { type: 'about:blank', title: 'Not found', status: 404, code: 'not_found', request_id: 'r1' };

describe('a call of the API', () => {
  it('fills the path, leaves out what is not asked for, and encodes', () => {
    expect(addressOf('/api/systems/:id', { params: { id: 'a/b' } })).toBe('/api/systems/a%2Fb');
    expect(addressOf('/api/x', { query: { a: undefined, b: 'c d', n: 5 } })).toBe('/api/x?b=c+d&n=5');
  });
  it('sends the token of the session with what changes something, and only with that', async () => {
    const { call, sent } = client(() => json(200, { ok: true }));
    await call('listSystems', {});
    await call('signOut', {});
    expect(sent[0]?.init.headers).not.toHaveProperty('x-csrf-token');
    expect(sent[1]?.init.headers).toMatchObject({ 'x-csrf-token': 'token-1' });
  });
  it('says so when nobody sits before the page', async () => {
    for (const quiet of [true, false]) {
      const { call, sent } = client(() => json(200, {}), quiet);
      await call('listSystems', {});
      expect('x-background' in (sent[0]?.init.headers ?? {})).toBe(quiet);
    }
  });
  it('tells a refusal with its code, hint and request', async () => {
    const { call } = client(() => json(404, problem));
    const error = await call('getSystem', { params: { id: '1' } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toEqual(problem);
  });
  it('tells when nobody is signed in any more, but not on a wrong password', async () => {
    const { call, signedOut } = client(() => json(401, { ...problem, status: 401 }));
    await expect(call('listSystems', {})).rejects.toThrow(ApiError);
    expect(signedOut()).toBe(1);
    await expect(call('signIn', { body: { login: 'a', password: 'b' } })).rejects.toThrow(ApiError);
    expect(signedOut()).toBe(1);
  });
  it('tells an unreachable program from an answer that is none of this API', async () => {
    const away = client(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(away.call('listSystems', {})).rejects.toMatchObject({ code: 'console-unreachable', status: 0 });
    const proxy = client(() => Promise.resolve(new Response('<html>', { status: 502 })));
    await expect(proxy.call('listSystems', {})).rejects.toMatchObject({
      code: 'console-unreadable-answer',
      status: 502,
    });
    const odd = client(() => Promise.resolve(new Response('<html>', { status: 200 })));
    await expect(odd.call('listSystems', {})).rejects.toMatchObject({ code: 'console-unreadable-answer' });
  });
});

describe('the messages of a refused form', () => {
  it('stand at their fields', () => {
    const error = new ApiError({
      ...problem,
      places: [
        { place: 'body.settings.retry.max_attempts', reason: 'At most 1000.' },
        { place: 'name', reason: 'Taken.' },
      ],
    });
    expect(fieldErrors(error)).toEqual({ 'settings.retry.max_attempts': 'At most 1000.', name: 'Taken.' });
    expect(fieldErrors(new Error('x'))).toEqual({});
  });
});
