import { SHARD_COUNT } from '../lanes.ts';
import { NODE_LOCK_CLASS, type NodeSession } from './node-session.ts';

/**
 * First key of the advisory locks of the nodes that share the work; the second is the node's number. A command of the
 * command line is a node that lives without doing any.
 */
const SHARING_LOCK_CLASS = 7237003;

export interface ShardLeasesDeps {
  readonly session: NodeSession;
  readonly transaction: <T>(
    work: (query: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>) => Promise<T>,
  ) => Promise<T>;
  /** The shards that this node works on from now on. Resolves once nothing of the others is in hand any more. */
  readonly assign: (shards: readonly number[]) => Promise<void>;
}

/**
 * Keeps the shards evenly spread over the living nodes. A dead node is fenced first: its epoch is raised under a lock that
 * waits for its last write, so that nothing of it can be committed after its lanes have moved.
 */
export class ShardLeases {
  readonly #deps: ShardLeasesDeps;
  #mine: readonly number[] = [];
  #running: Promise<void> | undefined;
  /** Counts how often everything was forgotten: a round that began before knows nothing of now. */
  #era = 0;
  #released = false;

  constructor(deps: ShardLeasesDeps) {
    this.#deps = deps;
  }

  get mine(): readonly number[] {
    return this.#mine;
  }

  /** Forgets what this node had: after its session was lost others may have it. */
  async forget(): Promise<void> {
    this.#era += 1;
    this.#mine = [];
    await this.#running?.catch(() => {});
    await this.#deps.assign([]);
  }

  /** One round: give up what is too much, take what is free or of the dead. Never two rounds at once. */
  balance(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Gives everything back, so that other nodes need not wait. */
  async release(): Promise<void> {
    this.#released = true;
    await this.#running?.catch(() => {});
    this.#mine = [];
    await this.#deps.assign([]);
    const { session } = this.#deps;
    const me = session.identity.node;
    await session.query('update shards set node = null where node = $1', [me]).catch(() => {});
    await session.query('select pg_advisory_unlock($1, $2)', [SHARING_LOCK_CLASS, me]).catch(() => {});
  }

  async #round(): Promise<void> {
    const { session } = this.#deps;
    if (!session.alive || this.#released) return;
    const era = this.#era;
    const me = session.identity.node;
    const alive = await session.query<{ node: number; sharing: boolean }>(
      `select objid::int as node, classid = $2 as sharing from pg_locks
       where locktype = 'advisory' and classid in ($1, $2) and objsubid = 2 and granted
       and database = (select oid from pg_database where datname = current_database())`,
      [NODE_LOCK_CLASS, SHARING_LOCK_CLASS],
    );
    if (alive === undefined) return;
    const living = new Set(alive.filter(({ sharing }) => !sharing).map(({ node }) => node));
    if (!living.has(me)) return;
    const sharing = new Set(alive.filter((row) => row.sharing).map(({ node }) => node));
    if (!sharing.has(me)) {
      await session.query('select pg_try_advisory_lock($1, $2)', [SHARING_LOCK_CLASS, me]);
      sharing.add(me);
    }
    const owners =
      (await session.query<{ shard: number; node: number | null }>('select shard, node from shards order by shard')) ??
      [];
    const mine = owners.filter((row) => row.node === me).map((row) => row.shard);
    const fair = Math.ceil(SHARD_COUNT / sharing.size);
    const keep = mine.slice(0, fair);
    if (!same(keep, this.#mine)) await this.#use(keep, era);
    if (mine.length > fair) {
      await session.query('update shards set node = null where node = $1 and shard = any($2)', [me, mine.slice(fair)]);
      return;
    }
    const free = owners.filter((row) => row.node === null || !living.has(row.node)).slice(0, fair - mine.length);
    if (free.length === 0) return;
    const dead = [...new Set(free.flatMap((row) => (row.node === null ? [] : [row.node])))];
    const taken = await this.#deps.transaction(async (query) => {
      for (const node of dead) {
        await query('select 1 from nodes where node = $1 for update', [node]);
        const revived = await query('select pg_try_advisory_xact_lock($1, $2) as free', [NODE_LOCK_CLASS, node]);
        if (revived.rows[0]?.['free'] !== true) return [];
        await query('update nodes set epoch = epoch + 1 where node = $1', [node]);
      }
      const result = await query(
        'update shards set node = $1 where shard = any($2) and (node is null or node = any($3)) returning shard',
        [me, free.map((row) => row.shard), dead],
      );
      return result.rows.map((row) => row['shard'] as number);
    });
    if (taken.length > 0)
      await this.#use(
        [...keep, ...taken].toSorted((a, b) => a - b),
        era,
      );
  }

  async #use(shards: readonly number[], era: number): Promise<void> {
    if (era !== this.#era || this.#released) return;
    this.#mine = shards;
    await this.#deps.assign(shards);
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((shard, index) => shard === b[index]);
}
