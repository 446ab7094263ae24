import type pg from 'pg';
import type { PatientInput } from '../../domain/patient/patient-record.ts';
import { peekEnvelope } from '../../formats/hl7v2/envelope.ts';
import { viewOf, type Hl7Message } from '../../formats/hl7v2/message.ts';
import { peekPatientKey } from '../../formats/hl7v2/patient-key.ts';
import type { CompiledMapping } from '../../mapping/compile-mapping.ts';
import { identifierKeys } from '../../matching/identifier-keys.ts';
import { uuidArray } from '../../store/binary-array.ts';
import type { Failure } from './failure.ts';
import type { PatientInHand } from './match-patients.ts';
import { RECORD_FAMILIES } from './record-families.ts';

/** The patient who is no more, as MRG names him. */
export interface PriorPatient {
  /** His identifiers, and nothing else. */
  readonly input: PatientInput;
  readonly keys: readonly string[];
  /** What his own messages' lane is made from; undefined when no identifier names him. */
  readonly laneKey: string | undefined;
}

const failed = (cause: Failure['cause'], code: string, place: string): Failure => ({ cause, code, place });

/**
 * Reads MRG with the mapping's own rules for identifiers: MRG-1 (or MRG-4, where only that is filled) is put into the place
 * of PID-3, so that types and authorities are understood alike and lead to the same keys.
 */
export function readPrior(
  message: Hl7Message,
  mapping: CompiledMapping,
  systemId: string,
): { readonly prior: PriorPatient } | { readonly failure: Failure } {
  const merges = message.segmentIndexes('MRG');
  const [segment] = merges;
  if (segment === undefined) return { failure: failed('message_format', 'hl7.segment-missing', 'MRG') };
  if (merges.length > 1 || message.segmentIndexes('PID').length > 1) {
    return { failure: failed('message_format', 'merge.several', 'MRG[2]') };
  }
  const identifiers = fieldBytes(message, segment, 1) ?? fieldBytes(message, segment, 4);
  if (identifiers === undefined) return { failure: failed('validation', 'merge.no-identifier', 'MRG-1') };
  const { field } = message.delimiters;
  const header = message.bytes.subarray(message.segmentStart(0), message.segmentEnd(0));
  const bytes = Buffer.concat([
    header,
    Buffer.from(`\rPID${field}1${field}${field}`, 'latin1'),
    identifiers,
    Buffer.from('\r', 'latin1'),
  ]);
  const said = mapping.evaluate(viewOf(message, bytes)).input.lists.identifiers ?? [];
  const keys = identifierKeys(said, systemId);
  if (keys.length === 0) return { failure: failed('validation', 'merge.no-identifier', 'MRG-1') };
  const laneKey = peekPatientKey(bytes, peekEnvelope(bytes));
  return { prior: { input: { fields: {}, lists: { identifiers: said } }, keys, laneKey } };
}

function fieldBytes(message: Hl7Message, segment: number, field: number): Buffer | undefined {
  const offsets = message.fieldOffsets(segment);
  const [start, next] = [offsets[field], offsets[field + 1]];
  if (start === undefined || next === undefined || next - 1 <= start) return undefined;
  return message.bytes.subarray(start, next - 1);
}

/** What a merge means for the patients that its identifiers lead to. */
export type MergeDecision =
  | { readonly failure: Failure; readonly text: string }
  /** Undefined: not known here yet. */
  | { readonly survivor: PatientInHand | undefined; readonly old: PatientInHand | undefined };

/**
 * Decides who stays and who goes. The patient of MRG goes; whoever else PID names stays. Where PID leads to the patient of
 * MRG alone, the two are one already.
 *
 * @param said Those that PID-3 leads to.
 * @param prior Those that MRG leads to.
 */
export function decideMerge(
  said: ReadonlySet<PatientInHand>,
  prior: ReadonlySet<PatientInHand>,
  sameIdentifiers: boolean,
): MergeDecision {
  if (sameIdentifiers) {
    return {
      failure: failed('validation', 'merge.same-identifier', 'MRG-1'),
      text: 'PID-3 and MRG-1 name the same identifier.',
    };
  }
  if (prior.size > 1) {
    return {
      failure: failed('matching', 'merge.ambiguous', 'MRG-1'),
      text: `The identifiers in MRG-1 belong to ${prior.size} patients.`,
    };
  }
  const [old] = prior;
  const others = [...said].filter((patient) => patient !== old);
  if (others.length > 1) {
    return {
      failure: failed('matching', 'merge.ambiguous', 'PID-3'),
      text: `The identifiers in PID-3 belong to ${others.length} other patients.`,
    };
  }
  const [survivor] = others;
  if (survivor === undefined && old === undefined) {
    return {
      failure: failed('missing_reference', 'merge.patients-unknown', 'PID-3'),
      text: 'Neither of the two patients is known here.',
    };
  }
  // Both numbers lead to one patient: nothing is left to merge.
  if (survivor === undefined && said.size > 0) return { survivor: old, old: undefined };
  return { survivor, old };
}

/** A merge as it is written. */
export interface MergePlan {
  /** That of the transaction. */
  readonly id: bigint;
  readonly environmentId: bigint;
  readonly survivorId: bigint;
  readonly oldId: bigint;
  readonly systemId: bigint;
  readonly messageId: bigint;
}

/**
 * Leads everything of the old patient over, in the transaction that has raised his version, so that whoever has read him
 * before is refused. Keeps what it moved.
 */
export async function writeMerge(client: pg.ClientBase, plan: MergePlan): Promise<void> {
  const [from, to] = [String(plan.oldId), String(plan.survivorId)];
  await client.query('update patients set merged_into = $2 where id = $1', [from, to]);
  const { rows } = await client.query<{ key: string }>(
    'update patient_identifiers set patient_id = $2 where patient_id = $1 returning key',
    [from, to],
  );
  await client.query('delete from patient_search where patient_id = $1', [from]);
  const records: Record<string, readonly string[]> = {};
  for (const family of RECORD_FAMILIES)
    records[family.name] = await family.repoint(client, plan.oldId, plan.survivorId);
  await client.query(
    `insert into patient_merges (id, environment_id, survivor_id, merged_id, system_id, message_id, identifiers, records)
     values ($1, $2, $3, $4, $5, $6, $7::uuid[], $8::jsonb)`,
    [
      String(plan.id),
      String(plan.environmentId),
      to,
      from,
      String(plan.systemId),
      String(plan.messageId),
      uuidArray(rows.map(({ key }) => Buffer.from(key.replaceAll('-', ''), 'hex'))),
      JSON.stringify(records),
    ],
  );
}

/** Whether messages about the old patient that came before the merge are still to be processed, on whatever node. */
export async function isLaneBusy(client: pg.ClientBase, lane: bigint, before: bigint): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 where exists (select from queue where lane = $1::bigint and message_id < $2::bigint)
       or exists (select from lane_holds where lane = $1::bigint and message_id < $2::bigint)`,
    [String(lane), String(before)],
  );
  return rows.length > 0;
}
