import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { DEFAULT_CODE_TABLES } from '../connectors/code-tables/default-code-tables.ts';
import { PRODUCT_CATALOGUE } from '../connectors/registry.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { ensureDefaults } from '../ensure-defaults.ts';
import { CHANNEL } from '../engine/nodes/node-session.ts';
import {
  applyConfiguration,
  diffConfiguration,
  type ConfigurationDiff,
} from '../operations/configuration/apply-configuration.ts';
import { exportConfiguration } from '../operations/configuration/export-configuration.ts';
import { settingsStore } from '../store/settings-store.ts';
import { COMMON_HELP, type Command } from './command.ts';
import { withContext, type CommandContext } from './context.ts';
import { COMMON_FLAGS, dataDirectory, readFlags, UsageError } from './options.ts';

function configurationDeps(context: CommandContext) {
  return {
    database: context.database,
    store: settingsStore,
    ids: context.ids,
    catalogue: PRODUCT_CATALOGUE,
    codeTables: DEFAULT_CODE_TABLES,
    reserved: [],
  };
}

export const applyCommand: Command = {
  usage: 'apply FILE [--yes] [--dry-run]',
  summary: 'Applies a configuration file (environments, systems, listeners, mappings).',
  help: `Shows what would change, asks, and changes it in one transaction. Applying the same file again changes nothing.
  --yes        does not ask (needed where no terminal is attached)
  --dry-run    shows the difference and changes nothing
${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, { ...COMMON_FLAGS, yes: { type: 'boolean' }, 'dry-run': { type: 'boolean' } });
    const [file, ...more] = flags.positionals;
    if (file === undefined || more.length > 0) throw new UsageError('apply needs exactly one FILE.');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UsageError(
        `The file ${file} cannot be read: ${(cause as { code?: string }).code ?? 'unknown reason'}.`,
      );
    });
    return withContext({ dataDirectory: dataDirectory(flags, io.env), env: io.env, create: true }, async (context) => {
      await ensureDefaults(context);
      const deps = configurationDeps(context);
      const diff = await diffConfiguration(deps, text);
      io.print(describe(diff));
      const changes = diff.changes.filter(({ change }) => change !== 'same').length;
      if (changes === 0 || flags.values['dry-run'] === true) return 0;
      if (flags.values['yes'] !== true && !(await agreed(changes))) {
        io.say('Nothing was changed.');
        return 1;
      }
      await applyConfiguration(deps, { text, digest: diff.digest }, (tx, entry) =>
        context.audit.within(tx, [{ actor: SYSTEM_ACTOR, action: 'config-applied', ...entry }]),
      );
      await context.database.query('select pg_notify($1, $2)', [CHANNEL, 'settings']);
      io.say(`Applied: ${changes} ${changes === 1 ? 'change' : 'changes'}.`);
      return 0;
    });
  },
};

export const exportCommand: Command = {
  usage: 'export-config',
  summary: 'Prints the configuration as YAML.',
  help: `Prints environments, systems, listeners and own mappings; "apply" takes the text back.\n${COMMON_HELP}`,
  async run(args, io) {
    const flags = readFlags(args, COMMON_FLAGS);
    if (flags.positionals.length > 0) throw new UsageError('export-config takes no argument.');
    return withContext({ dataDirectory: dataDirectory(flags, io.env), env: io.env }, async (context) => {
      await ensureDefaults(context);
      io.print((await exportConfiguration({ database: context.database, store: settingsStore })).trimEnd());
      await context.audit.append({ actor: SYSTEM_ACTOR, action: 'config-exported' });
      return 0;
    });
  },
};

/** The difference as lines: `+ system clinic`, `~ listener clinic-adt: port 6661 → 6662`. */
function describe(diff: ConfigurationDiff): string {
  const lines: string[] = [];
  for (const { kind, key, change, fields } of diff.changes) {
    if (change === 'same') continue;
    lines.push(`${change === 'add' ? '+' : '~'} ${kind} ${key}`);
    if (change === 'change') {
      for (const field of fields)
        lines.push(`    ${field.path}: ${JSON.stringify(field.old)} → ${JSON.stringify(field.new)}`);
    }
  }
  if (lines.length === 0) lines.push('Nothing to change.');
  if (diff.untouched.length > 0) {
    lines.push(
      `Left alone, as the file does not name them: ${diff.untouched.map(({ kind, key }) => `${kind} ${key}`).join(', ')}.`,
    );
  }
  return lines.join('\n');
}

async function agreed(changes: number): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('No terminal is attached to ask on: use --yes to apply, --dry-run to look.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Apply ${changes} ${changes === 1 ? 'change' : 'changes'}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
