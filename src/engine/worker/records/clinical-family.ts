import type pg from 'pg';
import { hl7ToFhir } from '../../../connectors/hl7-to-fhir/hl7-to-fhir.ts';
import { packName } from '../../../formats/hl7v2/segment-index.ts';
import type { Hl7Message } from '../../../formats/hl7v2/message.ts';
import { decodeResource, encodeResource } from '../../../records/clinical/stored-resource.ts';
import type { Sealer } from '../../../security/sealing.ts';
import { byteaArray, int4Array, int8Array, textArray, uuidArray } from '../../../store/binary-array.ts';
import { SEALED_COLUMNS } from '../../../store/sealed-columns.ts';
import type { Route, RouteTarget } from '../route.ts';
import { CONFLICT_STATE } from '../write-batch.ts';
import { clinicalInputs } from './clinical-inputs.ts';
import type { RecordFamily, RecordInHand, WriteDeps } from './record-family.ts';

const TARGETS: ReadonlySet<RouteTarget> = new Set<RouteTarget>(['result', 'document', 'order', 'immunization']);
/** Events that are a visit's own; the others name a visit beside the patient only. */
const VISITS: ReadonlySet<string> = new Set(['ADT^A01', 'ADT^A03', 'ADT^A11']);
const CLINICAL_SEGMENTS = ['AL1', 'IAM', 'DG1', 'PR1', 'OBX'].map(packName);

/** Results, documents, orders, vaccinations, visits and what else is clinical, as FHIR R4 resources. */
export const clinicalFamily: RecordFamily = {
  name: 'clinical',
  handles: (route, message) => TARGETS.has(route.target) || (route.target === 'patient' && isClinical(route, message)),
  inputs: (message, context) => clinicalInputs(hl7ToFhir().convert(message, { timeZone: context.timeZone }), context),
  read: readResources,
  write: writeResources,
  async repoint(client, from, to) {
    const { rows } = await client.query<{ id: string }>(
      'update clinical_resources set patient_id = $2 where patient_id = $1 returning id',
      [String(from), String(to)],
    );
    return rows.map(({ id }) => id);
  },
};

function isClinical(route: Route, message: Hl7Message): boolean {
  return VISITS.has(route.type) || CLINICAL_SEGMENTS.some((name) => message.findSegment(name, 1) !== -1);
}

const READ = `
select key, id, type, patient_id, system_id, environment_id, version, status, message_id, updated_at, resource
from clinical_resources where key = any($1::uuid[])`;

type Row = [string, string, string, string, string, string, number, string, string, Date, Buffer];

async function readResources(
  client: pg.ClientBase,
  keys: readonly Buffer[],
  sealer: Sealer,
): Promise<Map<string, RecordInHand>> {
  const { rows } = await client.query<Row>({
    name: 'read-clinical',
    text: READ,
    values: [uuidArray(keys)],
    rowMode: 'array',
  });
  return new Map(
    rows.map(([uuid, id, type, patientId, systemId, environmentId, version, status, messageId, madeAt, sealed]) => {
      const key = Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1');
      const text = sealer.open(SEALED_COLUMNS.clinicalResource, BigInt(id), sealed).toString('utf8');
      const record: RecordInHand = {
        ...{ id: BigInt(id), key, type, patientId: BigInt(patientId), systemId: BigInt(systemId) },
        ...{ environmentId: BigInt(environmentId), expected: version, version, state: decodeResource(text, status) },
        ...{ messageId: BigInt(messageId), madeAt: madeAt.getTime(), replaced: [] },
      };
      return [key, record];
    }),
  );
}

const WRITE = `
with locked as materialized (
  select id from patients where id = any($1::bigint[]) and merged_into is null order by id for share
), input as (
  select * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::uuid[], $8::int[], $9::int[], $10::text[],
    $11::bigint[], $12::bigint[], $13::bytea[])
  as t(id, environment_id, system_id, patient_id, type, key, expected, version, status, message_id, made_at, resource)
), added as (
  insert into clinical_resources (id, environment_id, system_id, patient_id, type, key, version, status, message_id, updated_at, resource)
  select id, environment_id, system_id, patient_id, type, key, version, status, message_id, to_timestamp(made_at / 1000.0), resource
  from input where expected = 0
), updated as (
  update clinical_resources r set version = i.version, status = i.status, message_id = i.message_id,
    updated_at = to_timestamp(i.made_at / 1000.0), resource = i.resource
  from input i where i.expected > 0 and r.id = i.id and r.version = i.expected and r.patient_id = i.patient_id
  returning r.id
), history as (
  insert into clinical_history (id, resource_id, version, status, message_id, made_at, resource)
  select id, resource_id, version, status, message_id, to_timestamp(made_at / 1000.0), resource
  from unnest($14::bigint[], $15::bigint[], $16::int[], $17::text[], $18::bigint[], $19::bigint[], $20::bytea[])
    as t(id, resource_id, version, status, message_id, made_at, resource)
)
select refuse_when((select count(*) from locked) <> cardinality($1::bigint[]), '${CONFLICT_STATE}', 'a patient was merged meanwhile'),
  refuse_when((select count(*) from updated) <> $21::bigint, '${CONFLICT_STATE}', 'a record changed meanwhile')`;

async function writeResources(
  client: pg.ClientBase,
  records: readonly RecordInHand[],
  { sealer, nextId }: WriteDeps,
): Promise<void> {
  const history = records.flatMap((record) =>
    record.replaced.map((version) => ({ ...version, id: nextId(), recordId: record.id })),
  );
  const seal = (state: RecordInHand['state'], column: keyof typeof SEALED_COLUMNS, id: bigint): Buffer =>
    sealer.seal('record', SEALED_COLUMNS[column], id, encodeResource(state));
  await client.query({
    name: 'write-clinical',
    text: WRITE,
    values: [
      int8Array([...new Set(records.map(({ patientId }) => patientId))]),
      int8Array(records.map(({ id }) => id)),
      int8Array(records.map(({ environmentId }) => environmentId)),
      int8Array(records.map(({ systemId }) => systemId)),
      int8Array(records.map(({ patientId }) => patientId)),
      textArray(records.map(({ type }) => type)),
      uuidArray(records.map(({ key }) => Buffer.from(key, 'latin1'))),
      int4Array(records.map(({ expected }) => expected)),
      int4Array(records.map(({ version }) => version)),
      textArray(records.map(({ state }) => state.status)),
      int8Array(records.map(({ messageId }) => messageId)),
      int8Array(records.map(({ madeAt }) => BigInt(madeAt))),
      byteaArray(records.map(({ id, state }) => seal(state, 'clinicalResource', id))),
      int8Array(history.map(({ id }) => id)),
      int8Array(history.map(({ recordId }) => recordId)),
      int4Array(history.map(({ version }) => version)),
      textArray(history.map(({ state }) => state.status)),
      int8Array(history.map(({ messageId }) => messageId)),
      int8Array(history.map(({ madeAt }) => BigInt(madeAt))),
      byteaArray(history.map(({ id, state }) => seal(state, 'clinicalHistory', id))),
      records.reduce((count, { expected }) => count + (expected > 0 ? 1 : 0), 0),
    ],
  });
}
