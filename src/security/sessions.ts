import type { Role } from '../domain/permissions.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Principal } from './principal.ts';
import { permissionsOf } from './roles.ts';
import { csrfToken, newSecret, sameText, secretHash } from './secret-token.ts';
import { SecurityError } from './security-error.ts';

/** How long sessions last. */
export interface SessionTimes {
  /** Without a request, in ms. */
  readonly idleMs: number;
  /** Whatever happens, in ms. */
  readonly absoluteMs: number;
}

export const SESSION_TIMES: SessionTimes = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 };

/** A session is written to when used, but not at each of many requests. */
const TOUCH_MS = 60_000;
/** Of one user at a time; beyond, the ones that were quiet for longest end. */
const SESSIONS_PER_USER = 20;

export interface SessionDeps {
  readonly ids: { next(): bigint };
  readonly now: () => number;
  /** Default: {@link SESSION_TIMES}. */
  readonly times?: SessionTimes;
}

export interface NewSession {
  readonly id: bigint;
  /** For the cookie (HttpOnly, SameSite); never stored, never logged. */
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

/** Where a session was opened from. */
export interface SessionOrigin {
  readonly address: string;
  readonly userAgent: string;
}

export interface SessionPrincipal extends Principal {
  readonly login: string;
  readonly session: {
    readonly id: bigint;
    readonly csrfToken: string;
    /** When it ends without another request. */
    readonly expiresAt: Date;
  };
  /** The user may only change the password until that is done. */
  readonly mustChange: boolean;
}

/** Opens a session for a user whose log-in was checked. */
export async function createSession(
  db: Queryable,
  deps: SessionDeps,
  userId: bigint,
  origin: SessionOrigin,
): Promise<NewSession> {
  const { idleMs, absoluteMs } = deps.times ?? SESSION_TIMES;
  const now = deps.now();
  const id = deps.ids.next();
  const token = newSecret();
  const end = now + absoluteMs;
  await db.query(
    `insert into sessions (id, token_hash, user_id, created_at, last_seen_at, expires_at, address, user_agent)
     values ($1, $2, $3, $4, $4, $5, $6, $7)`,
    [id, secretHash(token), userId, new Date(now), new Date(end), origin.address, origin.userAgent.slice(0, 300)],
  );
  await db.query(
    `delete from sessions where user_id = $1 and (expires_at <= $2 or last_seen_at <= $3 or id in
       (select id from sessions where user_id = $1 order by last_seen_at desc, id desc offset $4))`,
    [userId, new Date(now), new Date(now - idleMs), SESSIONS_PER_USER],
  );
  return { id, token, csrfToken: csrfToken(token), expiresAt: new Date(Math.min(end, now + idleMs)) };
}

/**
 * Who a session token belongs to, with the role as it is now. With `touch: false` the look does not count as use, so that
 * an open page alone does not keep the session alive. Throws `session_invalid` for one that is unknown, ended or
 * of a user who is not active.
 */
export async function authenticateSession(
  db: Queryable,
  deps: SessionDeps,
  token: string,
  options: { readonly touch: boolean } = { touch: true },
): Promise<SessionPrincipal> {
  const { idleMs } = deps.times ?? SESSION_TIMES;
  const now = deps.now();
  const { rows } = await db.query<{
    id: string;
    user_id: string;
    last_seen_at: Date;
    expires_at: Date;
    login: string;
    name: string;
    role: Role;
    must_change: boolean;
  }>(
    `select s.id, s.user_id, s.last_seen_at, s.expires_at, u.login, u.name, u.role, u.must_change
     from sessions s join users u on u.id = s.user_id
     where s.token_hash = $1 and u.state = 'active' and s.expires_at > $2 and s.last_seen_at > $3`,
    [secretHash(token), new Date(now), new Date(now - idleMs)],
  );
  const row = rows[0];
  if (row === undefined) throw new SecurityError('session_invalid');
  if (options.touch && now - row.last_seen_at.getTime() >= TOUCH_MS) {
    await db.query('update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2', [
      row.id,
      new Date(now),
    ]);
  }
  return {
    actor: { kind: 'user', id: BigInt(row.user_id), name: row.name },
    login: row.login,
    role: row.role,
    permissions: permissionsOf(row.role),
    session: {
      id: BigInt(row.id),
      csrfToken: csrfToken(token),
      expiresAt: new Date(
        Math.min(row.expires_at.getTime(), (options.touch ? now : row.last_seen_at.getTime()) + idleMs),
      ),
    },
    mustChange: row.must_change,
  };
}

/**
 * Checks the token that a page sends in a header with each request that changes something. It is derived from the
 * session's own (HMAC), so that only a page that was given it can send it, and nothing has to be stored. Throws
 * `csrf_invalid`.
 */
export function checkCsrf(principal: SessionPrincipal, sent: string | undefined): void {
  if (sent === undefined || !sameText(sent, principal.session.csrfToken)) throw new SecurityError('csrf_invalid');
}

/** Ends one session; one that is over already is no error. */
export async function endSession(db: Queryable, sessionId: bigint): Promise<void> {
  await db.query('delete from sessions where id = $1', [sessionId]);
}

/** Ends all sessions of a user, but for one if given; answers how many. */
export async function endSessionsOf(db: Queryable, userId: bigint, except?: bigint): Promise<number> {
  const { rowCount } = await db.query('delete from sessions where user_id = $1 and id is distinct from $2', [
    userId,
    except ?? null,
  ]);
  return rowCount ?? 0;
}

/** Removes sessions that are over; to be called now and then. */
export async function pruneSessions(db: Queryable, deps: SessionDeps): Promise<number> {
  const { idleMs } = deps.times ?? SESSION_TIMES;
  const { rowCount } = await db.query('delete from sessions where expires_at <= $1 or last_seen_at <= $2', [
    new Date(deps.now()),
    new Date(deps.now() - idleMs),
  ]);
  return rowCount ?? 0;
}
