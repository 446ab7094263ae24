import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startBundledPostgres } from '../../src/store/bundled/start-bundled-postgres.ts';
import type { BundledConnection } from '../../src/store/bundled/start-bundled-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the connection of the run's one database server, which is started when first asked for. */
    databaseBroker: string;
  }
}

/** The database that every test's own is copied from. */
export const templateDatabase = 'test_template';

/** Real, but in a hurry: nothing that a test writes has to outlive the run. */
const hurried = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_wal_size: '1GB',
  max_connections: '200',
};

/**
 * Set-up of a test run: one database server for all tests, started when the first of them asks for a database, so that a
 * run without one waits for nothing. Nothing is left behind, however the run ends.
 */
export default function setUp(project: TestProject): Promise<() => Promise<void>> {
  let starting: ReturnType<typeof startServer> | null = null;
  const broker = createServer((_request, response) => {
    starting ??= startServer();
    starting.then(
      ({ connection }) => response.end(JSON.stringify(connection)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  return new Promise((resolve, reject) => {
    broker.once('error', reject);
    broker.listen(0, '127.0.0.1', () => {
      broker.unref();
      project.provide('databaseBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}/`);
      resolve(async () => {
        broker.close();
        if (starting !== null) await (await starting).stop();
      });
    });
  });
}

async function startServer(): Promise<{ connection: BundledConnection; stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'practice-studio-test-'));
  const quiet = { info: () => undefined, warn: () => undefined, error: console.error };
  const server = await startBundledPostgres({ directory: join(directory, 'postgres'), log: quiet, settings: hurried });
  const watch = watchOver(server.pid, directory);
  try {
    await makeTemplate(server.connection);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    connection: server.connection,
    async stop() {
      await server.stop();
      watch();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(connection: BundledConnection): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase}`);
  await client.end();
  const directory = join(import.meta.dirname, '../../src/store/migrations');
  const names = await readdir(directory).catch(() => []);
  if (names.length === 0) return;
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  await migrate({ ...connection, database: templateDatabase }, { log });
}

/**
 * A shell that waits for the end of its input, which comes however this process ends, kill -9 included; then it stops the
 * server and removes its files. Returns what calls it off.
 */
function watchOver(pid: number, directory: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const script = 'read -r word; [ "$word" = done ] || { kill -QUIT "$1"; sleep 1; rm -rf "$2"; }';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.stdin.on('error', () => undefined);
  return () => shell.stdin.end('done\n');
}
