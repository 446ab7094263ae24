import type pg from 'pg';
import { AUDIT_PARAMETERS, auditCtes } from '../../security/audit-append.ts';
import type { PreparedAudit } from '../../security/audit-chain.ts';
import { byteaArray, int2Array, int4Array, int8Array, textArray, uuidArray } from '../../store/binary-array.ts';

/** How one transaction ended, as its row says it. */
export interface TransactionRow {
  readonly id: bigint;
  readonly messageId: bigint;
  readonly systemId: bigint;
  readonly listenerId: bigint;
  readonly kind: number;
  readonly state: number;
  readonly cause: number | null;
  readonly code: string | null;
  readonly place: string | null;
  readonly patientId: bigint | null;
  readonly mappingId: bigint | null;
  readonly duplicateOf: bigint | null;
  readonly attempts: number;
  readonly flags: number;
  readonly tookUs: number;
  readonly trace: Buffer;
}

/** A patient as the batch leaves it; `expected` is the version it was read with, 0 for a new one. */
export interface PatientRow {
  readonly id: bigint;
  readonly environmentId: bigint;
  readonly expected: number;
  readonly version: number;
  readonly record: Buffer;
}

export interface HistoryRow {
  readonly patientId: bigint;
  readonly id: bigint;
  readonly version: number;
  readonly messageId: bigint;
  readonly systemId: bigint;
  readonly changes: Buffer;
}

/** What the write of one batch holds. */
export interface BatchRows {
  readonly transactions: readonly TransactionRow[];
  readonly patients: readonly PatientRow[];
  readonly identifiers: readonly { readonly key: Buffer; readonly patientId: bigint }[];
  readonly searches: readonly {
    readonly patientId: bigint;
    readonly environmentId: bigint;
    readonly tokens: readonly bigint[];
  }[];
  readonly history: readonly HistoryRow[];
  /** Messages that leave the queue: those that ended and those that wait from now on. */
  readonly leaving: readonly bigint[];
}

/** Raised when another node has taken this one's lanes over. */
export const FENCED_STATE = 'PSE01';
/** Raised when a patient changed since it was read. */
export const CONFLICT_STATE = 'PSE02';
/** Raised when a message is not in the queue any more: it was ended already, by a write whose answer was lost or by another node. */
export const GONE_STATE = 'PSE03';

const AUDIT_FIRST = 37;

/**
 * The whole outcome of a batch in one statement and so in one commit: transactions, patients, identifiers, search tokens,
 * history, audit, counters, and the queue rows that are done. It guards itself: nothing is written when the node was fenced
 * off (its epoch was raised), when a patient has another version than was read, when a message was ended already, or when
 * the audit chain has moved. Counters are advanced in one order everywhere, so that intake and worker cannot lock each other out.
 */
const WRITE = `
with fence as (
  select 1 from nodes where node = $35::smallint and epoch = $36::int for key share
), input as (
  select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[], $7::smallint[],
    $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::smallint[], $14::smallint[], $15::int[], $16::bytea[])
  as t(id, message_id, system_id, listener_id, kind, state, cause, code, place, patient_id, mapping_id, duplicate_of, attempts, flags, took_us, trace)
), ended as (
  insert into transactions (id, message_id, system_id, kind, state, cause, code, place, patient_id, mapping_id, duplicate_of, attempts, flags, node, finished_at, took_us, trace)
  select id, message_id, system_id, kind, state, cause, code, place, patient_id, mapping_id, duplicate_of, attempts, flags, $35::smallint, now(), took_us, trace from input
), changed as (
  select * from unnest($17::bigint[], $18::bigint[], $19::int[], $20::int[], $21::bytea[]) as t(id, environment_id, expected, version, record)
), added as (
  insert into patients (id, environment_id, version, updated_at, record)
  select id, environment_id, version, now(), record from changed where expected = 0
), updated as (
  update patients p set version = c.version, record = c.record,
    updated_at = case when c.version > c.expected then now() else p.updated_at end
  from changed c where c.expected > 0 and p.id = c.id and p.version = c.expected
  returning p.id
), identified as (
  insert into patient_identifiers (key, patient_id) select * from unnest($22::uuid[], $23::bigint[])
), searchable as (
  insert into patient_search (patient_id, environment_id, tokens)
  select t.id, t.environment_id, t.tokens::bigint[] from unnest($24::bigint[], $25::bigint[], $26::text[]) as t(id, environment_id, tokens)
  on conflict (patient_id) do update set tokens = excluded.tokens
), history as (
  insert into patient_history (patient_id, id, version, message_id, system_id, changes)
  select * from unnest($27::bigint[], $28::bigint[], $29::int[], $30::bigint[], $31::bigint[], $32::bytea[])
), counted as (
  insert into traffic (minute, system_id, listener_id, node, delivered, filtered, failed)
  select date_trunc('minute', now()), system_id, listener_id, $35::smallint,
    count(*) filter (where state = 1), count(*) filter (where state = 2), count(*) filter (where state = 3)
  from input group by system_id, listener_id order by system_id, listener_id
  on conflict (minute, system_id, listener_id, node) do update set delivered = traffic.delivered + excluded.delivered,
    filtered = traffic.filtered + excluded.filtered, failed = traffic.failed + excluded.failed
), done as (
  delete from queue where message_id = any($33::bigint[]) returning 1
), AUDIT
select refuse_when((select count(*) from fence) <> 1, '${FENCED_STATE}', 'this node was fenced off'),
  refuse_when((select count(*) from updated) <> $34::bigint, '${CONFLICT_STATE}', 'a patient changed meanwhile'),
  refuse_when((select count(*) from done) <> cardinality($33::bigint[]), '${GONE_STATE}', 'a message was ended meanwhile')`;

const WITH_AUDIT = WRITE.replace('AUDIT', auditCtes(AUDIT_FIRST));
const WITHOUT_AUDIT = WRITE.replace('), AUDIT', ')');

/** Writes a batch. Throws the database's error, of a guard with one of the states above. */
export async function writeBatch(
  client: pg.ClientBase,
  node: { readonly node: number; readonly epoch: number },
  rows: BatchRows,
  audit: PreparedAudit | undefined,
): Promise<void> {
  const { transactions: t, patients: p, identifiers: i, searches: s, history: h } = rows;
  const values: unknown[] = [
    int8Array(t.map((row) => row.id)),
    int8Array(t.map((row) => row.messageId)),
    int8Array(t.map((row) => row.systemId)),
    int8Array(t.map((row) => row.listenerId)),
    int2Array(t.map((row) => row.kind)),
    int2Array(t.map((row) => row.state)),
    int2Array(t.map((row) => row.cause)),
    textArray(t.map((row) => row.code)),
    textArray(t.map((row) => row.place)),
    int8Array(t.map((row) => row.patientId)),
    int8Array(t.map((row) => row.mappingId)),
    int8Array(t.map((row) => row.duplicateOf)),
    int2Array(t.map((row) => row.attempts)),
    int2Array(t.map((row) => row.flags)),
    int4Array(t.map((row) => row.tookUs)),
    byteaArray(t.map((row) => row.trace)),
    int8Array(p.map((row) => row.id)),
    int8Array(p.map((row) => row.environmentId)),
    int4Array(p.map((row) => row.expected)),
    int4Array(p.map((row) => row.version)),
    byteaArray(p.map((row) => row.record)),
    uuidArray(i.map((row) => row.key)),
    int8Array(i.map((row) => row.patientId)),
    int8Array(s.map((row) => row.patientId)),
    int8Array(s.map((row) => row.environmentId)),
    textArray(s.map((row) => `{${row.tokens.join(',')}}`)),
    int8Array(h.map((row) => row.patientId)),
    int8Array(h.map((row) => row.id)),
    int4Array(h.map((row) => row.version)),
    int8Array(h.map((row) => row.messageId)),
    int8Array(h.map((row) => row.systemId)),
    byteaArray(h.map((row) => row.changes)),
    int8Array(rows.leaving),
    p.reduce((count, row) => count + (row.expected > 0 ? 1 : 0), 0),
    node.node,
    node.epoch,
  ];
  if (audit !== undefined) values.push(...auditValues(audit));
  await client.query({
    name: audit === undefined ? 'write-batch' : 'write-batch-audit',
    text: audit === undefined ? WITHOUT_AUDIT : WITH_AUDIT,
    values,
  });
}

/** The parameters of {@link auditCtes}, arrays in binary. */
function auditValues(audit: PreparedAudit): unknown[] {
  const values = [
    audit.chain,
    String(audit.before.position),
    audit.before.hash,
    String(audit.after.id),
    String(audit.after.position),
    audit.after.hash,
    audit.seal,
    int8Array(audit.ids),
    int8Array(audit.at),
    int2Array(audit.actorKinds),
    int8Array(audit.actorIds),
    int2Array(audit.actions),
    int2Array(audit.resourceKinds),
    int8Array(audit.resourceIds),
    int2Array(audit.outcomes),
    textArray(audit.details),
    byteaArray(audit.hashes),
  ];
  if (values.length !== AUDIT_PARAMETERS) throw new Error('The audit parameters do not fit their statement.');
  return values;
}
