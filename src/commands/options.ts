import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { MIXES, type MixName } from '../../simulator/nextgen/mix.ts';

/** Something is wrong with what was typed: one sentence for the person, exit code 2. */
export class UsageError extends Error {
  readonly code = 'usage';
}

/** What the log holds: `debug` every request to the API, `info` what happens, `warn` and `error` only what is wrong. */
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the program works and listens; every value comes from a flag, else from an environment variable, else a default. */
export interface ProgramOptions {
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly hl7Port: number;
  readonly demo: boolean;
  /** What the simulated practice of the demo sends. */
  readonly demoMix: MixName;
  readonly node: string | undefined;
  readonly logTo: 'file' | 'stdout';
  readonly logLevel: LogLevel;
  /** Size at which the log file is put aside, in bytes. */
  readonly logFileBytes: number;
  /** How many log files that were put aside are kept. */
  readonly logFilesKept: number;
  /** How long the audit log is kept, in years. */
  readonly auditYears: number;
  readonly openMetricsOnLoopback: boolean;
  /** Names under which browsers reach the program, beside IP addresses and localhost. */
  readonly hostNames: readonly string[];
  /** Whether browsers come by https, at a proxy in front. */
  readonly https: boolean;
  /** Addresses of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The flags that every command knows, with their environment variables. */
export const COMMON_FLAGS = {
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

export const START_FLAGS = {
  ...COMMON_FLAGS,
  port: { type: 'string' },
  'hl7-port': { type: 'string' },
  host: { type: 'string' },
  demo: { type: 'boolean' },
  'demo-mix': { type: 'string' },
  node: { type: 'string' },
  log: { type: 'string' },
  'log-level': { type: 'string' },
  'log-size': { type: 'string' },
  'log-files': { type: 'string' },
  'audit-years': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export interface ParsedFlags {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Reads flags strictly: an unknown one or one without its value is told at once. Throws {@link UsageError}. */
export function readFlags(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): ParsedFlags {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: values as ParsedFlags['values'], positionals };
  } catch (error) {
    const [, flag] =
      error instanceof Error ? (/^Option '([^']+)' argument is ambiguous/.exec(error.message) ?? []) : [];
    if (flag !== undefined) throw new UsageError(`${flag} needs a value, and none that begins with a dash.`);
    throw new UsageError(error instanceof Error ? firstSentence(error.message) : 'The arguments cannot be read.');
  }
}

function firstSentence(text: string): string {
  const [line = ''] = text.split('\n');
  const end = line.indexOf('. ');
  return end === -1 ? line : line.slice(0, end + 1);
}

/** The options of `start`. Throws {@link UsageError}. */
export function startOptions(flags: ParsedFlags, env: Environment): ProgramOptions {
  if (flags.positionals.length > 0) throw new UsageError(`start takes no argument "${flags.positionals[0] ?? ''}".`);
  const text = (flag: string, variable: string): string | undefined => {
    const value = flags.values[flag];
    return typeof value === 'string' ? value : env[variable] === '' ? undefined : env[variable];
  };
  const demo = flags.values['demo'] === true || isOn(env, 'PRACTICE_STUDIO_DEMO');
  const host = text('host', 'PRACTICE_STUDIO_HOST') ?? '127.0.0.1';
  if (host !== 'localhost' && isIP(host) === 0) {
    throw new UsageError(`The host must be an IP address of this machine or "localhost", not "${host}".`);
  }
  const port = portOf(text('port', 'PRACTICE_STUDIO_PORT') ?? '8480', '--port');
  const hl7Port = portOf(text('hl7-port', 'PRACTICE_STUDIO_HL7_PORT') ?? '6661', '--hl7-port');
  if (port === hl7Port && demo) throw new UsageError(`--port and --hl7-port must differ; both are ${port}.`);
  const log = text('log', 'PRACTICE_STUDIO_LOG') ?? 'file';
  if (log !== 'file' && log !== 'stdout') throw new UsageError(`--log must be "file" or "stdout", not "${log}".`);
  const levelText = text('log-level', 'PRACTICE_STUDIO_LOG_LEVEL') ?? 'info';
  const logLevel = LOG_LEVELS.find((level) => level === levelText);
  if (logLevel === undefined) {
    throw new UsageError(`--log-level must be one of ${LOG_LEVELS.join(', ')}, not "${levelText}".`);
  }
  const logMegabytes = wholeOf(text('log-size', 'PRACTICE_STUDIO_LOG_SIZE') ?? '20', '--log-size', 1, 10_000);
  const logFilesKept = wholeOf(text('log-files', 'PRACTICE_STUDIO_LOG_FILES') ?? '5', '--log-files', 0, 100);
  const node = text('node', 'PRACTICE_STUDIO_NODE');
  if (node !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(node)) {
    throw new UsageError(`--node must be a name of letters, digits, dots and dashes, not "${node}".`);
  }
  return {
    dataDirectory: dataDirectory(flags, env, demo),
    databaseUrl: env['DATABASE_URL'] === '' ? undefined : env['DATABASE_URL'],
    host,
    port,
    hl7Port,
    demo,
    demoMix: demoMixOf(text('demo-mix', 'PRACTICE_STUDIO_DEMO_MIX') ?? 'adt'),
    node,
    logTo: log,
    logLevel,
    logFileBytes: logMegabytes * 1024 * 1024,
    logFilesKept,
    auditYears: wholeOf(text('audit-years', 'PRACTICE_STUDIO_AUDIT_YEARS') ?? '6', '--audit-years', 1, 100),
    openMetricsOnLoopback: isOn(env, 'PRACTICE_STUDIO_METRICS_ON_LOOPBACK'),
    hostNames: listOf(env['PRACTICE_STUDIO_HOST_NAMES']),
    https: isOn(env, 'PRACTICE_STUDIO_HTTPS'),
    trustedProxies: listOf(env['PRACTICE_STUDIO_TRUSTED_PROXIES']),
  };
}

function demoMixOf(text: string): MixName {
  if (Object.hasOwn(MIXES, text)) return text as MixName;
  throw new UsageError(`--demo-mix must be one of ${Object.keys(MIXES).join(', ')}, not "${text}".`);
}

/** The data directory, absolute. The demo has its own inside the default one, so that it never meets real data. */
export function dataDirectory(flags: ParsedFlags, env: Environment, demo = false): string {
  const value = flags.values['data'];
  if (typeof value === 'string' && value === '') throw new UsageError('--data needs the path of a directory.');
  const named = typeof value === 'string' ? value : env['PRACTICE_STUDIO_DATA'];
  return resolve(named === undefined || named === '' ? (demo ? 'data/demo' : 'data') : named);
}

/** A switch of the environment: anything that is neither yes nor no is told, as it may guard something. */
function isOn(env: Environment, variable: string): boolean {
  const value = (env[variable] ?? '').trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(value)) return true;
  if (['', '0', 'false', 'no', 'off'].includes(value)) return false;
  throw new UsageError(`${variable} must be 1 or 0, not "${value}".`);
}

/** `a, b` as a list. */
function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function portOf(text: string, flag: string): number {
  return wholeOf(text, flag, 1, 65535, 'a port');
}

function wholeOf(text: string, flag: string, least: number, most: number, what = 'a whole number'): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${flag} must be ${what} from ${least} to ${most}, not "${text}".`);
  }
  return number;
}
