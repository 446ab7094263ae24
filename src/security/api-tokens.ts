import type { Permission, Role } from '../domain/permissions.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Principal } from './principal.ts';
import { isPermission, permissionsOf } from './roles.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { SecurityError } from './security-error.ts';
import { checkName, type UserDeps } from './users.ts';

/** How every API token begins, so that a leaked one is recognized. */
export const API_TOKEN_START = 'psi_';
const SHOWN_CHARACTERS = API_TOKEN_START.length + 6;
const DAY_MS = 86_400_000;
const DEFAULT_LIFETIME_MS = 365 * DAY_MS;
const LONGEST_LIFETIME_MS = 731 * DAY_MS;
const TOUCH_MS = 60_000;

/** An API token without its secret. */
export interface ApiToken {
  readonly id: bigint;
  readonly name: string;
  readonly role: Role;
  /** Empty: all that the role may do. */
  readonly scopes: readonly Permission[];
  readonly prefix: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: Permission[];
  readonly prefix: string;
  readonly created_by_name: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
}

const COLUMNS = 'id, name, role, scopes, prefix, created_by_name, created_at, expires_at, last_used_at';

/** All tokens that are not revoked, the newest first. */
export async function listApiTokens(db: Queryable): Promise<ApiToken[]> {
  const { rows } = await db.query<TokenRow>(
    `select ${COLUMNS} from api_tokens where revoked_at is null order by id desc`,
  );
  return rows.map(toToken);
}

/**
 * Makes an API token; its secret is in the answer alone. Without an expiry it lasts a year; the longest is two. Scopes
 * are permissions of its role; neither may go beyond what its maker may do. Throws `scope_invalid`, `expiry_invalid`,
 * `name_invalid`.
 */
export async function createApiToken(
  tx: Queryable,
  deps: UserDeps,
  maker: Pick<Principal, 'actor' | 'permissions'>,
  input: {
    readonly name: string;
    readonly role: Role;
    readonly scopes?: readonly string[];
    readonly expiresAt?: Date | null;
  },
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  const scopes = checkScopes(maker, input.role, input.scopes ?? []);
  const now = deps.now();
  const expiresAt = input.expiresAt ?? new Date(now + DEFAULT_LIFETIME_MS);
  const lifetime = expiresAt.getTime() - now;
  if (!(lifetime > 0 && lifetime <= LONGEST_LIFETIME_MS)) throw new SecurityError('expiry_invalid');
  const secret = API_TOKEN_START + newSecret();
  const { rows } = await tx.query<TokenRow>(
    `insert into api_tokens (id, name, role, scopes, token_hash, prefix, expires_at, created_at, created_by, created_by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${COLUMNS}`,
    [
      deps.ids.next(),
      checkName(input.name),
      input.role,
      scopes,
      secretHash(secret),
      secret.slice(0, SHOWN_CHARACTERS),
      expiresAt,
      new Date(now),
      maker.actor.id,
      maker.actor.name,
    ],
  );
  return { token: toToken(rows[0] as TokenRow), secret };
}

function checkScopes(maker: Pick<Principal, 'permissions'>, role: Role, scopes: readonly string[]): Permission[] {
  const allowed = permissionsOf(role);
  const granted: Permission[] = [];
  for (const scope of new Set(scopes)) {
    if (!isPermission(scope) || !allowed.has(scope)) {
      throw new SecurityError('scope_invalid', { detail: 'A scope is not a permission of the role.' });
    }
    granted.push(scope);
  }
  for (const permission of granted.length === 0 ? allowed : granted) {
    if (!maker.permissions.has(permission)) {
      throw new SecurityError('scope_invalid', { detail: `You may not give ${permission}.` });
    }
  }
  return granted;
}

/** Revokes a token at once. Throws `token_unknown`. */
export async function revokeApiToken(tx: Queryable, deps: Pick<UserDeps, 'now'>, id: bigint): Promise<void> {
  const { rowCount } = await tx.query('update api_tokens set revoked_at = $2 where id = $1 and revoked_at is null', [
    id,
    new Date(deps.now()),
  ]);
  if (rowCount !== 1) throw new SecurityError('token_unknown');
}

/** Who an API token stands for. Throws `token_invalid` for one that is unknown, expired or revoked. */
export async function authenticateApiToken(
  db: Queryable,
  deps: Pick<UserDeps, 'now'>,
  secret: string,
): Promise<Principal> {
  if (!secret.startsWith(API_TOKEN_START)) throw new SecurityError('token_invalid');
  const now = new Date(deps.now());
  const { rows } = await db.query<TokenRow>(
    `select ${COLUMNS} from api_tokens where token_hash = $1 and revoked_at is null and expires_at > $2`,
    [secretHash(secret), now],
  );
  const row = rows[0];
  if (row === undefined) throw new SecurityError('token_invalid');
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= TOUCH_MS) {
    await db.query('update api_tokens set last_used_at = $2 where id = $1', [row.id, now]);
  }
  const ofRole = permissionsOf(row.role);
  return {
    actor: { kind: 'token', id: BigInt(row.id), name: row.name },
    role: row.role,
    // Both, as a later version of the program may give the role less than the token was made with.
    permissions: row.scopes.length === 0 ? ofRole : new Set(row.scopes.filter((scope) => ofRole.has(scope))),
  };
}

function toToken(row: TokenRow): ApiToken {
  return {
    id: BigInt(row.id),
    name: row.name,
    role: row.role,
    scopes: row.scopes,
    prefix: row.prefix,
    createdBy: row.created_by_name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
