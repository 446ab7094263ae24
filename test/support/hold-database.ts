// A program that does nothing but run the bundled database in the directory given: for tests that kill it.
import { startBundledPostgres } from '../../src/store/bundled/start-bundled-postgres.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

try {
  const server = await startBundledPostgres({ directory: process.argv[2] ?? '', log: quiet });
  console.log(JSON.stringify({ pid: server.pid, connection: server.connection }));
  process.stdin.on('data', (word) => {
    if (String(word).startsWith('exit')) process.exit(0); // without stopping it
    void server.stop().then(() => process.exit(0));
  });
} catch (error) {
  console.log(JSON.stringify({ code: (error as { code?: string }).code, message: String(error) }));
  process.exitCode = 1;
}
