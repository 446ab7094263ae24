import { describe, expect, it } from 'vitest';
import { createAttemptLimiter } from './attempt-limiter.ts';
import { createPasswordHasher } from './password-hasher.ts';
import { checkPassword } from './password-policy.ts';

const person = { login: 'ann.miller@example.org', name: 'Ann Miller' };

describe('password policy', () => {
  it.each([
    'correct horse battery staple',
    'sunshine over the hills',
    'tR7#kq!2vZpw',
    'wolken ziehen nach norden',
    '雨が降ったら家で本を読みます',
    'my dog ate 3 blue chairs',
    'x9q4m7t2w8k5',
  ])('takes "%s"', (password) => {
    expect(() => checkPassword(password, person)).not.toThrow();
  });

  it.each([
    'short',
    'elevenchar1',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    'xyz123xyz123xyz123',
    '123456789012',
    '987654321098',
    'abcdefghijklmnop',
    'qwertyuiop12',
    'password1234',
    'P@ssw0rd1234!',
    'Passwort2026!',
    'Welcome-2026!',
    'administrator1',
    'PracticeStudio2026',
    'practice-studio-1',
    'nextgen123456',
    'ann.miller@example.org',
    'AnnMiller2026!',
    'miller-miller-1',
    'summer-winter-2026',
    'y'.repeat(300),
  ])('refuses "%s"', (password) => {
    expect(() => checkPassword(password, person)).toThrow(expect.objectContaining({ code: 'password_weak' }));
  });

  it('never quotes the password', () => {
    expect(() => checkPassword('Welcome-2026!', person)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Welcome-2026') }),
    );
  });
});

describe('password hashes', () => {
  const fast = { memoryCost: 64, timeCost: 1, parallelism: 1 };

  it('are Argon2id with the parameters of OWASP', async () => {
    const hasher = createPasswordHasher();
    const hash = await hasher.hash('tR7#kq!2vZpw');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(hash, 'tR7#kq!2vZpw')).toBe(true);
    expect(await hasher.verify(hash, 'tR7#kq!2vZpx')).toBe(false);
    expect(await hasher.verify(null, 'tR7#kq!2vZpw')).toBe(false);
  });

  it('take one password typed in two ways of composing its letters', async () => {
    const hasher = createPasswordHasher({ parameters: fast });
    const hash = await hasher.hash('caf\u00e9 am gr\u00fcnen see');
    expect(await hasher.verify(hash, 'cafe\u0301 am gru\u0308nen see')).toBe(true);
  });

  it('tell that they were made with older parameters', async () => {
    const old = await createPasswordHasher({ parameters: fast }).hash('tR7#kq!2vZpw');
    const hasher = createPasswordHasher();
    expect(hasher.isOutdated(old)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('tR7#kq!2vZpw'))).toBe(false);
  });

  it('are made a few at a time, and a crowd beyond the line is turned away', async () => {
    const hasher = createPasswordHasher({ parameters: fast, concurrency: 2, queue: 5 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => hasher.hash('x')));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(7);
    expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'login_busy' } });
    await expect(hasher.hash('again')).resolves.toContain('argon2id');
    expect(await Promise.all([1, 2, 3].map(() => hasher.verify(null, 'x')))).toEqual([false, false, false]);
  });
});

describe('attempt limiter', () => {
  it('lets a burst through, then as many as come back', () => {
    let now = 0;
    const limiter = createAttemptLimiter({ burst: 3, perMinute: 6, keys: 10 }, () => now);
    expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 10]);
    expect(limiter.take('b')).toBe(0);
    now += 4_000;
    expect(limiter.take('a')).toBe(6);
    now += 6_000;
    expect(limiter.take('a')).toBe(0);
    limiter.giveBack('a');
    expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 10]);
  });

  it('forgets those that were quiet for longest, not the busy ones', () => {
    const limiter = createAttemptLimiter({ burst: 1, perMinute: 1, keys: 100 }, () => 0);
    limiter.take('busy');
    const waits: number[] = [];
    for (let i = 0; i < 10_000; i++) {
      limiter.take(`other ${i}`);
      if (i % 50 === 0) waits.push(limiter.take('busy'));
    }
    expect(waits).toEqual(waits.map(() => 60));
  });
});
