import { ROLES, type Role } from '../domain/permissions.ts';
import { createApiToken } from '../security/api-tokens.ts';
import { SYSTEM_PRINCIPAL } from '../security/principal.ts';
import { COMMON_HELP, type Command } from './command.ts';
import { withContext } from './context.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, UsageError } from './options.ts';

export const tokenCommand: Command = {
  usage: 'token create --role ROLE [--name NAME] [--scope PERMISSION]… [--days N]',
  summary: 'Makes an API token and prints it alone.',
  help: `The token is printed once and kept nowhere readable; the console lists and revokes it.
  --role ROLE          ${Object.keys(ROLES).join(', ')}
  --name NAME          how the console lists it; default "command line"
  --scope PERMISSION   only this permission of the role; may be given several times
  --days N             how long it lasts, default 365
${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, {
      ...COMMON_FLAGS,
      role: { type: 'string' },
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      days: { type: 'string' },
    });
    if (flags.positionals.join(' ') !== 'create')
      throw new UsageError('token knows one action: token create --role ROLE.');
    const role = flags.values['role'];
    if (typeof role !== 'string' || !Object.hasOwn(ROLES, role)) {
      throw new UsageError(`--role must be one of ${Object.keys(ROLES).join(', ')}.`);
    }
    const days = Number(flags.values['days'] ?? '365');
    if (!Number.isInteger(days) || days < 1) throw new UsageError('--days must be a whole number of days.');
    return withContext({ dataDirectory: dataDirectory(flags, io.env), env: io.env, create: true }, async (context) => {
      const deps = { ids: context.ids, now: Date.now };
      const secret = await context.database.transaction(async (tx) => {
        const made = await createApiToken(tx, deps, SYSTEM_PRINCIPAL, {
          name: String(flags.values['name'] ?? 'command line'),
          role: role as Role,
          scopes: (flags.values['scope'] as unknown as string[] | undefined) ?? [],
          expiresAt: new Date(Date.now() + days * 86_400_000),
        });
        await context.audit.within(tx, [
          {
            actor: SYSTEM_PRINCIPAL.actor,
            action: 'token-created',
            resource: { kind: 'token', id: made.token.id },
            detail: { role },
          },
        ]);
        return made.secret;
      });
      io.print(secret);
      return 0;
    });
  },
};
