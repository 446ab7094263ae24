import { afterAll, beforeAll, expect, it } from 'vitest';
import { clinicalRoutes } from '../contract/clinical.ts';
import { encodeResource } from '../records/clinical/stored-resource.ts';
import type { RecordState } from '../records/record-input.ts';
import { adt, createWorld, type World } from '../records/testing.ts';
import { SEALED_COLUMNS } from '../store/sealed-columns.ts';
import { createClinicalHandlers } from './clinical.ts';
import type { AuditAddition, CallContext } from './handler.ts';

let world: World;
let handlers: ReturnType<typeof createClinicalHandlers>;
let patient: bigint;
let resource: bigint;
const entries: AuditAddition[] = [];
const context: CallContext = {
  actor: { kind: 'user', id: 1n, name: 'Ann' },
  permissions: new Set(['clinical.read']),
  address: '127.0.0.1',
  audit: (entry) => void entries.push(entry),
  auditWithin: async (_tx, entry) => void entries.push(entry),
};

function glucose(value: number, status: string): RecordState {
  const body = {
    resourceType: 'Observation',
    status,
    code: { text: 'Glucose' },
    valueQuantity: { value, unit: 'mg/dL' },
  };
  return { status, ended: false, said: undefined, issued: undefined, body };
}

beforeAll(async () => {
  world = await createWorld();
  const { db, sealer } = world;
  handlers = createClinicalHandlers({ db, sealer });
  const system = await world.system(await world.environment('dev'), 'clinic');
  const bytes = adt({ control: 'CTL1', family: 'Quixote', given: 'Alonso', mrn: 'MRN777' });
  const message = await world.receive(system, bytes);
  ({ patient } = await world.deliver(system, message, bytes));
  resource = world.ids.next();
  const history = world.ids.next();
  await db.query(
    `insert into clinical_resources (id, environment_id, system_id, patient_id, type, key, version, status, message_id, updated_at, resource)
     values ($1, $2, $3, $4, 'Observation', gen_random_uuid(), 2, 'corrected', $5, now(), $6)`,
    [
      ...[resource, system.environmentId, system.id, patient, message],
      sealer.seal('record', SEALED_COLUMNS.clinicalResource, resource, encodeResource(glucose(190, 'corrected'))),
    ],
  );
  await db.query(
    `insert into clinical_history (id, resource_id, version, status, message_id, made_at, resource)
     values ($1, $2, 1, 'final', $3, now(), $4)`,
    [
      ...[history, resource, message],
      sealer.seal('record', SEALED_COLUMNS.clinicalHistory, history, encodeResource(glucose(90, 'final'))),
    ],
  );
});
afterAll(() => world.close());

it('a patient’s records are listed by group, and the look is in the audit log', async () => {
  const answer = await handlers.getPatientClinical({
    params: { id: String(patient) },
    query: { group: 'results', limit: 10 },
    body: undefined,
    context,
  });
  const page = clinicalRoutes.getPatientClinical.response.parse(answer);
  expect(page.items).toMatchObject([{ title: 'Glucose', summary: '190 mg/dL', status: 'corrected', version: 2 }]);
  expect(page.groups.find(({ group }) => group === 'results')?.count).toBe(1);
  expect(entries.at(-1)).toEqual({ resource: { kind: 'patient', id: patient }, detail: { group: 'results' } });
});

it('a record is shown in words, as FHIR, and as it was before', async () => {
  const answer = await handlers.getClinicalResource({
    ...{ params: { id: String(resource) }, query: undefined, body: undefined, context },
  });
  const detail = clinicalRoutes.getClinicalResource.response.parse(answer);
  expect(detail.facts).toContainEqual({ label: 'Value', value: '190 mg/dL' });
  expect(detail.resource).toMatchObject({
    resourceType: 'Observation',
    id: String(resource),
    meta: { versionId: '2' },
  });
  expect(detail.history).toMatchObject([{ version: 1, status: 'final', summary: '90 mg/dL' }]);
  expect(
    JSON.stringify(entries, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain('Glucose');
});

it('what does not exist is unknown', async () => {
  const call = { query: undefined, body: undefined, context };
  await expect(handlers.getClinicalResource({ ...call, params: { id: '12345' } })).rejects.toMatchObject({
    code: 'clinical_resource_unknown',
  });
  await expect(
    handlers.getPatientClinical({ ...call, params: { id: '12345' }, query: { group: 'visits', limit: 10 } }),
  ).rejects.toMatchObject({ code: 'patient_unknown' });
});
