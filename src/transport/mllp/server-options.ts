import { MllpError } from './mllp-error.ts';
import type { MllpServerOptions } from './server-types.ts';

const MEBIBYTE = 1024 * 1024;
const MINUTE = 60_000;

export interface ResolvedServerOptions extends Required<Omit<MllpServerOptions, 'tls'>> {
  /** Step of the coarse clock by which all time limits are kept. */
  readonly tickMs: number;
}

/** Fills in the defaults. @throws MllpError `mllp_bad_option` naming the setting */
export function resolveServerOptions(options: MllpServerOptions): ResolvedServerOptions {
  const whole = (name: keyof MllpServerOptions, value: number, least: number, most = Number.MAX_SAFE_INTEGER) => {
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new MllpError('mllp_bad_option', `${name} must be a whole number from ${least} to ${most}, not ${value}.`);
  };
  const idleTimeoutMs = whole('idleTimeoutMs', options.idleTimeoutMs ?? 15 * MINUTE, 0);
  const frameTimeoutMs = whole('frameTimeoutMs', options.frameTimeoutMs ?? 5 * MINUTE, 0);
  const writeTimeoutMs = whole('writeTimeoutMs', options.writeTimeoutMs ?? 30_000, 0);
  const shortest = Math.min(...[idleTimeoutMs, frameTimeoutMs, writeTimeoutMs, 4_000].filter((ms) => ms > 0));
  return {
    host: options.host ?? '127.0.0.1',
    port: whole('port', options.port, 0, 65_535),
    maxFrameBytes: whole('maxFrameBytes', options.maxFrameBytes ?? 16 * MEBIBYTE, 1, 1024 * MEBIBYTE),
    idleTimeoutMs,
    frameTimeoutMs,
    writeTimeoutMs,
    maxConnections: whole('maxConnections', options.maxConnections ?? 1024, 1),
    maxConnectionsPerPeer: whole('maxConnectionsPerPeer', options.maxConnectionsPerPeer ?? 256, 1),
    allowedPeers: options.allowedPeers ?? [],
    maxInFlightPerConnection: whole('maxInFlightPerConnection', options.maxInFlightPerConnection ?? 64, 1),
    maxInFlightBytes: whole('maxInFlightBytes', options.maxInFlightBytes ?? 64 * MEBIBYTE, 1),
    tickMs: Math.max(20, Math.floor(shortest / 4)),
  };
}
