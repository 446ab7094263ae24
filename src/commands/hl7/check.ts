import { createReadStream } from 'node:fs';
import { readMessages } from '../../formats/hl7v2/read-messages.ts';
import type { Command, CommandIo } from '../command.ts';
import { readFlags, UsageError } from '../options.ts';
import { checkItem, type BatchCheck, type MessageCheck } from './check-item.ts';
import { CheckSummary } from './check-summary.ts';
import { findFiles } from './find-files.ts';

const MEGABYTE = 1024 * 1024;

/** `practice-studio hl7 check`: reads sample messages and tells of each what would become of it. Changes nothing. */
export const checkAction: Command = {
  usage: 'check PATH… [--json] [--max-size MB]',
  summary: 'Checks HL7 files: read, written back identically, routed to what, and what is wrong with each message.',
  help: `PATH is a file or a folder with all that is below it; of a folder, files that hold no HL7 are passed over.
  --json          one JSON object for each message, and one for each problem of a batch; the summary goes to
                  standard error
  --max-size MB   longest message, default 64; a longer one is told and passed over
  --help          this text
Exit code 0: every message was parsed and is written back identically; 1: one was not, or there was none;
2: typed wrongly. Warnings do not change it. Nothing of a message's content is printed but its type and version.`,
  async run(args, io) {
    const flags = readFlags(args, {
      json: { type: 'boolean' },
      'max-size': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    if (flags.positionals.length === 0) throw new UsageError('hl7 check needs at least one PATH.');
    const size = flags.values['max-size'] ?? '64';
    if (!/^[1-9]\d{0,3}$/.test(String(size))) throw new UsageError('--max-size must be a whole number of megabytes.');
    const json = flags.values['json'] === true;
    const summary = new CheckSummary();
    if (!json) io.print(tableLine(['READ', 'SAME', 'TYPE', 'VERSION', 'ROUTE', 'WHERE']));
    for await (const { path, isHl7 } of findFiles(flags.positionals)) {
      if (!isHl7) {
        summary.passedOver += 1;
        continue;
      }
      summary.files += 1;
      await checkFile(path, Number(size) * MEGABYTE, io, (check) => {
        summary.add(check);
        io.print(json ? JSON.stringify(check) : describe(check));
      }).catch((cause: unknown) => {
        const code = (cause as { code?: unknown }).code;
        if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw cause;
        summary.unreadable += 1;
        io.say(`${path} cannot be read: ${code}.`);
      });
    }
    const lines = summary.lines();
    if (json) for (const line of lines) io.say(line);
    else io.print(`\n${lines.join('\n')}`);
    return summary.isSound ? 0 : 1;
  },
};

async function checkFile(
  path: string,
  maxMessageBytes: number,
  io: CommandIo,
  tell: (check: MessageCheck | BatchCheck) => void,
): Promise<void> {
  let found = 0;
  for await (const item of readMessages(createReadStream(path), { maxMessageBytes })) {
    const check = checkItem(path, item);
    found += 1;
    if (check !== undefined) tell(check);
  }
  if (found === 0) io.say(`${path} holds nothing.`);
}

const WIDTHS = [4, 4, 10, 7, 13];

function tableLine(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('  ');
}

/** A row for the message, and below it what is to be said of it. */
function describe(check: MessageCheck | BatchCheck): string {
  const where = `${check.file}:${check.line}`;
  if (check.kind === 'batch')
    return `${tableLine(['', '', 'batch', '', '', where])}\n      ${check.place} ${check.text}`;
  const row = [
    check.parsed ? 'yes' : 'NO',
    check.identical ? 'yes' : 'NO',
    check.type ?? '?',
    check.version ?? '?',
    check.route ?? '-',
    where,
  ];
  const remarks = check.warnings.map(
    ({ severity, place, text }) => `\n      ${severity}${place === '' ? '' : ` ${place}`}: ${text}`,
  );
  return tableLine(row) + remarks.join('');
}
