import { readFileSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import { REGIONS, type RegionName } from '../../simulator/invented/places.ts';
import { ACK_FAULTS } from '../../simulator/nextgen/acknowledge-by-chance.ts';
import { FAULT_NAMES, type Fault } from '../../simulator/nextgen/faults.ts';
import { MIXES, parseMix } from '../../simulator/nextgen/mix.ts';
import type { OutgoingOptions } from '../../simulator/nextgen/outgoing.ts';
import type { FeedVersion, SlidingFeePlace } from '../../simulator/nextgen/render/context.ts';
import type { ClientTlsOptions } from '../transport/mllp/client-types.ts';
import { type ParsedFlags, UsageError } from './options.ts';

export const SIMULATE_FLAGS = {
  help: { type: 'boolean', short: 'h' },
  host: { type: 'string' },
  port: { type: 'string' },
  out: { type: 'string' },
  receive: { type: 'string' },
  messages: { type: 'string' },
  rate: { type: 'string' },
  connections: { type: 'string' },
  seed: { type: 'string' },
  mix: { type: 'string' },
  hl7: { type: 'string' },
  region: { type: 'string' },
  patients: { type: 'string' },
  start: { type: 'string' },
  compression: { type: 'string' },
  'first-control-id': { type: 'string' },
  'control-id-prefix': { type: 'string' },
  'z-segments': { type: 'boolean' },
  'sliding-fee': { type: 'string' },
  'sliding-fee-share': { type: 'string' },
  corrections: { type: 'string' },
  merges: { type: 'string' },
  pdfs: { type: 'string' },
  'document-bytes': { type: 'string' },
  faults: { type: 'string' },
  'bad-every': { type: 'string' },
  'ack-timeout': { type: 'string' },
  silence: { type: 'string' },
  batch: { type: 'boolean' },
  'line-end': { type: 'string' },
  ack: { type: 'string' },
  'late-ms': { type: 'string' },
  echo: { type: 'string' },
  tls: { type: 'boolean' },
  'tls-ca': { type: 'string' },
  'tls-name': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export interface SimulateOptions {
  readonly outgoing: OutgoingOptions;
  readonly seed: string;
  readonly messages: number | undefined;
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly host: string;
  readonly port: number | undefined;
  readonly tls: ClientTlsOptions | undefined;
  readonly ackTimeoutMs: number;
  readonly silenceMs: number;
  readonly out: string | undefined;
  readonly batch: boolean;
  readonly lineEnd: '\r' | '\n' | '\r\n';
  readonly receivePort: number | undefined;
  readonly ackShares: Readonly<Record<string, number>>;
  readonly lateMs: number;
  readonly echo: { readonly host: string; readonly port: number } | undefined;
  readonly json: boolean;
}

/** Reads the flags of `simulate`. @throws UsageError naming the flag that cannot be used */
export function simulateOptions(flags: ParsedFlags): SimulateOptions {
  if (flags.positionals.length > 0) throw new UsageError(`simulate takes no argument "${flags.positionals[0] ?? ''}".`);
  const text = (name: string): string | undefined => {
    const value = flags.values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const read = Number(value);
    if (value.trim() === '' || !Number.isFinite(read) || read < least || read > most) {
      const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
      throw new UsageError(`--${name} must be a number ${bounds}, not "${value}".`);
    }
    return read;
  };
  const whole = (name: string, least: number, most?: number): number | undefined => {
    const read = number(name, least, most);
    if (read !== undefined && !Number.isInteger(read)) throw new UsageError(`--${name} must be a whole number.`);
    return read;
  };
  const port = whole('port', 1, 65_535);
  const receivePort = whole('receive', 0, 65_535);
  const out = text('out');
  if (port === undefined && receivePort === undefined && out === undefined) {
    throw new UsageError('simulate needs somewhere to go: --port N sends, --out FILE writes, --receive PORT takes.');
  }
  if (port !== undefined && out !== undefined) throw new UsageError('--port and --out cannot be used together.');
  const messages = whole('messages', 1);
  if (out !== undefined && messages === undefined) throw new UsageError('--out needs --messages N.');
  const rate = text('rate');
  const ratePerSecond = rate === 'max' ? Infinity : (number('rate', 0.001, 100_000) ?? 3);
  const compression = number('compression', 0.001, 1_000_000) ?? 1;
  const seed = text('seed') ?? '1';
  const start = startOf(text('start'));
  const stepMs = (1000 * compression) / (Number.isFinite(ratePerSecond) ? ratePerSecond : 1);
  const given = <K extends string, V>(key: K, value: V | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
  const outgoing: OutgoingOptions = {
    seed,
    version: oneOf('hl7', text('hl7') ?? '2.3', ['2.3', '2.5.1', '2.8'] satisfies FeedVersion[]),
    region: oneOf('region', text('region') ?? 'springfield', Object.keys(REGIONS) as RegionName[]),
    mix: usable('mix', () => parseMix(text('mix') ?? 'practice')),
    start,
    stepMs,
    zSegments: flags.values['z-segments'] === true,
    faults: faultsOf(text('faults')),
    ...given('slidingFee', slidingFeeOf(text('sliding-fee'))),
    ...given('slidingFeeShare', number('sliding-fee-share', 0, 1)),
    ...given('patients', whole('patients', 1)),
    ...given('firstControlNumber', whole('first-control-id', 0)),
    ...given('controlIdPrefix', text('control-id-prefix')),
    ...given('corrections', number('corrections', 0, 1)),
    ...given('registeredTwice', number('merges', 0, 1)),
    ...given('pdfs', number('pdfs', 0, 1)),
    ...given('documentBytes', whole('document-bytes', 1, 512 * 1024 * 1024)),
    ...given('badEvery', whole('bad-every', 0)),
  };
  return {
    outgoing,
    seed,
    messages,
    ratePerSecond,
    connections: whole('connections', 1, 1000) ?? 1,
    host: text('host') ?? '127.0.0.1',
    port,
    tls: tlsOf(flags.values['tls'] === true, text),
    ackTimeoutMs: (number('ack-timeout', 0.01, 3600) ?? 30) * 1000,
    silenceMs: (number('silence', 0, 86_400) ?? 30) * 1000,
    out,
    batch: flags.values['batch'] === true,
    lineEnd: { cr: '\r', lf: '\n', crlf: '\r\n' }[
      oneOf('line-end', text('line-end') ?? 'cr', ['cr', 'lf', 'crlf'])
    ] as '\r',
    receivePort,
    ackShares: sharesOf('ack', text('ack'), ACK_FAULTS),
    lateMs: number('late-ms', 0) ?? 5_000,
    echo: echoOf(text('echo')),
    json: flags.values['json'] === true,
  };
}

function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${known.join(', ')}, not "${value}".`);
  return found;
}

function usable<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UsageError(`--${flag}: ${error.message} Mixes by name: ${Object.keys(MIXES).join(', ')}.`);
    }
    throw error;
  }
}

function startOf(text: string | undefined): Date {
  if (text === undefined) return new Date();
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--start must be a time such as 2026-04-21T14:30:00Z, not "${text}".`);
  return at;
}

/** `half_frame=0.01,duplicate=0.02` */
function sharesOf(flag: string, text: string | undefined, known: readonly string[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const part of text === undefined || text === '' ? [] : text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=');
    const share = Number(value);
    if (!known.includes(name))
      throw new UsageError(`--${flag}: "${name}" is not known; known are ${known.join(', ')}.`);
    if (value === '' || !(share >= 0 && share <= 1)) {
      throw new UsageError(`--${flag}: "${part.trim()}" needs a share from 0 to 1, such as ${name}=0.01.`);
    }
    shares[name] = share;
  }
  return shares;
}

function faultsOf(text: string | undefined): Partial<Record<Fault, number>> {
  if (text?.startsWith('all=') === true) {
    const each = sharesOf('faults', text, ['all'])['all'] ?? 0;
    const noisy = FAULT_NAMES.filter((fault) => fault !== 'silence');
    return Object.fromEntries(noisy.map((fault) => [fault, each / noisy.length]));
  }
  return sharesOf('faults', text, FAULT_NAMES);
}

/** `PV1-20`, `PV1-51:class`, `ZFC-2`, `none` */
function slidingFeeOf(text: string | undefined): SlidingFeePlace | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const match = /^(PV1|Z[A-Z0-9]{2})-([1-9]\d{0,2})(?::(marker|class))?$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `--sliding-fee must be a place such as PV1-20, PV1-51:class or ZFC-2, or "none", not "${text}".`,
    );
  }
  return { segment: match[1] ?? 'PV1', field: Number(match[2]), write: match[3] === 'class' ? 'class' : 'marker' };
}

function echoOf(text: string | undefined): { readonly host: string; readonly port: number } | undefined {
  if (text === undefined) return undefined;
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) throw new UsageError(`--echo must be HOST:PORT, not "${text}".`);
  return { host: match[1] ?? '127.0.0.1', port };
}

function tlsOf(wanted: boolean, text: (name: string) => string | undefined): ClientTlsOptions | undefined {
  const file = (name: string): string | undefined => {
    const path = text(name);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      throw new UsageError(`--${name}: the file "${path}" cannot be read.`);
    }
  };
  const [authorities, certificates, privateKey] = [file('tls-ca'), file('tls-cert'), file('tls-key')];
  const serverName = text('tls-name');
  if (!wanted && authorities === undefined && certificates === undefined) return undefined;
  if ((certificates === undefined) !== (privateKey === undefined)) {
    throw new UsageError('--tls-cert and --tls-key belong together.');
  }
  return {
    ...(authorities === undefined ? {} : { authorities }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(certificates === undefined || privateKey === undefined ? {} : { identity: { certificates, privateKey } }),
  };
}
