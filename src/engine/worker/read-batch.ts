import type pg from 'pg';
import { identifierKeyInput } from '../../matching/blind-inputs.ts';
import { token128At } from '../../security/blind-index.ts';
import type { BatchInput } from './apply-batch.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { findPatients, type PatientInHand } from './match-patients.ts';
import type { Prepared } from './prepare.ts';
import { RecordsInHand } from './records/records-in-hand.ts';

/**
 * Reads what a batch is about: the patients that its identifiers lead to, in one statement; and, only where messages have
 * records, what is stored of these, in one statement for each family.
 */
export async function readBatch(
  client: pg.ClientBase,
  prepared: readonly Prepared[],
  { indexes, sealer }: ApplyDeps,
): Promise<Pick<BatchInput, 'keys' | 'priorKeys' | 'patients' | 'records'>> {
  const inputs: string[] = [];
  const counts: number[] = [];
  const add = (keys: readonly string[], systemId: bigint): number => {
    for (const key of keys) inputs.push(identifierKeyInput(systemId, key));
    return keys.length;
  };
  for (const { result, system } of prepared) {
    counts.push(result.kind === 'patient' ? add(result.keys, system?.id ?? 0n) : 0);
  }
  for (const { result, system } of prepared) {
    if (result.kind === 'patient' && result.prior !== undefined) add(result.prior.keys, system?.id ?? 0n);
  }
  const hashed = indexes.identifier.batch(inputs);
  const all = inputs.map((_, index) => token128At(hashed, index));
  const patients = await findPatients(client, all, sealer);
  const texts = all.map((key) => key.toString('latin1'));
  let at = 0;
  const keys = counts.map((count) => texts.slice(at, (at += count)));
  return {
    keys,
    priorKeys: texts.slice(at),
    patients,
    records: await RecordsInHand.read(client, expected(prepared, keys, patients), indexes.record, sealer),
  };
}

/** The messages that have records, with the patients who may be theirs. */
function expected(
  prepared: readonly Prepared[],
  keys: readonly (readonly string[])[],
  patients: ReadonlyMap<string, PatientInHand>,
): Parameters<typeof RecordsInHand.read>[1] {
  return prepared.flatMap(({ claimed, result }, index) => {
    if (result.kind !== 'patient' || result.records.records.length === 0) return [];
    const own = (keys[index] ?? []).flatMap((key) => patients.get(key) ?? []);
    const patientIds = own.flatMap(({ id, record }) => [String(id), ...(record?.merged ?? [])]);
    return [{ records: result.records.records, messageId: claimed.messageId, systemId: claimed.systemId, patientIds }];
  });
}
