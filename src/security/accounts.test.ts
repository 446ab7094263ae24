import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../domain/permissions.ts';
import { createApiToken, listApiTokens, revokeApiToken, authenticateApiToken } from './api-tokens.ts';
import { changePassword, createLoginLimits, login, type LoginDeps } from './login.ts';
import { createPasswordHasher } from './password-hasher.ts';
import { demand, SYSTEM_PRINCIPAL, type Principal } from './principal.ts';
import { permissionsOf } from './roles.ts';
import { authenticateSession, checkCsrf, endSession, endSessionsOf, pruneSessions, SESSION_TIMES } from './sessions.ts';
import { createFirstLink, createInvitation, createReset, redeemLink } from './setup-links.ts';
import { startSecurityTest, type SecurityTest } from './test-support.ts';
import { createUser, getUser, isSetupNeeded, listUsers, updateUser, type User } from './users.ts';

const PASSWORD = 'correct horse battery';
const OTHER = 'wolken ziehen norden';
const origin = { address: '192.0.2.7', userAgent: 'a browser' };
// Cheap parameters: how strong the real ones are is told by the password tests.
const hasher = createPasswordHasher({ parameters: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 1000 });

let test: SecurityTest;
let deps: LoginDeps;

beforeAll(async () => {
  test = await startSecurityTest();
});
beforeEach(async () => {
  await test.reset();
  const { db, clock } = test;
  deps = { db, ids: clock.ids, now: clock.now, hasher, limits: createLoginLimits(clock.now) };
});
afterAll(() => test.close());

const minutes = (count: number): void => {
  test.clock.nowMs += count * 60_000;
};
const signIn = (name: string, password = PASSWORD, address = origin.address) =>
  login(deps, { ...origin, address, login: name, password });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => String((error as { code?: unknown }).code),
  );

async function addUser(name: string, role: Role = 'front_desk'): Promise<User> {
  const user = await createUser(test.db, deps, { login: `${name}@example.org`, name, role }, null);
  const token = await createInvitation(test.db, deps, user.id);
  await redeemLink(deps, { token, password: PASSWORD }, async () => undefined);
  return user;
}

describe('the first administrator', () => {
  it('is made by the one-time link, and can sign in', async () => {
    expect(await isSetupNeeded(test.db)).toBe(true);
    const token = await createFirstLink(test.db, deps);
    const redeemed = await redeemLink(
      deps,
      { token: token ?? '', login: 'Chief@Example.org', name: 'The Chief', password: PASSWORD },
      async (_tx, user) => user,
    );
    expect(redeemed).toMatchObject({ name: 'The Chief', purpose: 'first-administrator' });
    expect(await isSetupNeeded(test.db)).toBe(false);
    const { session } = await signIn('chief@example.ORG');
    const principal = await authenticateSession(test.db, deps, session.token);
    expect(principal).toMatchObject({ role: 'administrator', login: 'Chief@Example.org', mustChange: false });
  });

  it('is made once, however many links and requests there are', async () => {
    const links = [await createFirstLink(test.db, deps), await createFirstLink(test.db, deps)];
    const results = await Promise.allSettled(
      [...links, ...links, ...links].map((token, i) =>
        redeemLink(deps, { token: token ?? '', login: `chief${i}`, name: 'Chief', password: PASSWORD }, async () => i),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await listUsers(test.db, deps)).toHaveLength(1);
    expect(await createFirstLink(test.db, deps)).toBeNull();
    for (const token of links) {
      const again = redeemLink(deps, { token: token ?? '', login: 'x99', name: 'X', password: OTHER }, async () => 0);
      expect(await codeOf(again)).toBe('link_invalid');
    }
  });

  it('is not made by a link that is wrong or a day old, nor with a weak password', async () => {
    const token = (await createFirstLink(test.db, deps)) ?? '';
    const redeem = (change: { token?: string; password?: string; login?: string; name?: string }) =>
      codeOf(redeemLink(deps, { token, login: 'chief', name: 'Chief', password: PASSWORD, ...change }, async () => 0));
    expect(await redeem({ token: `${token}x` })).toBe('link_invalid');
    expect(await redeem({ password: 'chief-chief-1' })).toBe('password_weak');
    expect(await redeem({ login: 'a b' })).toBe('login_invalid');
    expect(await redeem({ name: '\u0007' })).toBe('name_invalid');
    minutes(24 * 60);
    expect(await redeem({})).toBe('link_invalid');
    expect(await isSetupNeeded(test.db)).toBe(true);
  });

  it('leaves nothing behind when what belongs to the same transaction fails', async () => {
    const token = (await createFirstLink(test.db, deps)) ?? '';
    const input = { token, login: 'chief', name: 'Chief', password: PASSWORD };
    const failing = redeemLink(deps, input, () => Promise.reject(new Error('no audit')));
    await expect(failing).rejects.toThrow('no audit');
    expect(await isSetupNeeded(test.db)).toBe(true);
    await redeemLink(deps, input, async () => 0);
  });
});

describe('log-in', () => {
  it('answers the same for a wrong password, an unknown, an invited and a disabled user', async () => {
    await addUser('boss', 'administrator');
    await addUser('ann');
    const bob = await addUser('bob');
    await updateUser(test.db, deps, bob.id, { state: 'disabled' });
    await createUser(test.db, deps, { login: 'carl@example.org', name: 'carl', role: 'billing' }, null);
    for (const name of ['ann', 'bob', 'carl', 'nobody']) {
      const password = name === 'ann' ? OTHER : PASSWORD;
      const error = (await signIn(`${name}@example.org`, password).catch((reason: unknown) => reason)) as Error;
      expect([name, error.message]).toEqual([name, 'The log-in name or the password is wrong.']);
    }
  });

  it('locks after five failures, doubles the time, and counts anew after a success', async () => {
    await addUser('ann');
    let address = 0; // each another one, as addresses have a limit of their own
    const wrong = () => codeOf(signIn('ann@example.org', OTHER, `address ${address++}`));
    for (let i = 0; i < 5; i++) expect(await wrong()).toBe('login_failed');
    // Also the right password is not looked at.
    expect(await codeOf(signIn('ann@example.org'))).toBe('login_locked');
    expect((await listUsers(test.db, deps))[0]?.state).toBe('locked');
    minutes(1);
    expect(await wrong()).toBe('login_failed');
    minutes(1.9);
    expect(await wrong()).toBe('login_locked');
    minutes(0.2);
    await signIn('ann@example.org');
    for (let i = 0; i < 4; i++) expect(await wrong()).toBe('login_failed');
    await signIn('ann@example.org');
  });

  it('never locks for longer than half an hour, and tells how long', async () => {
    const user = await addUser('ann');
    await test.db.query('update users set failed_attempts = 900');
    expect(await codeOf(signIn('ann@example.org', OTHER))).toBe('login_failed');
    await expect(signIn('ann@example.org')).rejects.toMatchObject({ retryAfterSeconds: 1800, userId: user.id });
  });

  it('gives many attempts at once no more tries than one after the other', async () => {
    await addUser('ann');
    const codes = await Promise.all(
      Array.from({ length: 30 }, (_, i) => codeOf(signIn('ann@example.org', OTHER, `address ${i}`))),
    );
    expect(codes.filter((code) => code === 'login_failed')).toHaveLength(5);
    expect(codes.filter((code) => code === 'login_locked')).toHaveLength(25);
  });

  it('locks a name that does not exist as well, so that a lock tells nothing', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 6; i++) codes.push(await codeOf(signIn(i % 2 ? 'Ghost' : 'ghost', OTHER, `address ${i}`)));
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'login_failed'), 'login_locked']);
  });

  it('limits an address, but not for those who come with the right password', async () => {
    await addUser('ann');
    for (let i = 0; i < 40; i++) await signIn('ann@example.org');
    for (let i = 0; i < 20; i++) expect(await codeOf(signIn(`guess${i}`, OTHER))).toBe('login_failed');
    expect(await codeOf(signIn('ann@example.org'))).toBe('address_limited');
    await signIn('ann@example.org', PASSWORD, '192.0.2.8');
  });

  it('renews a hash of older parameters', async () => {
    await addUser('ann');
    const stronger = createPasswordHasher({ parameters: { memoryCost: 128, timeCost: 1, parallelism: 1 } });
    await login({ ...deps, hasher: stronger }, { ...origin, login: 'ann@example.org', password: PASSWORD });
    const { rows } = await test.db.query<{ password_hash: string }>('select password_hash from users');
    expect(rows[0]?.password_hash).toContain('m=128');
    await signIn('ann@example.org');
  });

  it('opens no session when its audit entry cannot be written', async () => {
    await addUser('ann');
    const attempt = { ...origin, login: 'ann@example.org', password: PASSWORD };
    await expect(login(deps, attempt, () => Promise.reject(new Error('no audit')))).rejects.toThrow('no audit');
    expect((await test.db.query('select 1 from sessions')).rows).toHaveLength(0);
  });
});

describe('sessions', () => {
  it('end after half an hour without a request, and after twelve hours whatever happens', async () => {
    await addUser('ann');
    const idle = (await signIn('ann@example.org')).session;
    minutes(29);
    await authenticateSession(test.db, deps, idle.token);
    minutes(29);
    await authenticateSession(test.db, deps, idle.token);
    // Looks that are nobody's use leave the end where it was.
    minutes(20);
    const looked = await authenticateSession(test.db, deps, idle.token, { touch: false });
    expect(looked.session.expiresAt.getTime() - test.clock.nowMs).toBe(10 * 60_000);
    minutes(10);
    expect(await codeOf(authenticateSession(test.db, deps, idle.token))).toBe('session_invalid');
    const busy = (await signIn('ann@example.org')).session;
    for (let i = 0; i < 35; i++) {
      minutes(20);
      await authenticateSession(test.db, deps, busy.token);
    }
    const last = await authenticateSession(test.db, deps, busy.token);
    expect(last.session.expiresAt.getTime() - test.clock.nowMs).toBe(20 * 60_000);
    minutes(20);
    expect(await codeOf(authenticateSession(test.db, deps, busy.token))).toBe('session_invalid');
    expect(await pruneSessions(test.db, deps)).toBe(1);
  });

  it('are not kept alive by a page that only looks', async () => {
    const ann = await addUser('ann');
    const { session } = await signIn(ann.login);
    minutes(20);
    const look = await authenticateSession(test.db, deps, session.token, { touch: false });
    expect(look.session.expiresAt).toEqual(session.expiresAt);
    minutes(10);
    expect(await codeOf(authenticateSession(test.db, deps, session.token))).toBe('session_invalid');
  });

  it('end with the log-out, one or all but one', async () => {
    const ann = await addUser('ann');
    const [one, two, three] = [await signIn(ann.login), await signIn(ann.login), await signIn(ann.login)];
    await endSession(test.db, one.session.id);
    expect(await codeOf(authenticateSession(test.db, deps, one.session.token))).toBe('session_invalid');
    expect(await endSessionsOf(test.db, ann.id, three.session.id)).toBe(1);
    expect(await codeOf(authenticateSession(test.db, deps, two.session.token))).toBe('session_invalid');
    await authenticateSession(test.db, deps, three.session.token);
  });

  it('end when the user is disabled, and show a changed role at once', async () => {
    await addUser('boss', 'administrator');
    const ann = await addUser('ann');
    const { session } = await signIn(ann.login);
    await updateUser(test.db, deps, ann.id, { role: 'operator' });
    const principal = await authenticateSession(test.db, deps, session.token);
    expect(principal.role).toBe('operator');
    expect(() => demand(principal, 'patients.read')).toThrow(expect.objectContaining({ code: 'permission_denied' }));
    await updateUser(test.db, deps, ann.id, { state: 'disabled' });
    expect(await codeOf(authenticateSession(test.db, deps, session.token))).toBe('session_invalid');
    await updateUser(test.db, deps, ann.id, { state: 'active' });
    expect(await codeOf(authenticateSession(test.db, deps, session.token))).toBe('session_invalid');
  });

  it('are not found by anything but the whole token, which the database does not hold', async () => {
    const ann = await addUser('ann');
    const { session } = await signIn(ann.login);
    for (const token of ['', 'x', session.token.slice(1), `${session.token}A`, session.token.toUpperCase()]) {
      expect(await codeOf(authenticateSession(test.db, deps, token))).toBe('session_invalid');
    }
    const { rows } = await test.db.query<{ all: string }>('select row_to_json(s)::text as all from sessions s');
    expect(rows[0]?.all).not.toContain(session.token);
    const hex = Buffer.from(session.token).toString('hex');
    expect(rows[0]?.all).not.toContain(hex);
  });

  it('are at most twenty of one user', async () => {
    const ann = await addUser('ann');
    const first = await signIn(ann.login);
    for (let i = 0; i < 20; i++) await signIn(ann.login, PASSWORD, `address ${i}`);
    expect(await codeOf(authenticateSession(test.db, deps, first.session.token))).toBe('session_invalid');
    expect((await test.db.query('select 1 from sessions')).rows).toHaveLength(20);
  });

  it('take only their own CSRF token', async () => {
    const ann = await addUser('ann');
    const [one, two] = [await signIn(ann.login), await signIn(ann.login)];
    const principal = await authenticateSession(test.db, deps, one.session.token);
    expect(() => checkCsrf(principal, one.session.csrfToken)).not.toThrow();
    for (const sent of [undefined, '', two.session.csrfToken, one.session.token]) {
      expect(() => checkCsrf(principal, sent)).toThrow(expect.objectContaining({ code: 'csrf_invalid' }));
    }
    expect(SESSION_TIMES.idleMs).toBe(30 * 60_000);
  });
});

describe('passwords', () => {
  it('are changed with the current one; every other session ends', async () => {
    const ann = await addUser('ann');
    const [here, there] = [(await signIn(ann.login)).session, (await signIn(ann.login)).session];
    const change = { userId: ann.id, sessionId: here.id, current: PASSWORD, password: OTHER };
    expect(await codeOf(changePassword(deps, { ...change, current: OTHER }))).toBe('login_failed');
    expect(await codeOf(changePassword(deps, { ...change, password: 'ann-ann-ann-1' }))).toBe('password_weak');
    await changePassword(deps, change);
    await authenticateSession(test.db, deps, here.token);
    expect(await codeOf(authenticateSession(test.db, deps, there.token))).toBe('session_invalid');
    expect(await codeOf(signIn(ann.login))).toBe('login_failed');
    await signIn(ann.login, OTHER);
  });

  it('cannot be guessed through a session that was left open', async () => {
    const ann = await addUser('ann');
    const { session } = await signIn(ann.login);
    const codes: string[] = [];
    for (let i = 0; i < 6; i++) {
      const change = { userId: ann.id, sessionId: session.id, current: `guess number ${i}`, password: OTHER };
      codes.push(await codeOf(changePassword(deps, change)));
    }
    expect(codes.at(-1)).toBe('login_locked');
  });

  it('are reset by a link that works once, lifts the lock and ends all sessions', async () => {
    const ann = await addUser('ann');
    const { session } = await signIn(ann.login);
    for (let i = 0; i < 5; i++) await codeOf(signIn(ann.login, OTHER, `address ${i}`));
    const stale = await createReset(test.db, deps, ann.id);
    const token = await createReset(test.db, deps, ann.id);
    await signIn(ann.login); // unlocked, and the old password works until the link is used
    expect(await codeOf(redeemLink(deps, { token: stale, password: OTHER }, async () => 0))).toBe('link_invalid');
    await redeemLink(deps, { token, password: OTHER }, async () => 0);
    expect(await codeOf(redeemLink(deps, { token, password: OTHER }, async () => 0))).toBe('link_invalid');
    expect(await codeOf(authenticateSession(test.db, deps, session.token))).toBe('session_invalid');
    await signIn(ann.login, OTHER);
  });

  it('cannot be set by a link of a user who was disabled meanwhile', async () => {
    await addUser('boss', 'administrator');
    const ann = await addUser('ann');
    const token = await createReset(test.db, deps, ann.id);
    await updateUser(test.db, deps, ann.id, { state: 'disabled' });
    expect(await codeOf(redeemLink(deps, { token, password: OTHER }, async () => 0))).toBe('link_invalid');
  });
});

describe('users', () => {
  it('have log-in names that differ by more than case', async () => {
    await addUser('ann');
    const twin = createUser(test.db, deps, { login: 'ANN@example.org', name: 'Ann', role: 'billing' }, null);
    expect(await codeOf(twin)).toBe('login_taken');
  });

  it('are invited until they set a password, also when somebody activates them by hand', async () => {
    const user = await createUser(test.db, deps, { login: 'dora', name: 'Dora', role: 'clinician' }, null);
    expect(user.state).toBe('invited');
    expect((await updateUser(test.db, deps, user.id, { state: 'active' })).state).toBe('invited');
    expect(await codeOf(getUser(test.db, deps, 1n))).toBe('user_unknown');
  });

  it('keep one active administrator, whatever is tried and at the same time', async () => {
    const boss = await addUser('boss', 'administrator');
    const ann = await addUser('ann');
    for (const change of [{ role: 'billing' as const }, { state: 'disabled' as const }]) {
      const work = test.db.transaction((tx) => updateUser(tx, deps, boss.id, change));
      expect(await codeOf(work)).toBe('last_administrator');
    }
    // One who was only invited could not come in and help.
    await createUser(test.db, deps, { login: 'second', name: 'Second', role: 'administrator' }, boss.id);
    expect(await codeOf(updateUser(test.db, deps, boss.id, { role: 'billing' }))).toBe('last_administrator');
    await updateUser(test.db, deps, ann.id, { role: 'administrator' });
    const both = await Promise.allSettled(
      [boss, ann].map((user) => test.db.transaction((tx) => updateUser(tx, deps, user.id, { role: 'billing' }))),
    );
    expect(both.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const users = await listUsers(test.db, deps);
    expect(users.filter((user) => user.role === 'administrator' && user.state === 'active')).toHaveLength(1);
  });
});

describe('API tokens', () => {
  const make = (input: Partial<Parameters<typeof createApiToken>[3]> = {}, maker: Principal = SYSTEM_PRINCIPAL) =>
    createApiToken(test.db, deps, maker, { name: 'scraper', role: 'operator', ...input });

  it('stand for their role, or for the scopes they were made with', async () => {
    const whole = await authenticateApiToken(test.db, deps, (await make()).secret);
    expect(whole.permissions).toEqual(permissionsOf('operator'));
    const made = await make({ scopes: ['monitoring.read', 'monitoring.read'] });
    expect(made.token.scopes).toEqual(['monitoring.read']);
    const narrow = await authenticateApiToken(test.db, deps, made.secret);
    expect(narrow).toMatchObject({ actor: { kind: 'token', id: made.token.id, name: 'scraper' }, role: 'operator' });
    expect([...narrow.permissions]).toEqual(['monitoring.read']);
    expect(() => demand(narrow, 'messages.read')).toThrow(expect.objectContaining({ code: 'permission_denied' }));
  });

  it('never get more than their role or their maker', async () => {
    expect(await codeOf(make({ scopes: ['patients.read'] }))).toBe('scope_invalid');
    expect(await codeOf(make({ scopes: ['everything'] }))).toBe('scope_invalid');
    const engineer: Principal = {
      actor: { kind: 'user', id: 5n, name: 'Eve' },
      role: 'integration_engineer',
      permissions: permissionsOf('integration_engineer'),
    };
    expect(await codeOf(make({ role: 'administrator' }, engineer))).toBe('scope_invalid');
    expect(await codeOf(make({ role: 'administrator', scopes: ['users.manage'] }, engineer))).toBe('scope_invalid');
    await make({ role: 'administrator', scopes: ['messages.raw'] }, engineer);
  });

  it('end: after a year by themselves, on their date, or when revoked', async () => {
    const day = 24 * 60;
    const at = (days: number) => new Date(test.clock.nowMs + days * day * 60_000);
    for (const expiresAt of [at(-1), at(0), at(800), new Date(Number.NaN)]) {
      expect(await codeOf(make({ expiresAt }))).toBe('expiry_invalid');
    }
    const soon = await make({ expiresAt: at(2) });
    const year = await make({ expiresAt: null });
    const revoked = await make();
    await revokeApiToken(test.db, deps, revoked.token.id);
    expect(await codeOf(revokeApiToken(test.db, deps, revoked.token.id))).toBe('token_unknown');
    expect(await codeOf(authenticateApiToken(test.db, deps, revoked.secret))).toBe('token_invalid');
    minutes(2 * day);
    expect(await codeOf(authenticateApiToken(test.db, deps, soon.secret))).toBe('token_invalid');
    await authenticateApiToken(test.db, deps, year.secret);
    minutes(363 * day);
    expect(await codeOf(authenticateApiToken(test.db, deps, year.secret))).toBe('token_invalid');
  });

  it('are listed without their secrets, with when they were last used', async () => {
    const { secret, token } = await make();
    expect(secret).toMatch(/^psi_[\w-]{43}$/);
    await authenticateApiToken(test.db, deps, secret);
    const list = await listApiTokens(test.db);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ id: token.id, prefix: secret.slice(0, 10), createdBy: 'Practice Studio' });
    expect(list[0]?.lastUsedAt).toEqual(new Date(test.clock.nowMs));
    const { rows } = await test.db.query<{ all: string }>('select row_to_json(t)::text as all from api_tokens t');
    expect(rows[0]?.all).not.toContain(secret);
    for (const wrong of ['', 'psi_', secret.slice(0, -1), `${secret}x`, secret.replace('psi_', 'psx_')]) {
      expect(await codeOf(authenticateApiToken(test.db, deps, wrong))).toBe('token_invalid');
    }
  });
});
