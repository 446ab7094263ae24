import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { verifyAudit } from '../security/verify-audit.ts';
import { COMMON_HELP, type Command } from './command.ts';
import { withContext } from './context.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, UsageError } from './options.ts';

export const verifyAuditCommand: Command = {
  usage: 'verify-audit',
  summary: 'Checks the hash chains of the audit log from their beginning.',
  help: `Exit code 0: intact; 1: something was changed, inserted or removed, and where.\n${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, COMMON_FLAGS);
    if (flags.positionals.length > 0) throw new UsageError('verify-audit takes no argument.');
    return withContext({ dataDirectory: dataDirectory(flags, io.env), env: io.env }, async (context) => {
      const result = await verifyAudit(context.database, context.auditKeys);
      for (const problem of result.problems) io.print(problem.sentence);
      io.print(
        result.intact
          ? `The audit log is intact: ${result.checked} entries in ${result.chains} chains.`
          : `The audit log is NOT intact: ${result.problemCount} problems in ${result.checked} entries.`,
      );
      await context.audit.append({
        actor: SYSTEM_ACTOR,
        action: 'audit-verified',
        outcome: result.intact ? 'ok' : 'failed',
        detail: { checked: result.checked },
      });
      return result.intact ? 0 : 1;
    });
  },
};
