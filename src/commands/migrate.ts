import { pino } from 'pino';
import { migrate } from '../store/migrate.ts';
import { openDatabase } from '../store/open-database.ts';
import { COMMON_HELP, type Command } from './command.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, UsageError } from './options.ts';

export const migrateCommand: Command = {
  usage: 'migrate',
  summary: 'Brings the database to the version of this program; start does it by itself.',
  help: `Applies the numbered migrations that are missing, each in a transaction, under a lock.\n${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, COMMON_FLAGS);
    if (flags.positionals.length > 0) throw new UsageError('migrate takes no argument.');
    const log = pino({ level: 'silent' });
    const opened = await openDatabase({
      databaseUrl: io.env['DATABASE_URL'],
      dataDirectory: dataDirectory(flags, io.env),
      log,
      share: true,
      environment: io.env,
    });
    try {
      const applied = await migrate(opened.connection, { log });
      io.print(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`);
      return 0;
    } finally {
      await opened.stop();
    }
  },
};
