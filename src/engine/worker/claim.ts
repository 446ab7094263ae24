import type pg from 'pg';
import type { EarlierFailure } from '../../domain/stored-trace.ts';

/** A queue row with its message, in a worker's hands. */
export interface Claimed {
  readonly messageId: bigint;
  readonly transactionId: bigint;
  readonly lane: bigint;
  readonly kind: number;
  readonly attempts: number;
  readonly replyNode: number | null;
  readonly size: number;
  readonly systemId: bigint;
  readonly listenerId: bigint;
  readonly type: string;
  readonly ackCode: string;
  readonly content: Buffer;
  /** Repaired content of a replay, sealed under its own id; null otherwise. */
  readonly repaired: Buffer | null;
  /** The lane is held back by this earlier message; null when it is free. */
  readonly heldBy: bigint | null;
  readonly earlier: EarlierMessage | null;
  /** How its attempts so far failed, the first one first. */
  readonly failures: readonly EarlierFailure[];
}

/** The latest earlier message with the same control id of the same listener; one with the same content if there is. */
export interface EarlierMessage {
  readonly id: bigint;
  readonly sameContent: boolean;
  /** Final state of its first processing; null while it has none. */
  readonly state: number | null;
  /** State of its error, empty when it has none. */
  readonly error: string;
}

/** A message that is repeated comes again soon: how many of its control id may lie between. */
const LATEST_LOOKED_AT = 20;

/**
 * The oldest ready rows of these shards, in the order received, up to a count and a size; with their contents, with what
 * holds their lanes, and with the message that they may repeat. Nothing is locked: a shard has one owner, and the
 * write that ends the batch proves it (see the epoch in write-batch.ts). Of the messages with the same control id the
 * latest are looked at, those with the same content first: a sender that gives one id to everything costs no more.
 * `id + 0` is what the index on control keys has.
 */
const CLAIM = `
select q.message_id, q.transaction_id, q.lane, q.kind, q.attempts, q.reply_node, q.size,
  m.system_id, m.listener_id, m.type, m.ack_code, m.content, r.content,
  h.message_id, d.id, d.same, d.state, d.error, q.failures
from (
  select *, sum(size) over (order by message_id) - size as before from (
    select * from queue where shard = any($1::smallint[]) and message_id <> all($2::bigint[]) order by message_id limit $3::int
  ) ready
) q
join messages m on m.id = q.message_id
left join lateral (
  select message_id from lane_holds where lane = q.lane and message_id < q.message_id limit 1
) h on true
left join replays r on r.transaction_id = q.transaction_id and q.kind = 2
left join lateral (
  select p.id, p.same, t.state, coalesce(e.state, '') as error
  from (
    select latest.id, latest.content_hash = m.content_hash as same
    from (
      select id, content_hash from messages
      where control_key = m.control_key and id + 0 < m.id and id >= $4::bigint
      order by id + 0 desc limit ${LATEST_LOOKED_AT}
    ) latest
    order by same desc, latest.id desc limit 1
  ) p
  left join transactions t on t.id = p.id
  left join errors e on e.transaction_id = p.id
) d on q.kind = 0
where q.before < $5::bigint or q.before = 0
order by q.message_id`;

type Row = [
  string,
  string,
  string,
  number,
  number,
  number | null,
  number,
  string,
  string,
  string,
  string,
  Buffer,
  Buffer | null,
  string | null,
  string | null,
  boolean | null,
  number | null,
  string | null,
  readonly EarlierFailure[] | null,
];

export interface ClaimLimits {
  readonly messages: number;
  readonly bytes: number;
  /** The smallest id that duplicates are looked for from. */
  readonly duplicatesFrom: bigint;
}

/** Claims a batch of the worker's shards, leaving out what is in its hands already. */
export async function claimBatch(
  client: pg.ClientBase,
  shards: Buffer,
  inHand: Buffer,
  limits: ClaimLimits,
): Promise<Claimed[]> {
  const result = await client.query<Row>({
    name: 'claim-batch',
    text: CLAIM,
    values: [shards, inHand, limits.messages, String(limits.duplicatesFrom), limits.bytes],
    rowMode: 'array',
  });
  return result.rows.map((row) => ({
    messageId: BigInt(row[0]),
    transactionId: BigInt(row[1]),
    lane: BigInt(row[2]),
    kind: row[3],
    attempts: row[4],
    replyNode: row[5],
    size: row[6],
    systemId: BigInt(row[7]),
    listenerId: BigInt(row[8]),
    type: row[9],
    ackCode: row[10],
    content: row[11],
    repaired: row[12],
    heldBy: row[13] === null ? null : BigInt(row[13]),
    failures: row[18] ?? [],
    earlier:
      row[14] === null
        ? null
        : { id: BigInt(row[14]), sameContent: row[15] === true, state: row[16], error: row[17] ?? '' },
  }));
}
