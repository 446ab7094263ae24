import { checkAddress, checkDataDirectory } from './check-place.ts';
import type { Command } from './command.ts';
import { readFlags, START_FLAGS, startOptions } from './options.ts';

export const startCommand: Command = {
  usage: 'start [--demo] [--port N] [--hl7-port N] [--host ADDRESS] [--data DIR]',
  summary: 'Runs the program: database, HL7 listeners, API and console.',
  help: `Every flag is also an environment variable.
  --demo          with a simulated NextGen practice, in a data directory of its own (PRACTICE_STUDIO_DEMO=1)
  --demo-mix MIX  what it sends: adt (default), practice (every type), even (PRACTICE_STUDIO_DEMO_MIX)
  --port N        console and API, default 8480 (PRACTICE_STUDIO_PORT)
  --hl7-port N    HL7 listener of the demo, default 6661 (PRACTICE_STUDIO_HL7_PORT)
  --host ADDRESS  where console and API listen, default 127.0.0.1 (PRACTICE_STUDIO_HOST)
  --data DIR      data directory, default ./data, with --demo ./data/demo (PRACTICE_STUDIO_DATA)
  --node NAME     name of this node among several on one database, default the host name (PRACTICE_STUDIO_NODE)
  --log WHERE     "file" (in the data directory, default) or "stdout" (PRACTICE_STUDIO_LOG)
  --log-level L   "debug" (with every request to the API), "info" (default), "warn" or "error" (PRACTICE_STUDIO_LOG_LEVEL)
  --log-size MB   the log file is put aside at this size, default 20 (PRACTICE_STUDIO_LOG_SIZE)
  --log-files N   how many of them are kept, default 5 (PRACTICE_STUDIO_LOG_FILES)
  --audit-years N how long the audit log is kept, default 6 (PRACTICE_STUDIO_AUDIT_YEARS); the same on every node
  --help          this text
More variables: DATABASE_URL (a PostgreSQL server instead of the bundled one), PRACTICE_STUDIO_MASTER_KEY,
PRACTICE_STUDIO_METRICS_ON_LOOPBACK=1 (/metrics without a token on loopback), PRACTICE_STUDIO_HOST_NAMES
(names under which browsers reach the console, separated by commas; IP addresses and localhost always work),
PRACTICE_STUDIO_HTTPS=1 (a proxy in front speaks https), PRACTICE_STUDIO_TRUSTED_PROXIES (its addresses).`,
  async run(args, io) {
    const options = startOptions(readFlags(args, START_FLAGS), io.env);
    checkDataDirectory(options.dataDirectory);
    await checkAddress(options.host, options.port);
    const { startProgram } = await import('../main.ts');
    const program = await startProgram(options, { env: io.env, say: io.print, version: io.version });
    io.print(`Practice Studio Integrations ${io.version} runs at ${program.url}`);
    if (program.setupLink !== undefined)
      io.print(`Make the administrator account (this link works once): ${program.setupLink}`);
    io.print('Stop with Ctrl+C.');
    await stopSignal();
    io.print('Stopping …');
    await program.stop();
    return 0;
  },
};

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
}
