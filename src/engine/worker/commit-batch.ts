import type pg from 'pg';
import type { PreparedAudit } from '../../security/audit-chain.ts';
import type { BatchOutcome } from './batch-outcome.ts';
import { writeExceptions } from './defer.ts';
import { writeMerge } from './merge-patients.ts';
import { RECORD_FAMILIES } from './record-families.ts';
import type { WriteDeps } from './records/record-family.ts';
import { writeBatch } from './write-batch.ts';

/** What one commit holds: all of an outcome but what is told. */
export type Writing = Omit<BatchOutcome, 'outcomes' | 'audit'>;

/** A commit that only takes messages out of the queue, to be filled with what it is about. */
export function emptyWriting(leaving: readonly bigint[]): Writing {
  return {
    rows: { transactions: [], patients: [], identifiers: [], searches: [], history: [], leaving },
    ...{ failed: [], deferrals: [], resolved: [], records: new Map(), merges: [] },
  };
}

/**
 * Writes a batch: most often one statement, which is its own transaction; with records, merges, failures or waiting messages
 * a transaction of a few. Answers the messages that went back into the queue, see {@link writeExceptions}.
 */
export async function commitBatch(
  client: pg.ClientBase,
  node: { readonly node: number; readonly epoch: number },
  writing: Writing,
  audit: PreparedAudit | undefined,
  deps: WriteDeps,
): Promise<ReadonlySet<bigint>> {
  const { rows, failed, deferrals, resolved, records, merges } = writing;
  if (failed.length + deferrals.length + resolved.length + records.size + merges.length === 0) {
    await writeBatch(client, node, rows, audit);
    return new Set();
  }
  try {
    await client.query('begin');
    await writeBatch(client, node, rows, audit);
    for (const family of RECORD_FAMILIES) {
      const own = records.get(family.name);
      if (own !== undefined) await family.write(client, own, deps);
    }
    for (const merge of merges) await writeMerge(client, merge);
    const back = await writeExceptions(client, failed, deferrals, resolved);
    await client.query('commit');
    return back;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
