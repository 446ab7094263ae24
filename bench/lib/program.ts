import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the nearest folder above with a package.json. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'dist', 'cli.js');

export interface BenchProgram {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number;
  readonly hl7Port: number;
  readonly token: string;
  /** Milliseconds from the start of the process until its listener answered. */
  readonly startMs: number;
  /** A counter of /metrics by its name. */
  metric(name: string): Promise<number>;
  /** Resolves when everything received is processed. */
  drained(): Promise<void>;
  api(path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface BenchSetup {
  readonly ackWhen?: 'commit' | 'processed';
}

/** Makes a data directory with one system and one listener, set up as a person would: with a configuration file. */
export async function prepareData(setup: BenchSetup = {}): Promise<{ dataDirectory: string; hl7Port: number }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'practice-studio-bench-'));
  const hl7Port = await freePort();
  const file = join(dataDirectory, 'configuration.yaml');
  await writeFile(
    file,
    `format: practice-studio-configuration/1
systems:
  - { key: clinic, name: Clinic, environment: development, product: nextgen-enterprise, product_version: 6.0.x, methods: [hl7] }
listeners:
  - { key: clinic-adt, name: Clinic ADT, system: clinic, port: ${hl7Port}, ack_when: ${setup.ackWhen ?? 'commit'} }
`,
  );
  await command(['apply', file, '--yes', '--data', dataDirectory]);
  return { dataDirectory, hl7Port };
}

/** Starts the built program on a data directory. */
export async function startProgram(data: { dataDirectory: string; hl7Port: number }): Promise<BenchProgram> {
  const { dataDirectory, hl7Port } = data;
  const port = await freePort();
  const token = (await command(['token', 'create', '--role', 'administrator', '--data', dataDirectory])).trim();
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, 'start', '--data', dataDirectory, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await answers(hl7Port, child);
  const startMs = performance.now() - begun;
  const headers = { authorization: `Bearer ${token}` };
  const base = `http://127.0.0.1:${port}`;
  for (;;) {
    const ready = await fetch(`${base}/readyz`).catch(() => undefined);
    if (ready?.ok === true) break;
    await pause(50);
  }
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${base}/metrics`, { headers })).text();
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  };
  return {
    pid: child.pid ?? 0,
    dataDirectory,
    port,
    hl7Port,
    token,
    startMs,
    metric,
    async drained() {
      for (;;) {
        const received = await metric('practice_studio_messages_received_total');
        const ended =
          (await metric('practice_studio_messages_delivered_total')) +
          (await metric('practice_studio_messages_filtered_total')) +
          (await metric('practice_studio_messages_failed_total'));
        if (ended >= received) return;
        await pause(50);
      }
    },
    async api(path, body) {
      const response = await fetch(`${base}${path}`, {
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined
          ? {}
          : {
              method: 'POST',
              body: JSON.stringify(body),
            }),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
      return response.json();
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export async function removeData(dataDirectory: string): Promise<void> {
  await rm(dataDirectory, { recursive: true, force: true });
}

/** Runs one command of the program; answers what it printed. */
export async function command(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`practice-studio ${args[0] ?? ''} ended with ${code}.`);
  return text;
}

/** Sends one message until it is acknowledged: the moment that a restarted program is of use again. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  const { createMllpClient } = await import('../../src/transport/mllp/client.ts');
  const client = createMllpClient({ host: '127.0.0.1', port, backoff: { firstMs: 5, mostMs: 10 } as never });
  const text = `MSH|^~\\&|BENCH|B|S|H|20260101||QRY^Z99|start${process.pid}x${port}|P|2.5.1\r`;
  while (child.exitCode === null) {
    try {
      await client.send(Buffer.from(text), { timeoutMs: 5000 });
      await client.close();
      return;
    } catch {
      await pause(5);
    }
  }
  throw new Error('The program ended while it was starting.');
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
