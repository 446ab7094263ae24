import type pg from 'pg';
import type { EngineLog } from '../engine-log.ts';

/** First key of the advisory locks by which nodes show that they live; the second is the node's number. */
export const NODE_LOCK_CLASS = 7237002;
export const CHANNEL = 'practice_studio';

export interface NodeIdentity {
  /** 1–511: part of the ids that this node gives (its worker gives ids by the number plus 512). */
  readonly node: number;
  readonly name: string;
  /** Raised by whoever takes this node's lanes over: writes that still name the old one are refused. */
  readonly epoch: number;
}

export interface NodeSessionDeps {
  readonly connect: () => Promise<pg.Client>;
  readonly name: string;
  readonly log: EngineLog;
  readonly onNotification: (payload: string) => void;
  /** The session was lost and is back: the epoch may be another, notifications may have been missed. */
  readonly onRestored: (identity: NodeIdentity) => void;
}

/**
 * The connection by which a node shows that it lives: while it is open it holds the advisory lock of the node's number.
 * When the process dies, however it dies, PostgreSQL lets go of the lock and other nodes take over. Reconnects by itself.
 */
export class NodeSession {
  readonly #deps: NodeSessionDeps;
  #client: pg.Client | undefined;
  #identity: NodeIdentity | undefined;
  #stopped = false;
  #reconnecting: Promise<void> | undefined;
  #taken = false;

  constructor(deps: NodeSessionDeps) {
    this.#deps = deps;
  }

  get identity(): NodeIdentity {
    if (this.#identity === undefined) throw new Error('The node has no number yet.');
    return this.#identity;
  }

  /** Whether the session stands right now. */
  get alive(): boolean {
    return this.#client !== undefined;
  }

  async start(): Promise<NodeIdentity> {
    const identity = await this.#open();
    this.#identity = identity;
    return identity;
  }

  /** Runs a statement on the session's own connection; undefined when the session is down. */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[] | undefined> {
    const client = this.#client;
    if (client === undefined) return undefined;
    const result = await client.query(text, values);
    return result.rows as Row[];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #open(): Promise<NodeIdentity> {
    const client = await this.#deps.connect();
    try {
      const identity = await claimNumber(client, this.#deps.name, this.#identity?.node);
      client.on('notification', (message) => {
        if (message.channel === CHANNEL) this.#deps.onNotification(message.payload ?? '');
      });
      await client.query(`listen ${CHANNEL}`);
      client.once('end', () => this.#lost());
      client.on('error', () => {});
      this.#client = client;
      return identity;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  #lost(): void {
    this.#client = undefined;
    if (this.#stopped || this.#reconnecting !== undefined) return;
    this.#reconnecting = this.#reconnect().finally(() => {
      this.#reconnecting = undefined;
    });
  }

  async #reconnect(): Promise<void> {
    for (let delay = 50; !this.#stopped; delay = Math.min(delay * 2, 1000)) {
      try {
        const identity = await this.#open();
        this.#identity = identity;
        this.#deps.log.info({ node: identity.node }, 'The database is back.');
        this.#deps.onRestored(identity);
        return;
      } catch (error) {
        if (error instanceof NumberTaken && !this.#taken) {
          this.#taken = true;
          this.#deps.log.error(
            { node: this.#identity?.node },
            'Another node has taken the number of this one while its session was lost: restart this node, and give each node a name of its own.',
          );
        }
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }
}

/** Takes a number that no living node has: the one of the same name first, so that a restarted node keeps its own. */
async function claimNumber(client: pg.Client, name: string, keep: number | undefined): Promise<NodeIdentity> {
  const known = await client.query<{ node: number; name: string }>('select node, name from nodes order by node');
  const used = new Set(known.rows.map((row) => row.node));
  const candidates = known.rows.filter((row) => row.name === name).map((row) => row.node);
  for (let number = 1; number <= 511; number++) if (!used.has(number)) candidates.push(number);
  for (const row of known.rows) if (row.name !== name) candidates.push(row.node);
  for (const node of keep === undefined ? candidates : [keep]) {
    const locked = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
      NODE_LOCK_CLASS,
      node,
    ]);
    if (locked.rows[0]?.locked !== true) {
      if (candidates[0] === node && known.rows.some((row) => row.node === node && row.name === name)) {
        // The name is in use by a living node: node-bound listeners need names of their own.
        name = `${name}-${process.pid}`;
      }
      continue;
    }
    const row = await client.query<{ epoch: number }>(
      `insert into nodes (node, name, started_at, heartbeat_at) values ($1, $2, now(), now())
       on conflict (node) do update set name = $2, epoch = nodes.epoch + 1, started_at = now(), heartbeat_at = now()
       returning epoch`,
      [node, name],
    );
    return { node, name, epoch: row.rows[0]?.epoch ?? 1 };
  }
  throw new NumberTaken('No free node number: 511 nodes are running, or this one was taken over while it was away.');
}

class NumberTaken extends Error {}
