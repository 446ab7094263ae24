import { Worker as Thread } from 'node:worker_threads';
import type { KeyringData } from '../../security/keyring.ts';
import type { EngineLog } from '../engine-log.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-protocol.ts';

export interface WorkerThreadDeps {
  readonly file: string | URL;
  readonly start: () => Omit<WorkerStart, 'signals'>;
  readonly log: EngineLog;
  readonly onOutcomes: (outcomes: Extract<FromWorker, { kind: 'outcomes' }>) => void;
  readonly loadKeyring: () => Promise<KeyringData>;
  /** The thread died and a new one stands, without shards yet. */
  readonly onRestarted: () => void;
}

/** The worker's thread as the main thread sees it; a thread that dies is started anew. */
export class WorkerThread {
  readonly #deps: WorkerThreadDeps;
  readonly #signals = new Int32Array(new SharedArrayBuffer(12));
  #thread: Thread | undefined;
  #stopping = false;
  #turn = 0;
  #turns = new Map<number, () => void>();
  #stopped: (() => void) | undefined;

  constructor(deps: WorkerThreadDeps) {
    this.#deps = deps;
  }

  /** Resolves when the thread is ready for shards. */
  start(): Promise<void> {
    return this.#launch();
  }

  /** Wakes the worker if it sleeps; costs next to nothing if it does not. */
  wake(): void {
    Atomics.add(this.#signals, 1, 1);
    if (Atomics.compareExchange(this.#signals, 0, 1, 0) === 1) this.#tell({ kind: 'wake' });
  }

  /** Whether storing is slowed down, so that processing is to stand back. */
  press(slowed: boolean): void {
    Atomics.store(this.#signals, 2, slowed ? 1 : 0);
  }

  assign(shards: readonly number[]): Promise<void> {
    if (this.#thread === undefined) return Promise.resolve();
    const turn = ++this.#turn;
    return new Promise((resolve) => {
      this.#turns.set(turn, resolve);
      this.#tell({ kind: 'assign', shards, turn });
    });
  }

  identity(node: number, epoch: number): void {
    this.#tell({ kind: 'identity', node, epoch });
  }

  keyring(keyring: KeyringData): void {
    this.#tell({ kind: 'keyring', keyring });
  }

  settingsChanged(): void {
    this.#tell({ kind: 'settings' });
  }

  /** Ends what is in hand, then the thread; waits at most this long. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#stopped = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#tell({ kind: 'stop' });
    });
    await thread.terminate();
  }

  #tell(message: ToWorker): void {
    this.#thread?.postMessage(message);
  }

  async #launch(): Promise<void> {
    const thread = new Thread(this.#deps.file, {
      workerData: {
        ...this.#deps.start(),
        signals: this.#signals.buffer,
      } satisfies WorkerStart,
      name: 'practice-studio worker',
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    this.#thread = thread;
    let isReady = false;
    await new Promise<void>((resolve, reject) => {
      thread.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') isReady = true;
        this.#hear(message, resolve);
      });
      thread.once('error', (error) => {
        this.#deps.log.error(
          { code: (error as { code?: unknown }).code, reason: error.name },
          'The worker thread failed.',
        );
        reject(error);
      });
      thread.once('exit', () => {
        // Nothing is in its hands any more, so nobody waits for it to put something down.
        for (const resolve of this.#turns.values()) resolve();
        this.#turns.clear();
        if (isReady) void this.#ended();
        else reject(new Error('The worker thread ended while it was starting.'));
      });
    });
  }

  async #ended(): Promise<void> {
    this.#thread = undefined;
    this.#stopped?.();
    if (this.#stopping) return;
    for (let delay = 100; !this.#stopping; delay = Math.min(delay * 2, 5000)) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      try {
        await this.#launch();
        this.#deps.log.warn({}, 'The worker thread was started anew.');
        this.#deps.onRestarted();
        return;
      } catch {
        this.#thread = undefined;
      }
    }
  }

  #hear(message: FromWorker, ready: () => void): void {
    switch (message.kind) {
      case 'ready':
        ready();
        break;
      case 'assigned':
        this.#turns.get(message.turn)?.();
        this.#turns.delete(message.turn);
        break;
      case 'outcomes':
        this.#deps.onOutcomes(message);
        break;
      case 'key-unknown':
        void this.#deps.loadKeyring().then(
          (keyring) => this.#tell({ kind: 'keyring', keyring }),
          () => {
            this.#deps.log.error({}, 'The data keys could not be read again; those at hand go on working.');
            // The worker waits for an answer.
            this.#tell({ kind: 'keyring', keyring: this.#deps.start().keyring });
          },
        );
        break;
      case 'log':
        this.#deps.log[message.level](message.fields, message.message);
        break;
      case 'stopped':
        this.#stopped?.();
        break;
    }
  }
}
