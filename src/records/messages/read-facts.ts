import {
  readMessageRows,
  readReplays,
  readTransactions,
  type ReplayRow,
  type TransactionRow,
} from '../../store/queries/message-rows.ts';
import { int8Text } from '../../store/queries/values.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { MessageFacts } from './message-item.ts';

/** What is known of these messages, in the order asked for; unknown ids are left out. Run it within one snapshot. */
export async function readMessageFacts(db: Queryable, ids: readonly string[]): Promise<MessageFacts[]> {
  if (ids.length === 0) return [];
  const messages = await readMessageRows(db, ids);
  const replays = await readReplays(db, ids);
  const transactions = await readTransactions(db, [...ids, ...replays.map((row) => int8Text(row.transaction_id))]);
  const byId = new Map(messages.map((row) => [int8Text(row.id), row]));
  const replaysOf = groupByMessage<ReplayRow>(replays);
  const transactionsOf = groupByMessage<TransactionRow>(transactions);
  return ids.flatMap((id) => {
    const message = byId.get(id);
    if (message === undefined) return [];
    return { message, replays: replaysOf.get(id) ?? [], transactions: transactionsOf.get(id) ?? [] };
  });
}

function groupByMessage<Row extends { readonly message_id: string | bigint }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = int8Text(row.message_id);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}
