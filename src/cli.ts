import { readFileSync } from 'node:fs';
import type { Command, CommandIo } from './commands/command.ts';
import { UsageError } from './commands/options.ts';

/** Commands by name; each is loaded when it is called, so that `start` does not wait for what it does not need. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  apply: async () => (await import('./commands/configuration.ts')).applyCommand,
  'export-config': async () => (await import('./commands/configuration.ts')).exportCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  user: async () => (await import('./commands/user.ts')).userCommand,
  'verify-audit': async () => (await import('./commands/verify-audit.ts')).verifyAuditCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  hl7: async () => (await import('./commands/hl7.ts')).hl7Command,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  'rotate-keys': async () => (await import('./commands/rotate-keys.ts')).rotateKeysCommand,
};

async function main(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    io.print(io.version);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.print(await overview());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) throw new UsageError(`There is no command "${name}"; "practice-studio --help" lists them.`);
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    io.print(`practice-studio ${command.usage}\n\n${command.summary}\n${command.help}`);
    return 0;
  }
  return command.run(rest, io);
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = commands.map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return `practice-studio COMMAND\n\n${lines.join('\n')}\n\n"practice-studio COMMAND --help" tells more about one.`;
}

/** Errors that carry a code of the program have a message written for a person; of others only the kind is told. */
function tell(error: unknown, io: CommandIo): number {
  if (error instanceof UsageError) {
    io.say(error.message);
    return 2;
  }
  if (error instanceof Error && typeof (error as { code?: unknown }).code === 'string') io.say(error.message);
  else io.say(error instanceof Error ? (error.stack ?? error.message) : 'The command failed.');
  return 1;
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const io: CommandIo = {
  env: process.env,
  print: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  version,
};
main(process.argv.slice(2), io).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(tell(error, io)),
);
