import { describe, expect, it } from 'vitest';
import { redact, redactText } from './redact.ts';

const text = (value: unknown): string => JSON.stringify(redact(value));

describe('redaction', () => {
  it.each([
    'password',
    'Password',
    'new_password',
    'client_secret',
    'clientSecret',
    'authorization',
    'Set-Cookie',
    'x-api-key',
    'access_token',
    'refreshToken',
    'csrf-token',
    'privateKey',
    'passphrase',
    'DATABASE_URL',
    'credentials_secret',
    'code_verifier',
  ])('takes out the field %s, wherever it is', (name) => {
    expect(text({ a: [{ b: { [name]: 'canary-4711' } }] })).not.toContain('canary');
    expect(text(new Map([[name, 'canary-4711']]))).not.toContain('canary');
  });

  it.each([
    ['a bearer token', 'refused: Authorization: Bearer abc.def-canary_42'],
    ['basic credentials', 'sent Basic Y2FuYXJ5OmNhbmFyeQ== to the server'],
    ['a web token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl'],
    ['an API token of ours', `used psi_${'c'.repeat(43)}`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nY2FuYXJ5\n-----END RSA PRIVATE KEY-----'],
    ['a cut private key', '-----BEGIN PRIVATE KEY-----\nY2FuYXJ5'],
    ['a password in a URL', 'postgres://user:canary@db.example/x'],
    ['a secret in a query', 'https://idp.example/cb?code=canary42&state=1 client_secret=canary'],
    ['a secret in JSON', '{"client_secret":"canary","password": "canary"}'],
    ['an HL7 message', 'cannot parse MSH|^~\\&|A|B\rPID|1||42||Canary^Cora'],
    ['a social security number', 'SSN 123-45-6789'],
  ])('takes %s out of a text', (_, value) => {
    const out = redactText(value);
    expect(out).not.toMatch(/canary|Y2FuYXJ5|eyJzdWIi|c2lnbmF0|cccc|6789/i);
    expect(out).toMatch(/\[redacted\]|\[message content\]/);
  });

  it('keeps what a person needs to find a fault', () => {
    const value = {
      code: 'login_failed',
      status: 401,
      messageId: 12345678901234567890n,
      at: new Date('2026-01-02T03:04:05Z'),
      sentence: 'The listener on 0.0.0.0:6661 accepted 12 messages; error code: 23505, see MSH-10.',
      ok: true,
      nothing: null,
    };
    expect(redact(value)).toEqual({ ...value, messageId: '12345678901234567890', at: '2026-01-02T03:04:05.000Z' });
    expect(redact({ code: 'ECONNREFUSED' })).toEqual({ code: 'ECONNREFUSED' });
    expect(redact({ code: 'SplxlOBeZQQYbYS6WxSbIA' })).toEqual({ code: '[redacted]' });
  });

  it('tells contents by their size or not at all', () => {
    expect(redact({ raw: 'PID|1', content: { a: 1 }, blob: Buffer.from('canary') })).toEqual({
      raw: '[content]',
      content: '[content]',
      blob: '[6 bytes]',
    });
  });

  it('shows an error with its cause, without what the database quotes of a row', () => {
    const cause = Object.assign(new Error('duplicate key value'), { code: '23505', detail: 'Key (name)=(Canary)' });
    const out = text(new Error('could not store: password=canary', { cause }));
    expect(out).toContain('duplicate key value');
    expect(out).toContain('23505');
    expect(out).not.toMatch(/canary/i);
  });

  it('ends on circles, depth, long lists, long texts and throwing getters', () => {
    const circle: Record<string, unknown> = {
      list: Array.from({ length: 10_000 }, (_, i) => i),
      long: 'x'.repeat(1e6),
    };
    circle['self'] = circle;
    const get = (): never => {
      throw new Error('no');
    };
    Object.defineProperty(circle, 'broken', { enumerable: true, get });
    let deep: unknown = 'bottom';
    for (let i = 0; i < 10_000; i++) deep = { deep };
    circle['deep'] = deep;
    const out = text(circle);
    expect(out.length).toBeLessThan(20_000);
    expect(out).toContain('[circular]');
    expect(out).toContain('[unreadable]');
  });
});
