import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createIdGenerator } from '../domain/ids.ts';
import { findForeign, insertMessages, type NewMessage } from './insert-messages.ts';
import { ensurePartitions } from './partitions.ts';
import { connectPg, openPgDatabase } from './pg-database.ts';

let test: TestDatabase;
let client: pg.Client;
const ids = createIdGenerator({ node: 1, now: Date.now });
beforeEach(async () => {
  test = await createTestDatabase();
  const db = openPgDatabase(test.connection, { max: 1, applicationName: 'test' });
  await ensurePartitions(db, Date.now());
  await db.close();
  client = await connectPg(test.connection, 'test', 'hot');
});
afterEach(async () => {
  await client.end();
  await test.close();
});

const message = (values: Partial<NewMessage> = {}): NewMessage => ({
  id: ids.next(),
  systemId: 1n,
  listenerId: 2n,
  lane: -3n,
  shard: 61,
  controlKey: -4n,
  contentHash: Buffer.alloc(16, 1),
  type: 'ADT^A08',
  controlId: 'c',
  peer: '10.0.0.1',
  size: 3,
  ackCode: 'AA',
  content: Buffer.from([0, 1, 255]),
  replyNode: null,
  ...values,
});
const rows = async (text: string): Promise<unknown[]> => (await test.pool.query(text)).rows;

describe('messages', () => {
  it('are stored with their place in the queue and counted by listener', async () => {
    const all = [message(), message({ listenerId: 3n, replyNode: 7 }), message()];
    expect(await insertMessages(client, 9, all)).toBe(3);
    expect(await rows('select id, lane, control_key, content, type from messages order by id limit 1')).toEqual([
      { id: String(all[0]?.id), lane: '-3', control_key: '-4', content: Buffer.from([0, 1, 255]), type: 'ADT^A08' },
    ]);
    expect(
      await rows('select message_id, transaction_id, shard, kind, attempts, reply_node from queue order by 1'),
    ).toEqual(
      all.map(({ id, replyNode }) => ({
        message_id: String(id),
        transaction_id: String(id),
        shard: 61,
        kind: 0,
        attempts: 0,
        reply_node: replyNode,
      })),
    );
    expect(await rows('select listener_id, node, received from traffic order by 1')).toEqual([
      { listener_id: '2', node: 9, received: 2 },
      { listener_id: '3', node: 9, received: 1 },
    ]);
  });

  it('that are there already are neither queued nor counted again', async () => {
    const [first, second] = [message(), message()];
    await insertMessages(client, 9, [first]);
    await client.query('delete from queue');
    expect(await insertMessages(client, 9, [first, second])).toBe(1);
    expect(await rows('select message_id from queue')).toEqual([{ message_id: String(second.id) }]);
    expect(await rows('select sum(received)::int as received from traffic')).toEqual([{ received: 2 }]);
    expect(await findForeign(client, [first, second])).toEqual(new Set());
  });

  it('of another node under the same id are found', async () => {
    const mine = message();
    await insertMessages(client, 9, [message({ id: mine.id, contentHash: Buffer.alloc(16, 2) })]);
    expect(await findForeign(client, [mine, message()])).toEqual(new Set([mine.id]));
  });

  it('of which one is refused are not stored at all', async () => {
    await expect(insertMessages(client, 9, [message(), message({ type: 'a\u0000b' })])).rejects.toMatchObject({
      code: '22021',
    });
    expect(await rows('select 1 from messages union all select 1 from queue union all select 1 from traffic')).toEqual(
      [],
    );
  });
});
