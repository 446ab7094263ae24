import { consoleUrl, setupLink } from '../console-address.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { ROLES } from '../domain/permissions.ts';
import type { AuditAction } from '../security/audit-actions.ts';
import type { AuditEntry } from '../security/audit-entry.ts';
import { createReset } from '../security/setup-links.ts';
import { getUserByLogin, listUsers, unlockUser, type User } from '../security/users.ts';
import { COMMON_HELP, type Command, type CommandIo } from './command.ts';
import { withContext, type CommandContext } from './context.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, startOptions, UsageError } from './options.ts';

/**
 * The way back in for a practice whose last administrator cannot sign in. Whoever may run it reads the master key too, so
 * it gives away nothing that was not theirs; what it does is audited.
 */
export const userCommand: Command = {
  usage: 'user list | reset-link LOGIN | unlock LOGIN',
  summary: 'Lists users, prints a one-time link to set a new password, lifts a lock-out.',
  help: `  list              log-in name, state, role and name of every user
  reset-link LOGIN  prints a link to set a new password, and unlocks the user; the link works once, for 24 hours, and
                    ends earlier ones; the old password works until it is used
  unlock LOGIN      lets the user try again at once, with the password that is set
  --port N          port of the console in the link, default 8480 (PRACTICE_STUDIO_PORT)
  --host ADDRESS    its address, default 127.0.0.1 (PRACTICE_STUDIO_HOST)
${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, { ...COMMON_FLAGS, port: { type: 'string' }, host: { type: 'string' } });
    const [action, login, ...more] = flags.positionals;
    const place = { dataDirectory: dataDirectory(flags, io.env), env: io.env };
    if (action === 'list' && login === undefined) return withContext(place, (context) => list(context, io));
    if (login !== undefined && more.length === 0 && action === 'unlock') {
      return withContext(place, (context) => unlock(context, io, login));
    }
    if (login !== undefined && more.length === 0 && action === 'reset-link') {
      const url = consoleUrl(startOptions({ values: flags.values, positionals: [] }, io.env));
      return withContext(place, (context) => resetLink(context, io, login, url));
    }
    throw new UsageError('user knows three actions: user list, user reset-link LOGIN, user unlock LOGIN.');
  },
};

async function list({ database }: CommandContext, io: CommandIo): Promise<number> {
  const users = await listUsers(database, Date);
  if (users.length === 0) io.say('There is no user yet: start prints the link to make the first administrator.');
  const column = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length)) + 2;
  const widths = { login: column(users.map(({ login }) => login)), role: column(Object.keys(ROLES)) };
  for (const { login, state, role, name } of users) {
    io.print(`${login.padEnd(widths.login)}${state.padEnd(10)}${role.padEnd(widths.role)}${name}`);
  }
  return 0;
}

async function resetLink({ database, audit, ids }: CommandContext, io: CommandIo, login: string, url: string) {
  const deps = { ids, now: Date.now };
  const token = await database.transaction(async (tx) => {
    const user = await known(getUserByLogin(tx, deps, login), login);
    if (user.state === 'disabled') {
      throw new UsageError(`${user.login} is disabled, and a link would not work: an administrator enables it first.`);
    }
    const made = await createReset(tx, deps, user.id);
    await audit.within(tx, [entry('user-reset', user)]);
    return made;
  });
  io.print(setupLink(url, token));
  return 0;
}

async function unlock({ database, audit }: CommandContext, io: CommandIo, login: string): Promise<number> {
  await database.transaction(async (tx) => {
    const user = await known(getUserByLogin(tx, Date, login), login);
    await unlockUser(tx, Date, user.id);
    await audit.within(tx, [entry('user-unlocked', user)]);
    io.print(`${user.login} may try to sign in again.`);
  });
  return 0;
}

function entry(action: AuditAction, { id, name }: User): AuditEntry {
  return { actor: SYSTEM_ACTOR, action, resource: { kind: 'user', id }, detail: { name, from: 'command line' } };
}

/** The hint of the API does not help at a terminal. */
async function known(user: Promise<User>, login: string): Promise<User> {
  try {
    return await user;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'user_unknown') throw cause;
    throw new UsageError(`There is no user "${login}"; "practice-studio user list" lists them.`);
  }
}
