import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { UsageError } from './options.ts';

/**
 * Makes the data directory, or says in a sentence why it cannot be one. One folder at a time: making several at once
 * never ends on some file systems.
 */
export function checkDataDirectory(directory: string): void {
  const refused = (why: string): UsageError => new UsageError(`${directory} cannot be the data directory: ${why}.`);
  try {
    if (statSync(directory).isDirectory()) return;
    throw refused('it is a file');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // It is not there, or something above it is a file: those above tell.
  }
  const above = dirname(directory);
  if (above !== directory) checkDataDirectory(above);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    throw refused(`it cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** Whether the console can listen there, before anything is set up. Throws {@link UsageError}. */
export async function checkAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    throw addressError(cause, host, port);
  } finally {
    server.close();
  }
}

/** Why the console cannot listen, in a sentence; the cause itself when it is none of the usual. */
export function addressError(cause: unknown, host: string, port: number): unknown {
  const { code } = cause as { readonly code?: string };
  if (code === 'EADDRINUSE') {
    return new UsageError(`Port ${port} is used by another program: choose another with --port.`);
  }
  if (code === 'EADDRNOTAVAIL') {
    return new UsageError(`${host} is no address of this machine: choose another with --host.`);
  }
  if (code === 'EACCES') {
    return new UsageError(`This user may not open port ${port}: choose one above 1023 with --port.`);
  }
  return cause;
}
