import type { Command } from './command.ts';
import { analyzeAction } from './hl7/analyze.ts';
import { checkAction } from './hl7/check.ts';
import { toFhirAction } from './hl7/to-fhir.ts';
import { UsageError } from './options.ts';

/** What `practice-studio hl7 ACTION` can do; each is a command of its own under its name. */
const ACTIONS: Readonly<Record<string, Command>> = {
  check: checkAction,
  'to-fhir': toFhirAction,
  analyze: analyzeAction,
};

/** HL7 tools for the command line. They read files, and need neither the program nor its database. */
export const hl7Command: Command = {
  usage: Object.values(ACTIONS)
    .map(({ usage }) => `hl7 ${usage}`)
    .join('\n  '),
  summary: Object.values(ACTIONS)
    .map(({ summary }) => summary)
    .join('\n      '),
  help: Object.values(ACTIONS)
    .map(({ usage, help }) => `\nhl7 ${usage}\n${help}`)
    .join('\n'),
  async run(args, io) {
    const [name = '', ...rest] = args;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) throw new UsageError(`hl7 knows: ${Object.keys(ACTIONS).join(', ')}.`);
    return action.run(rest, io);
  },
};
