import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readPostmasterFile } from '../../src/store/bundled/postmaster-file.ts';
import { serverProcessesOf } from '../../src/store/bundled/process-identity.ts';
import { findRunningPostgres } from '../../src/store/bundled/start-bundled-postgres.ts';
import { checkout } from './checkout.ts';
import { quietPort } from './quiet-port.ts';

/** Where the built program lies; another build can be tried by naming its folder. */
const built = process.env['PRACTICE_STUDIO_BUILD'] ?? join(checkout, 'dist');
const cli = join(built, 'cli.js');

export interface ListenerPlan {
  readonly key: string;
  readonly ackWhen?: 'commit' | 'processed';
  /** Only on the node of this name. */
  readonly node?: string;
  readonly limits?: Readonly<Record<string, number>>;
}

export interface ProgramPlan {
  readonly listeners: readonly ListenerPlan[];
  /** The data directory, where it is not to be a new temporary one. */
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `--node`. */
  readonly node?: string;
  /** Later messages of a patient wait so long behind a failed one; default 0. */
  readonly holdSeconds?: number;
}

export interface EndedCommand {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data directory with one system and its listeners, for the built program to run on: as a user would have it. */
export class ProgramHome {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly #node: string | undefined;
  readonly #ports = new Map<string, number>();
  readonly #running = new Set<RunningProgram>();
  #token: string | undefined;

  private constructor(directory: string, plan: Pick<ProgramPlan, 'environment' | 'node'>) {
    this.directory = directory;
    this.#node = plan.node;
    this.environment = plan.environment ?? {};
  }

  /** Makes the directory and applies a configuration with these listeners, by the command line. */
  static async make(plan: ProgramPlan): Promise<ProgramHome> {
    if (!existsSync(cli)) throw new Error('The program is not built: run "npm run build" first.');
    const home = await ProgramHome.join(plan);
    try {
      for (const { key } of plan.listeners) home.#ports.set(key, await quietPort());
      const file = join(home.directory, 'configuration.yaml');
      await writeFile(file, JSON.stringify(configuration(plan, home.#ports)));
      const { code, stdout, stderr } = await home.command('apply', file, '--yes');
      if (code !== 0) throw new Error(`The configuration was not applied: ${stdout}${stderr}`);
      return home;
    } catch (error) {
      await home.remove();
      throw error;
    }
  }

  /** A data directory of its own for one more node on a configured database. */
  static async join(plan: Pick<ProgramPlan, 'directory' | 'environment' | 'node'>): Promise<ProgramHome> {
    const directory = plan.directory ?? (await mkdtemp(join(tmpdir(), 'practice-studio-fault-')));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new ProgramHome(directory, plan);
  }

  /** The port of a listener. */
  port(key: string): number {
    const port = this.#ports.get(key);
    if (port === undefined) throw new Error(`No listener is called ${key}.`);
    return port;
  }

  /** The directory of the bundled database. */
  get database(): string {
    return join(this.directory, 'postgres');
  }

  /** Starts the program and waits until it says that it runs. */
  async start(): Promise<RunningProgram> {
    const program = await this.launch();
    await program.up;
    return program;
  }

  /** Starts the program and waits for nothing. */
  async launch(): Promise<RunningProgram> {
    const port = await quietPort();
    const node = this.#node === undefined ? [] : ['--node', this.#node];
    const program = new RunningProgram(
      ['start', '--data', this.directory, '--port', String(port), ...node],
      this.#variables(),
      port,
    );
    this.#running.add(program);
    void program.exited.then(() => this.#running.delete(program));
    return program;
  }

  /** Runs a command of the program to its end. */
  command(...args: readonly string[]): Promise<EndedCommand> {
    return new Promise((resolve) => {
      const options = { env: this.#variables(), maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(
        process.execPath,
        [cli, ...args, '--data', this.directory],
        options,
        (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  /** A token of an administrator; the program must be running, or its database be there to be started. */
  async token(): Promise<string> {
    if (this.#token === undefined) {
      const { code, stdout, stderr } = await this.command('token', 'create', '--role', 'administrator');
      if (code !== 0) throw new Error(`No token was made: ${stderr}`);
      this.#token = stdout.trim();
    }
    return this.#token;
  }

  /** Asks the API as an administrator; throws when it answers with an error. */
  async api<T>(program: RunningProgram, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${await this.token()}` };
    const answer = await fetch(`${program.url}${path}`, {
      method,
      ...(body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Runs statements on the program's database, past the program. */
  async sql<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(await this.#connection());
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The rows of one statement. */
  async rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.sql(async (client) => (await client.query(text, values)).rows as Row[]);
  }

  /** The process id of the bundled server; null when there is none. */
  async databasePid(): Promise<number | null> {
    return (await readPostmasterFile(this.database))?.pid ?? null;
  }

  /** Sends a signal to every process of the bundled server, its main one first. */
  async signalDatabase(signal: NodeJS.Signals): Promise<void> {
    const main = await this.databasePid();
    const all = await serverProcessesOf(this.database);
    for (const pid of [...all.filter((each) => each === main), ...all.filter((each) => each !== main)])
      send(pid, signal);
  }

  /** Ends whatever still runs and removes everything. */
  async remove(): Promise<void> {
    for (const program of this.#running) program.kill();
    await Promise.all([...this.#running].map(({ exited }) => exited));
    if (this.environment['DATABASE_URL'] === undefined && existsSync(this.database)) {
      await this.signalDatabase('SIGCONT');
      await this.signalDatabase('SIGKILL');
      for (let tries = 0; tries < 200 && (await serverProcessesOf(this.database)).length > 0; tries++) await sleep(25);
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #connection(): Promise<pg.ClientConfig> {
    const url = this.environment['DATABASE_URL'];
    if (url !== undefined) return { connectionString: url };
    const found = await findRunningPostgres(this.database);
    if (found === null) throw new Error('No program runs on this data directory.');
    return found.connection;
  }

  #variables(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _, ...inherited } = process.env;
    return { ...inherited, ...this.environment };
  }
}

/** A process of the program that was told to start. */
export class RunningProgram {
  readonly url: string;
  readonly pid: number;
  /** Resolves when it runs; rejects when it ends before. */
  readonly up: Promise<void>;
  readonly exited: Promise<void>;
  /** What it said on its terminal. */
  said = '';
  readonly #child: ChildProcess;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.pid = child.pid ?? 0;
    const callOff = endWithUs(this.pid);
    this.exited = once(child, 'exit').then(callOff);
    this.up = new Promise((resolve, reject) => {
      const hear = (data: Buffer): void => {
        this.said += String(data);
        if (this.said.includes(' runs at ')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      void this.exited.then(() => reject(new Error(`The program ended while it was starting: ${this.said}`)));
    });
    this.up.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How it ended, when it did. */
  get end(): string {
    return this.#child.signalCode ?? String(this.#child.exitCode);
  }

  /** kill -9. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks it to stop and waits for its end. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.exited;
  }

  /** What `/readyz` answers. */
  async readiness(): Promise<{ readonly status: number; readonly reasons: readonly string[] }> {
    const answer = await fetch(`${this.url}/readyz`);
    const { reasons } = (await answer.json()) as { reasons: string[] };
    return { status: answer.status, reasons };
  }
}

function configuration(plan: ProgramPlan, ports: ReadonlyMap<string, number>): object {
  return {
    format: 'practice-studio-configuration/1',
    systems: [
      {
        key: 'practice',
        name: 'Practice',
        environment: 'development',
        product: 'nextgen-enterprise',
        product_version: '6.0.x',
        methods: ['hl7'],
        settings: { hold_after_failure_seconds: plan.holdSeconds ?? 0 },
      },
    ],
    listeners: plan.listeners.map(({ key, ackWhen, node, limits }) => ({
      key,
      name: key,
      system: 'practice',
      port: ports.get(key),
      ...(ackWhen === undefined ? {} : { ack_when: ackWhen }),
      ...(node === undefined ? {} : { node }),
      ...(limits === undefined ? {} : { limits }),
    })),
  };
}

/** A shell that ends the program when this process ends, kill -9 included. Returns what calls it off. */
function endWithUs(pid: number): () => void {
  const shell = spawn('/bin/sh', ['-c', 'read -r word; [ "$word" = done ] || kill -9 "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.stdin.on('error', () => undefined);
  return () => shell.stdin.end('done\n');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone meanwhile
  }
}
