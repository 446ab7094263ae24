import type { Actor } from '../domain/actor.ts';
import type { Permission, Role } from '../domain/permissions.ts';
import {
  authenticateApiToken,
  createApiToken,
  listApiTokens,
  revokeApiToken,
  type ApiToken,
} from '../security/api-tokens.ts';
import type { AuditWriter } from '../security/audit-append.ts';
import type { AuditKeys } from '../security/audit-entry.ts';
import { queryAudit, type AuditFilter, type AuditPage } from '../security/audit-query.ts';
import { changePassword, login, type LoginDeps } from '../security/login.ts';
import { authenticateSession, createSession, endSession, type SessionOrigin } from '../security/sessions.ts';
import { createInvitation, createReset, redeemLink } from '../security/setup-links.ts';
import { createUser, getUser, isSetupNeeded, listUsers, updateUser, type User } from '../security/users.ts';
import { verifyAudit, type AuditVerification } from '../security/verify-audit.ts';
import type { Queryable } from '../store/queryable.ts';

/** Who calls, found by a session cookie or an API token. */
export interface Caller {
  readonly actor: Actor;
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Only of a session: an API token has none. */
  readonly session?: CallerSession;
}

export interface CallerSession {
  readonly id: bigint;
  readonly login: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
  /** The user may only change the password until that is done. */
  readonly mustChange: boolean;
}

/** A session that was just opened: the secret goes into the cookie and nowhere else. */
export interface OpenedSession {
  readonly caller: Caller & { readonly session: CallerSession };
  readonly cookie: string;
}

type Origin = SessionOrigin;
/** Writes the audit entry of a change in its transaction. */
export type Within = (tx: Queryable, about: { readonly id: bigint; readonly name: string }) => Promise<void>;

/**
 * What the API needs of the security room, over one database. Errors are `SecurityError`s with the codes of their
 * functions there.
 */
export interface SecurityServices {
  readonly audit: AuditWriter;
  /** With `touch: false` the look does not count as use, so that it does not keep the session alive. */
  callerBySession(cookie: string, options?: { readonly touch: boolean }): Promise<Caller>;
  callerByToken(token: string): Promise<Caller>;
  setupNeeded(): Promise<boolean>;
  setup(
    input: {
      readonly token: string;
      readonly login: string | undefined;
      readonly name: string | undefined;
      readonly password: string;
    },
    origin: Origin,
    within: Within,
  ): Promise<OpenedSession>;
  signIn(
    input: { readonly login: string; readonly password: string },
    origin: Origin,
    within: Within,
  ): Promise<OpenedSession>;
  signOut(session: CallerSession): Promise<void>;
  changePassword(
    caller: Caller & { readonly session: CallerSession },
    input: { readonly current: string; readonly password: string },
    within: (tx: Queryable) => Promise<void>,
  ): Promise<void>;

  listUsers(): Promise<readonly User[]>;
  inviteUser(
    by: Actor,
    input: { readonly login: string; readonly name: string; readonly role: Role },
    within: Within,
  ): Promise<{ readonly user: User; readonly linkToken: string }>;
  changeUser(
    id: bigint,
    change: { readonly name?: string; readonly role?: Role; readonly state?: 'active' | 'disabled' },
    within: Within,
  ): Promise<User>;
  resetUser(id: bigint, within: Within): Promise<{ readonly linkToken: string }>;

  listTokens(): Promise<readonly ApiToken[]>;
  createToken(
    by: Caller,
    input: {
      readonly name: string;
      readonly role: Role;
      readonly scopes: readonly string[];
      readonly expiresAt: Date | null;
    },
    within: Within,
  ): Promise<{ readonly token: ApiToken; readonly secret: string }>;
  revokeToken(id: bigint, within: (tx: Queryable) => Promise<void>): Promise<void>;

  queryAudit(filter: AuditFilter): Promise<AuditPage>;
  verifyAudit(): Promise<AuditVerification>;
}

/** The security room's functions over one database, for the API of one node. */
export function createSecurityServices(
  deps: LoginDeps & { readonly audit: AuditWriter; readonly auditKeys: AuditKeys },
): SecurityServices {
  const { db } = deps;

  async function callerBySession(cookie: string, options = { touch: true }): Promise<OpenedSession['caller']> {
    const found = await authenticateSession(db, deps, cookie, options);
    const session = { ...found.session, login: found.login, mustChange: found.mustChange };
    return { actor: found.actor, role: found.role, permissions: found.permissions, session };
  }
  async function opened(cookie: string): Promise<OpenedSession> {
    return { caller: await callerBySession(cookie), cookie };
  }

  return {
    audit: deps.audit,
    callerBySession,
    callerByToken: (token) => authenticateApiToken(db, deps, token),
    setupNeeded: () => isSetupNeeded(db),

    async setup(input, origin, within) {
      const session = await redeemLink(deps, input, async (tx, { userId, name }) => {
        const made = await createSession(tx, deps, userId, origin);
        await within(tx, { id: userId, name });
        return made;
      });
      return opened(session.token);
    },
    async signIn(input, origin, within) {
      const { session } = await login(deps, { ...input, ...origin }, within);
      return opened(session.token);
    },
    signOut: (session) => endSession(db, session.id),
    async changePassword(caller, input, within) {
      const { actor, session } = caller;
      if (actor.id === null) return;
      await changePassword(deps, { ...input, userId: actor.id, sessionId: session.id }, within);
    },

    listUsers: () => listUsers(db, deps),
    inviteUser: (by, input, within) =>
      db.transaction(async (tx) => {
        const user = await createUser(tx, deps, input, by.kind === 'user' ? by.id : null);
        const linkToken = await createInvitation(tx, deps, user.id);
        await within(tx, user);
        return { user, linkToken };
      }),
    changeUser: (id, change, within) =>
      db.transaction(async (tx) => {
        const user = await updateUser(tx, deps, id, change);
        await within(tx, user);
        return user;
      }),
    resetUser: (id, within) =>
      db.transaction(async (tx) => {
        const linkToken = await createReset(tx, deps, id);
        await within(tx, await getUser(tx, deps, id));
        return { linkToken };
      }),

    listTokens: () => listApiTokens(db),
    createToken: (by, input, within) =>
      db.transaction(async (tx) => {
        const made = await createApiToken(tx, deps, by, input);
        await within(tx, made.token);
        return made;
      }),
    revokeToken: (id, within) =>
      db.transaction(async (tx) => {
        await revokeApiToken(tx, deps, id);
        await within(tx);
      }),

    queryAudit: (filter) => queryAudit(db, filter),
    verifyAudit: () => verifyAudit(db, deps.auditKeys),
  };
}
