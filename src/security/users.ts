import type { Role } from '../domain/permissions.ts';
import type { Queryable } from '../store/queryable.ts';
import { endSessionsOf } from './sessions.ts';
import { SecurityError } from './security-error.ts';

/** A user as administrators see one. */
export interface User {
  readonly id: bigint;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** `locked`: active, but after too many failed attempts, for a while. */
  readonly state: 'invited' | 'active' | 'disabled' | 'locked';
  readonly lastLoginAt: Date | null;
  readonly createdAt: Date;
}

export interface UserDeps {
  readonly ids: { next(): bigint };
  readonly now: () => number;
}

interface UserRow {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly state: 'invited' | 'active' | 'disabled';
  readonly locked_until: Date | null;
  readonly last_login_at: Date | null;
  readonly created_at: Date;
}

const COLUMNS = 'id, login, name, role, state, locked_until, last_login_at, created_at';
/** Held in a transaction by whoever changes who the administrators are. */
const ADMINISTRATORS_LOCK = 7_237_003;

/** All users, by name. */
export async function listUsers(db: Queryable, deps: Pick<UserDeps, 'now'>): Promise<User[]> {
  const { rows } = await db.query<UserRow>(`select ${COLUMNS} from users order by lower(name), id`);
  return rows.map((row) => toUser(row, deps.now()));
}

/** One user. Throws `user_unknown`. */
export async function getUser(db: Queryable, deps: Pick<UserDeps, 'now'>, id: bigint): Promise<User> {
  const { rows } = await db.query<UserRow>(`select ${COLUMNS} from users where id = $1`, [id]);
  const row = rows[0];
  if (row === undefined) throw new SecurityError('user_unknown');
  return toUser(row, deps.now());
}

/** The user of a log-in name, as somebody may type it. Throws `user_unknown`. */
export async function getUserByLogin(db: Queryable, deps: Pick<UserDeps, 'now'>, login: string): Promise<User> {
  const { rows } = await db.query<UserRow>(`select ${COLUMNS} from users where lower(login) = lower($1)`, [
    login.trim().normalize('NFKC'),
  ]);
  const row = rows[0];
  if (row === undefined) throw new SecurityError('user_unknown');
  return toUser(row, deps.now());
}

/** Whether the program still waits for its first administrator. */
export async function isSetupNeeded(db: Queryable): Promise<boolean> {
  const { rows } = await db.query('select 1 from users limit 1');
  return rows.length === 0;
}

/**
 * Stores a user without a password; a link lets the person set one (`createLink`). Throws `login_invalid`,
 * `name_invalid`, `login_taken`.
 */
export async function createUser(
  tx: Queryable,
  deps: UserDeps,
  input: { readonly login: string; readonly name: string; readonly role: Role },
  createdBy: bigint | null,
): Promise<User> {
  const login = checkLogin(input.login);
  const name = checkName(input.name);
  const { rows } = await tx.query<UserRow>(
    `insert into users (id, login, name, role, state, created_at, created_by, updated_at)
     values ($1, $2, $3, $4, 'invited', $5, $6, $5)
     on conflict (lower(login)) do nothing returning ${COLUMNS}`,
    [deps.ids.next(), login, name, input.role, new Date(deps.now()), createdBy],
  );
  const row = rows[0];
  if (row === undefined) throw new SecurityError('login_taken');
  return toUser(row, deps.now());
}

/**
 * Changes name, role or state; call it in a transaction. Disabling ends the user's sessions and links. Throws
 * `user_unknown`, `name_invalid`, `last_administrator`.
 */
export async function updateUser(
  tx: Queryable,
  deps: Pick<UserDeps, 'now'>,
  id: bigint,
  change: { readonly name?: string; readonly role?: Role; readonly state?: 'active' | 'disabled' },
): Promise<User> {
  // Two administrators who demote each other at the same time must not both succeed.
  await tx.query('select pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
  const { rows } = await tx.query<UserRow & { has_password: boolean }>(
    `select ${COLUMNS}, password_hash is not null as has_password from users where id = $1 for update`,
    [id],
  );
  const before = rows[0];
  if (before === undefined) throw new SecurityError('user_unknown');
  const name = change.name === undefined ? before.name : checkName(change.name);
  const role = change.role ?? before.role;
  // A user who never had a password becomes active by the link, not by hand.
  const wanted = change.state ?? before.state;
  const state = wanted === 'active' && !before.has_password ? 'invited' : wanted;
  const wasAdministrator = before.role === 'administrator' && before.state === 'active';
  if (wasAdministrator && (role !== 'administrator' || state !== 'active')) {
    const others = await tx.query(
      `select 1 from users where role = 'administrator' and state = 'active' and id <> $1 limit 1`,
      [id],
    );
    if (others.rows.length === 0) throw new SecurityError('last_administrator');
  }
  const updated = await tx.query<UserRow>(
    `update users set name = $2, role = $3, state = $4, updated_at = $5 where id = $1 returning ${COLUMNS}`,
    [id, name, role, state, new Date(deps.now())],
  );
  if (state === 'disabled') {
    await endSessionsOf(tx, id);
    await tx.query('delete from setup_links where user_id = $1 and used_at is null', [id]);
  }
  return toUser(updated.rows[0] as UserRow, deps.now());
}

/** Lifts a lock-out. Throws `user_unknown`. */
export async function unlockUser(tx: Queryable, deps: Pick<UserDeps, 'now'>, id: bigint): Promise<void> {
  const { rowCount } = await tx.query(
    'update users set failed_attempts = 0, locked_until = null, updated_at = $2 where id = $1',
    [id, new Date(deps.now())],
  );
  if (rowCount !== 1) throw new SecurityError('user_unknown');
}

/** A log-in name as it is stored. Throws `login_invalid`. */
export function checkLogin(text: string): string {
  const login = text.trim().normalize('NFKC');
  if (login.length < 3 || login.length > 254 || /[\s\p{C}]/u.test(login)) throw new SecurityError('login_invalid');
  return login;
}

/** A person's name as it is stored. Throws `name_invalid`. */
export function checkName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name.length < 1 || name.length > 200 || /\p{C}/u.test(name)) throw new SecurityError('name_invalid');
  return name;
}

function toUser(row: UserRow, nowMs: number): User {
  const locked = row.state === 'active' && row.locked_until !== null && row.locked_until.getTime() > nowMs;
  return {
    id: BigInt(row.id),
    login: row.login,
    name: row.name,
    role: row.role,
    state: locked ? 'locked' : row.state,
    lastLoginAt: row.last_login_at,
    createdAt: row.created_at,
  };
}
