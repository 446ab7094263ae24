import type { Database, Queryable } from '../store/queryable.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkPassword } from './password-policy.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { SecurityError } from './security-error.ts';
import { endSessionsOf } from './sessions.ts';
import { checkLogin, checkName, isSetupNeeded, unlockUser, type UserDeps } from './users.ts';

/** What a one-time link is for, and how long it lasts, in ms. */
const LIFETIME_MS = {
  'first-administrator': 24 * 3_600_000,
  invitation: 7 * 24 * 3_600_000,
  'password-reset': 24 * 3_600_000,
} as const;
export type LinkPurpose = keyof typeof LIFETIME_MS;

/** Held by whoever makes the first user. */
const FIRST_USER_LOCK = 7_237_004;

/**
 * Makes the link for the first administrator: the secret is in the answer alone, the database keeps its hash. Null when
 * there is a user already. Each start may make one; all of them end with the first user.
 */
export async function createFirstLink(db: Queryable, deps: UserDeps): Promise<string | null> {
  if (!(await isSetupNeeded(db))) return null;
  await db.query('delete from setup_links where expires_at <= $1', [new Date(deps.now())]);
  return insertLink(db, deps, 'first-administrator', null);
}

/** Makes the link by which an invited user sets the first password. Earlier links of the user end. */
export async function createInvitation(tx: Queryable, deps: UserDeps, userId: bigint): Promise<string> {
  await tx.query('delete from setup_links where user_id = $1 and used_at is null', [userId]);
  return insertLink(tx, deps, 'invitation', userId);
}

/**
 * Makes the link by which a user sets a new password, and lifts a lock-out. The old password goes on working until the
 * link is used. Earlier links of the user end. Throws `user_unknown`.
 */
export async function createReset(tx: Queryable, deps: UserDeps, userId: bigint): Promise<string> {
  await unlockUser(tx, deps, userId);
  await tx.query('delete from setup_links where user_id = $1 and used_at is null', [userId]);
  return insertLink(tx, deps, 'password-reset', userId);
}

export interface RedeemedLink {
  readonly userId: bigint;
  readonly login: string;
  readonly name: string;
  readonly purpose: LinkPurpose;
}

/**
 * Uses a link: makes the first administrator (log-in name and name needed), or sets the password of the user it was made
 * for and ends all sessions of theirs. Works once. `within` runs in the same transaction (audit entry, session).
 *
 * Throws `link_invalid`, `login_invalid`, `name_invalid`, `password_weak`, `login_busy`.
 */
export async function redeemLink<T>(
  deps: UserDeps & { readonly db: Database; readonly hasher: PasswordHasher },
  input: {
    readonly token: string;
    readonly login?: string | undefined;
    readonly name?: string | undefined;
    readonly password: string;
  },
  within: (tx: Queryable, redeemed: RedeemedLink) => Promise<T>,
): Promise<T> {
  const hash = secretHash(input.token);
  const link = await findLink(deps.db, deps, hash);
  const person = link.user ?? { login: checkLogin(input.login ?? ''), name: checkName(input.name ?? '') };
  checkPassword(input.password, person);
  const passwordHash = await deps.hasher.hash(input.password);
  return deps.db.transaction(async (tx) => {
    if (link.purpose === 'first-administrator') await tx.query('select pg_advisory_xact_lock($1)', [FIRST_USER_LOCK]);
    const now = new Date(deps.now());
    const used = await tx.query(
      'update setup_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2',
      [hash, now],
    );
    if (used.rowCount !== 1) throw new SecurityError('link_invalid');
    const userId =
      link.user === null
        ? await insertFirstUser(tx, deps, person, passwordHash)
        : await setPassword(tx, deps, link.user.id, passwordHash);
    return within(tx, { userId, login: person.login, name: person.name, purpose: link.purpose });
  });
}

async function insertFirstUser(
  tx: Queryable,
  deps: UserDeps,
  person: { readonly login: string; readonly name: string },
  passwordHash: string,
): Promise<bigint> {
  if (!(await isSetupNeeded(tx))) throw new SecurityError('link_invalid');
  const id = deps.ids.next();
  await tx.query(
    `insert into users (id, login, name, role, state, password_hash, password_changed_at, created_at, updated_at)
     values ($1, $2, $3, 'administrator', 'active', $4, $5, $5, $5)`,
    [id, person.login, person.name, passwordHash, new Date(deps.now())],
  );
  await tx.query(`delete from setup_links where purpose = 'first-administrator' and used_at is null`);
  return id;
}

async function setPassword(tx: Queryable, deps: UserDeps, userId: bigint, passwordHash: string): Promise<bigint> {
  const { rowCount } = await tx.query(
    `update users set password_hash = $2, password_changed_at = $3, must_change = false, state = 'active',
       failed_attempts = 0, locked_until = null, updated_at = $3
     where id = $1 and state <> 'disabled'`,
    [userId, passwordHash, new Date(deps.now())],
  );
  if (rowCount !== 1) throw new SecurityError('link_invalid');
  await endSessionsOf(tx, userId);
  return userId;
}

interface FoundLink {
  readonly purpose: LinkPurpose;
  readonly user: { readonly id: bigint; readonly login: string; readonly name: string } | null;
}

async function findLink(db: Queryable, deps: UserDeps, hash: Buffer): Promise<FoundLink> {
  const { rows } = await db.query<{
    purpose: LinkPurpose;
    user_id: string | null;
    login: string | null;
    name: string | null;
    state: string | null;
  }>(
    `select l.purpose, l.user_id, u.login, u.name, u.state from setup_links l left join users u on u.id = l.user_id
     where l.token_hash = $1 and l.used_at is null and l.expires_at > $2`,
    [hash, new Date(deps.now())],
  );
  const row = rows[0];
  if (row === undefined || row.state === 'disabled') throw new SecurityError('link_invalid');
  if (row.user_id === null) {
    if (!(await isSetupNeeded(db))) throw new SecurityError('link_invalid');
    return { purpose: row.purpose, user: null };
  }
  return {
    purpose: row.purpose,
    user: { id: BigInt(row.user_id), login: row.login ?? '', name: row.name ?? '' },
  };
}

async function insertLink(db: Queryable, deps: UserDeps, purpose: LinkPurpose, userId: bigint | null): Promise<string> {
  const token = newSecret();
  const now = deps.now();
  await db.query(
    `insert into setup_links (id, token_hash, purpose, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [deps.ids.next(), secretHash(token), purpose, userId, new Date(now), new Date(now + LIFETIME_MS[purpose])],
  );
  return token;
}
