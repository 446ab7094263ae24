import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiHarness, PASSWORD, type ApiHarness } from './testing.ts';

let api: ApiHarness;
let base: string;
beforeAll(async () => {
  api = await createApiHarness();
  base = await api.app.listen({ host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(() => api.close());

async function administrator() {
  const token = await api.firstLink();
  return open('/api/setup', { token, login: 'ada@example.test', name: 'Ada', password: PASSWORD });
}
const signIn = () => open('/api/session', { login: 'ada@example.test', password: PASSWORD });

async function open(path: string, body: object) {
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { csrf_token: csrf } = (await response.json()) as { csrf_token: string };
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, csrf };
}

/** A stream as a page has it: events one by one, null at its end. */
async function listen(headers: Record<string, string>) {
  const response = await fetch(`${base}/api/events`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    async next(): Promise<string | null> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          if (block.startsWith('event:')) return block;
          continue;
        }
        const read = await reader?.read();
        if (read === undefined || read.done) return null;
        text += read.value;
      }
    },
    close: () => reader?.cancel(),
  };
}

describe('live events', () => {
  it('are for those who are signed in', async () => {
    const { response } = await listen({});
    expect(response.status).toBe(401);
    expect(await response.json().catch(() => null)).toBeNull();
  });

  it('begin with the figures of now, go on with each tick, and tell of changed settings', async () => {
    const { cookie, csrf } = await administrator();
    const stream = await listen({ cookie });
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await stream.next()).toContain('"received":7');
    api.engine.figures = { ...api.engine.figures, received: 8 };
    api.engine.tick();
    const tick = await stream.next();
    expect(tick).toMatch(/^event: tick\ndata: \{/);
    expect(tick).toContain('"received":8');
    await fetch(`${base}/api/environments`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'lab', name: 'Lab', kind: 'test' }),
    });
    expect(await stream.next()).toMatch(/^event: config\n/);
    await stream.close();
  });

  it('end for the session that signs out, and for no other', async () => {
    const [leaving, staying] = [await signIn(), await signIn()];
    const [one, other] = [await listen({ cookie: leaving.cookie }), await listen({ cookie: staying.cookie })];
    await one.next();
    await other.next();
    const headers = { cookie: leaving.cookie, 'x-csrf-token': leaving.csrf };
    await fetch(`${base}/api/session`, { method: 'DELETE', headers });
    expect(await one.next()).toBeNull();
    api.engine.tick();
    expect(await other.next()).toContain('event: tick');
    await other.close();
  });

  it('are limited for one user, and a place is free again when a page is closed', async () => {
    const { cookie } = await signIn();
    await expect.poll(() => api.events.streams).toBe(0);
    const streams = [];
    for (let i = 0; i < 20; i++) streams.push(await listen({ cookie }));
    const refused = await listen({ cookie });
    expect(refused.response.status).toBe(503);
    expect(refused.response.headers.get('retry-after')).toBe('30');
    await streams[0]?.close();
    await expect.poll(() => api.events.streams).toBe(19);
    const again = await listen({ cookie });
    expect(again.response.status).toBe(200);
    for (const stream of [again, ...streams.slice(1)]) await stream.close();
  });

  it('and what a page asks by itself do not keep a session alive; what its user does, does', async () => {
    const { cookie } = await signIn();
    const lastUse = async (): Promise<number> => {
      const { rows } = await api.database.query<{ at: Date }>('select max(last_seen_at) as at from sessions');
      return rows[0]?.at.getTime() ?? 0;
    };
    await api.database.query(`update sessions set last_seen_at = last_seen_at - interval '29 minutes'`);
    const before = await lastUse();

    const stream = await listen({ cookie });
    await stream.next();
    const polled = await fetch(`${base}/api/listeners`, { headers: { cookie, 'x-background': '1' } });
    expect(polled.status).toBe(200);
    expect(await lastUse()).toBe(before);
    await api.database.query(`update sessions set last_seen_at = last_seen_at - interval '2 minutes'`);
    const late = await fetch(`${base}/api/listeners`, { headers: { cookie, 'x-background': '1' } });
    expect(late.status).toBe(401);
    await stream.close();

    const { cookie: used } = await signIn();
    await api.database.query(`update sessions set last_seen_at = last_seen_at - interval '29 minutes'`);
    const session = await fetch(`${base}/api/session`, { headers: { cookie: used } });
    const { expires_at: expires } = (await session.json()) as { expires_at: string };
    expect(Date.parse(expires) - Date.now()).toBeGreaterThan(29 * 60_000);
    expect(Date.now() - (await lastUse())).toBeLessThan(60_000);
  });

  it('do not keep the server from stopping', async () => {
    const { cookie } = await signIn();
    const stream = await listen({ cookie });
    await stream.next();
    await api.app.close();
    expect(await stream.next()).toBeNull();
  });
});
