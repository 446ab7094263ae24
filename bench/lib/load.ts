import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './program.ts';

/** What the load generator reports (bench/mllp-load.mjs tells what each figure is). */
export interface LoadReport {
  readonly secs: number;
  readonly acked: number;
  readonly msgPerSec: number;
  readonly p50: number;
  readonly p99: number;
  readonly nak: number;
  readonly errs: readonly string[];
  readonly serverCpuMsPerMsg: number;
  readonly serverRssMaxMB: number;
  readonly writeBytesPerMsg: number;
}

/** Runs the load generator as a process of its own. */
export async function load(options: Readonly<Record<string, string | number>>): Promise<LoadReport> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [join(root, 'bench', 'mllp-load.mjs'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(text) as LoadReport;
}
