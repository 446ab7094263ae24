import type { Database, Queryable } from '../store/queryable.ts';
import { createAttemptLimiter, type AttemptLimiter } from './attempt-limiter.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkPassword } from './password-policy.ts';
import { SecurityError } from './security-error.ts';
import { createSession, endSessionsOf, type NewSession, type SessionDeps, type SessionOrigin } from './sessions.ts';

/** From this many failed attempts in a row on, an account is locked for a while. */
const FREE_ATTEMPTS = 5;
/** The first lock-out; each further failed attempt doubles it. */
const FIRST_LOCK_SECONDS = 60;
const LONGEST_LOCK_SECONDS = 30 * 60;

export interface LoginDeps extends SessionDeps {
  readonly db: Database;
  readonly hasher: PasswordHasher;
  readonly limits: LoginLimits;
}

/** What a node remembers of failed attempts that belong to no account. */
export interface LoginLimits {
  readonly byAddress: AttemptLimiter;
  readonly byUnknownLogin: AttemptLimiter;
}

/** Make it once per process. */
export function createLoginLimits(now: () => number): LoginLimits {
  return {
    byAddress: createAttemptLimiter({ burst: 20, perMinute: 10, keys: 20_000 }, now),
    // As many and as slow as a real account allows, so that a lock-out does not tell that an account exists.
    byUnknownLogin: createAttemptLimiter({ burst: FREE_ATTEMPTS, perMinute: 1, keys: 20_000 }, now),
  };
}

export interface LoggedIn {
  readonly userId: bigint;
  readonly name: string;
  readonly session: NewSession;
}

interface Account {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly password_hash: string | null;
  readonly locked_until: Date | null;
}

/**
 * Checks a log-in and opens a session. `within` runs in the transaction that stores the session (for the audit entry).
 *
 * An unknown log-in name answers like a wrong password, after as long. The attempt is counted before the password is
 * looked at, so that many at once get no more tries than one after the other.
 *
 * Throws `address_limited`, `login_locked`, `login_failed`, `login_busy`; `userId` of the error names the account for
 * the audit log, where there is one.
 */
export async function login(
  deps: LoginDeps,
  attempt: SessionOrigin & { readonly login: string; readonly password: string },
  within?: (tx: Queryable, user: { readonly id: bigint; readonly name: string }) => Promise<void>,
): Promise<LoggedIn> {
  const { db, hasher, limits } = deps;
  const wait = limits.byAddress.take(attempt.address);
  if (wait > 0) throw new SecurityError('address_limited', { retryAfterSeconds: wait });
  const name = attempt.login.trim().normalize('NFKC');
  const { rows } = await db.query<Account>(
    'select id, name, state, password_hash, locked_until from users where lower(login) = lower($1)',
    [name],
  );
  const account = rows[0];
  if (account === undefined) return refuseUnknown(deps, name, attempt.password);

  const userId = BigInt(account.id);
  await countAttempt(deps, userId);
  // Whoever has no password yet or may not come in any more is told no more than anybody else.
  const usable = account.state === 'active' ? account.password_hash : null;
  if (!(await hasher.verify(usable, attempt.password)) || usable === null) {
    throw new SecurityError('login_failed', { userId });
  }
  const renewed = hasher.isOutdated(usable) ? await hasher.hash(attempt.password) : null;
  const session = await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update users set failed_attempts = 0, locked_until = null, last_login_at = $2,
         password_hash = coalesce($4, password_hash)
       where id = $1 and state = 'active' and password_hash = $3`,
      [userId, new Date(deps.now()), usable, renewed],
    );
    // Disabled, or given another password, while the old one was being checked.
    if (rowCount !== 1) throw new SecurityError('login_failed', { userId });
    const opened = await createSession(tx, deps, userId, attempt);
    await within?.(tx, { id: userId, name: account.name });
    return opened;
  });
  limits.byAddress.giveBack(attempt.address);
  return { userId, name: account.name, session };
}

async function refuseUnknown(deps: LoginDeps, name: string, password: string): Promise<never> {
  const wait = deps.limits.byUnknownLogin.take(name.toLowerCase());
  if (wait > 0) throw new SecurityError('login_locked', { retryAfterSeconds: wait });
  await deps.hasher.verify(null, password);
  throw new SecurityError('login_failed');
}

/** Counts an attempt and locks the account when it was one too many; throws `login_locked` when it is locked already. */
async function countAttempt(deps: Pick<LoginDeps, 'db' | 'now'>, userId: bigint): Promise<void> {
  const now = new Date(deps.now());
  const { rowCount } = await deps.db.query(
    `update users set failed_attempts = least(failed_attempts + 1, 1000),
       locked_until = case when failed_attempts + 1 < $3 then null
         else $2::timestamptz + least($4 * 2 ^ least(failed_attempts + 1 - $3, 20), $5) * interval '1 second' end
     where id = $1 and (locked_until is null or locked_until <= $2)`,
    [userId, now, FREE_ATTEMPTS, FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS],
  );
  if (rowCount === 1) return;
  const { rows } = await deps.db.query<{ locked_until: Date | null }>('select locked_until from users where id = $1', [
    userId,
  ]);
  const until = rows[0]?.locked_until?.getTime() ?? deps.now();
  const retryAfterSeconds = Math.max(1, Math.ceil((until - deps.now()) / 1000));
  throw new SecurityError('login_locked', { userId, retryAfterSeconds });
}

/**
 * Changes a user's own password; all other sessions of the user end. A wrong current password counts as a failed
 * attempt, so that a session left open is no way to guess it. Throws `login_locked`, `login_failed`, `password_weak`,
 * `session_invalid`, `login_busy`.
 */
export async function changePassword(
  deps: Pick<LoginDeps, 'db' | 'hasher' | 'now'>,
  change: {
    readonly userId: bigint;
    readonly sessionId: bigint;
    readonly current: string;
    readonly password: string;
  },
  within?: (tx: Queryable) => Promise<void>,
): Promise<void> {
  const { userId } = change;
  const { rows } = await deps.db.query<{ login: string; name: string; password_hash: string | null }>(
    `select login, name, password_hash from users where id = $1 and state = 'active'`,
    [userId],
  );
  const user = rows[0];
  if (user === undefined) throw new SecurityError('session_invalid');
  await countAttempt(deps, userId);
  if (!(await deps.hasher.verify(user.password_hash, change.current)))
    throw new SecurityError('login_failed', { userId });
  await deps.db.query('update users set failed_attempts = 0, locked_until = null where id = $1', [userId]);
  checkPassword(change.password, user);
  const hash = await deps.hasher.hash(change.password);
  await deps.db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update users set password_hash = $2, password_changed_at = $3, must_change = false, updated_at = $3
       where id = $1 and password_hash = $4`,
      [userId, hash, new Date(deps.now()), user.password_hash],
    );
    if (rowCount !== 1) throw new SecurityError('login_failed', { userId });
    await endSessionsOf(tx, userId, change.sessionId);
    await tx.query('delete from setup_links where user_id = $1 and used_at is null', [userId]);
    await within?.(tx);
  });
}
