import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { NodeSession } from '../engine/nodes/node-session.ts';
import { nodeIds } from '../engine/start-engine.ts';
import type { IdGenerator } from '../domain/ids.ts';
import { createAuditWriter, type AuditWriter } from '../security/audit-append.ts';
import { auditKeys, type AuditKeys } from '../security/audit-entry.ts';
import { openAuditChain } from '../security/audit-open.ts';
import { openKeys, type OpenedKeys } from '../security/open-keys.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase } from '../store/open-database.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { connectPg, openPgDatabase, type PgDatabase } from '../store/pg-database.ts';

/** What a command works with, beside a running program or without one. */
export interface CommandContext {
  readonly database: PgDatabase;
  readonly keys: OpenedKeys;
  readonly auditKeys: AuditKeys;
  readonly audit: AuditWriter;
  readonly ids: IdGenerator;
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface CommandPlace {
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the database when there is none yet; otherwise that is refused, as it would be an empty one. */
  readonly create?: boolean;
}

/** A command that only makes sense on what is there was called for a place where nothing is. */
class NothingThereError extends Error {
  readonly code = 'nothing_there';
}

/**
 * Opens database and keys for one command and closes them afterwards. The bundled server of a running program is shared;
 * without one it is started for the command. Throws `nothing_there`. What the command does is audited like everything else.
 */
export async function withContext<T>(place: CommandPlace, work: (context: CommandContext) => Promise<T>): Promise<T> {
  const { dataDirectory, env } = place;
  const isBundled = env['DATABASE_URL'] === undefined || env['DATABASE_URL'] === '';
  if (place.create !== true && isBundled && !existsSync(join(dataDirectory, 'postgres'))) {
    throw new NothingThereError(
      `There is no Practice Studio in ${dataDirectory}: --data must name the directory that the program was started with.`,
    );
  }
  const log = pino({ level: 'silent' });
  const opened = await openDatabase({
    databaseUrl: env['DATABASE_URL'],
    dataDirectory,
    log,
    share: true,
    environment: env,
  });
  try {
    await migrate(opened.connection, { log });
    const database = openPgDatabase(opened.connection, { max: 4, applicationName: 'practice-studio command' });
    const session = new NodeSession({
      connect: () => connectPg(opened.connection, 'practice-studio command'),
      name: `${hostname()}-command`,
      log,
      onNotification: () => {},
      onRestored: () => {},
    });
    try {
      await ensurePartitions(database, Date.now());
      const keys = await openKeys({ db: database, env, dataDir: dataDirectory });
      const identity = await session.start();
      const ids = nodeIds(identity);
      const signing = auditKeys(keys.keyring);
      const clock = { ids, now: Date.now };
      const chain = await openAuditChain({ db: database, keys: signing, node: identity.node, writer: 'api', ...clock });
      const audit = createAuditWriter({ db: database, keys: signing, chain: chain.chain, ...clock });
      const result = await work({ database, keys, auditKeys: signing, audit, ids, dataDirectory, env });
      // A command is no node that anybody should look for.
      await session.query('delete from nodes where node = $1', [identity.node]);
      return result;
    } finally {
      await session.stop();
      await database.close();
    }
  } finally {
    await opened.stop();
  }
}
