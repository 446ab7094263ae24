import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hl7ToFhir } from '../../connectors/hl7-to-fhir/hl7-to-fhir.ts';
import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { readMessages } from '../../formats/hl7v2/read-messages.ts';
import type { ToFhirResult } from '../../mapping/to-fhir/convert.ts';
import type { ToFhirOptions } from '../../mapping/to-fhir/run.ts';
import { toBundle } from '../../mapping/to-fhir/to-bundle.ts';
import type { Command, CommandIo } from '../command.ts';
import { readFlags, UsageError } from '../options.ts';

const FLAGS = {
  zone: { type: 'string' },
  into: { type: 'string' },
  ndjson: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `practice-studio hl7 to-fhir`: HL7 v2 as FHIR R4 Bundles, as the program itself would make them. Changes nothing. */
export const toFhirAction: Command = {
  usage: 'to-fhir FILE [--zone ZONE] [--ndjson | --into FOLDER]',
  summary: 'Converts HL7 messages to FHIR R4 Bundles, as the published v2-to-FHIR tables say.',
  help: `One message: its Bundle as JSON on standard output. Several: one Bundle on each line (NDJSON).
  --ndjson       one line for each message, also when there is only one
  --into FOLDER  a file for each message instead: 0001.json, 0002.json, …
  --zone ZONE    time zone of times without an offset, such as America/Chicago or -06:00; UTC without it
  --help         this text
Warnings go to standard error, with their places in the message and nothing of its content.
Exit code 0: every message was converted; 1: one was not, or there was none; 2: typed wrongly.`,
  async run(args, io) {
    const flags = readFlags(args, FLAGS);
    const [file] = flags.positionals;
    if (file === undefined || flags.positionals.length > 1) throw new UsageError('hl7 to-fhir needs one FILE.');
    const { zone, into, ndjson } = flags.values;
    if (typeof into === 'string' && ndjson === true) throw new UsageError('--ndjson and --into exclude each other.');
    const options: ToFhirOptions = typeof zone === 'string' ? { timeZone: checkedZone(zone) } : {};
    const output = typeof into === 'string' ? await folderOutput(into) : streamOutput(io, ndjson === true);
    let sound = true;
    let count = 0;
    try {
      for await (const item of readMessages(createReadStream(file))) {
        if (item.kind === 'envelope') continue;
        const place = `${file}:${item.line}`;
        if (item.kind === 'problem') {
          io.say(`${place}: ${item.text}`);
          continue;
        }
        count += 1;
        const result = convertOne(item.bytes, options, place, io);
        if (result === undefined) sound = false;
        else await output.take(JSON.stringify(toBundle(result)));
      }
    } catch (cause) {
      const code = (cause as { code?: unknown }).code;
      if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw cause;
      throw new UsageError(`${file} cannot be read or written: ${code}.`);
    }
    await output.end();
    if (count === 0) io.say(`${file} holds no message.`);
    return sound && count > 0 ? 0 : 1;
  },
};

/** Converts one message and tells what is to be said of it; undefined when nothing came of it. */
function convertOne(bytes: Buffer, options: ToFhirOptions, place: string, io: CommandIo): ToFhirResult | undefined {
  try {
    const result = hl7ToFhir().convert(parseMessage(bytes), options);
    for (const warning of result.warnings) {
      io.say(`${place} ${warning.place}: ${warning.reason} ${warning.hint} (${warning.code})`);
    }
    for (const { place: at, table } of result.unmappedCodes) {
      const what = table === undefined ? 'is of no standard coding system' : `is not in the code map ${table}`;
      io.say(`${place} ${at}: the code ${what}; it was kept as it was sent.`);
    }
    return result.table === undefined ? undefined : result;
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    io.say(`${place}: ${error.message} (${error.code})`);
    return undefined;
  }
}

interface Output {
  take(bundle: string): Promise<void> | void;
  end(): Promise<void> | void;
}

/** One Bundle is written for people to read; as soon as there is a second, each gets a line. */
function streamOutput(io: CommandIo, lines: boolean): Output {
  let first: string | undefined;
  let count = 0;
  return {
    take(bundle) {
      count += 1;
      if (lines) io.print(bundle);
      else if (count === 1) first = bundle;
      else {
        if (first !== undefined) io.print(first);
        first = undefined;
        io.print(bundle);
      }
    },
    end() {
      if (first !== undefined) io.print(JSON.stringify(JSON.parse(first), null, 2));
    },
  };
}

async function folderOutput(folder: string): Promise<Output> {
  await mkdir(folder, { recursive: true });
  let count = 0;
  return {
    async take(bundle) {
      count += 1;
      // Patient data: nobody else on this machine has to read it.
      await writeFile(join(folder, `${String(count).padStart(4, '0')}.json`), `${bundle}\n`, { mode: 0o600 });
    },
    end: () => undefined,
  };
}

function checkedZone(zone: string): string {
  if (/^(?:[+-]\d{2}:\d{2})$/.test(zone)) return zone;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--zone knows no time zone "${zone}"; write it as America/Chicago or -06:00.`);
  }
}
