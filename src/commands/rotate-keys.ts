import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { ROTATABLE_PURPOSES } from '../security/keyring.ts';
import { rotateDataKey, rotateMasterKeyFile } from '../security/rotate.ts';
import { COMMON_HELP, type Command } from './command.ts';
import { withContext } from './context.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, UsageError } from './options.ts';

export const rotateKeysCommand: Command = {
  usage: 'rotate-keys [--master]',
  summary: 'Replaces the data keys, or the master key, while the program runs.',
  help: `What was sealed before stays readable: old data keys open it, they only do not seal any more. Nodes learn the new
keys by themselves; that takes about 15 seconds for each data key.
  --master     replaces the master key file instead and wraps all data keys anew; the file before is kept beside it
               as master.key.previous, for backups that were made under it
${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, { ...COMMON_FLAGS, master: { type: 'boolean' } });
    if (flags.positionals.length > 0) throw new UsageError('rotate-keys takes no argument.');
    return withContext({ dataDirectory: dataDirectory(flags, io.env), env: io.env }, async (context) => {
      const { database, keys } = context;
      if (flags.values['master'] === true) {
        await rotateMasterKeyFile({ db: database, dataDir: context.dataDirectory, env: context.env });
        await context.audit.append({ actor: SYSTEM_ACTOR, action: 'master-key-rotated' });
        io.print('The master key was replaced. Keep a copy of the new file apart from backups.');
        return 0;
      }
      for (const purpose of ROTATABLE_PURPOSES) {
        const id = await rotateDataKey({ db: database, wrapper: keys.masterKey.wrapper }, purpose);
        await context.audit.append({ actor: SYSTEM_ACTOR, action: 'key-rotated', detail: { purpose, key: id } });
        io.print(`The key for "${purpose}" was replaced.`);
      }
      return 0;
    });
  },
};
