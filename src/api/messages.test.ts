import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { messageRoutes } from '../contract/messages.ts';
import { patientRoutes } from '../contract/patients.ts';
import type { Permission } from '../domain/permissions.ts';
import { permissionsOf } from '../security/roles.ts';
import { adt, createWorld, type World } from '../records/testing.ts';
import type { AuditAddition, CallContext } from './handler.ts';
import { createMessageHandlers } from './messages.ts';
import { createPatientHandlers } from './patients.ts';

let world: World;
let messages: ReturnType<typeof createMessageHandlers>;
let patients: ReturnType<typeof createPatientHandlers>;
let system: Awaited<ReturnType<World['system']>>;
let delivered: bigint;
let patient: bigint;
const entries: AuditAddition[] = [];
const bytes = adt({ control: 'CTL1', family: 'Quixote', given: 'Alonso', mrn: 'MRN777' });

function caller(...permissions: Permission[]): CallContext {
  return {
    actor: { kind: 'user', id: 1n, name: 'Ann' },
    permissions: new Set(permissions),
    address: '127.0.0.1',
    audit: (entry) => void entries.push(entry),
    auditWithin: async (_tx, entry) => void entries.push(entry),
  };
}

beforeAll(async () => {
  world = await createWorld();
  const { db, sealer } = world;
  const searchIndex = world.indexes.search;
  messages = createMessageHandlers({
    db,
    sealer,
    searchIndex,
    engine: world.engine,
    now: world.now,
    monotonic: () => performance.now(),
  });
  patients = createPatientHandlers({ db, sealer, searchIndex });
  system = await world.system(await world.environment('dev'), 'clinic');
  delivered = await world.receive(system, bytes);
  ({ patient } = await world.deliver(system, delivered, bytes));
});
beforeEach(() => void (entries.length = 0));
afterAll(() => world.close());

const search = async (text: string, context: CallContext) => {
  const body = { text, limit: 100 };
  const answer = await messages.searchMessages({ params: undefined, query: undefined, body, context });
  return messageRoutes.searchMessages.response.parse(answer);
};
const one = (id: string, context: CallContext) =>
  messages.getMessage({ params: { id }, query: undefined, body: undefined, context });

it('answers as the contract says, and audits what was searched by, never what for', async () => {
  const page = await search('quixote', caller('messages.read', 'patients.read'));
  expect(page.items).toMatchObject([{ id: String(delivered), patient_name: 'Quixote, Alonso' }]);
  expect(entries).toEqual([{ detail: { filters: ['text'], found: 1 } }]);
});

it('tells those who may not see patients nothing about them: neither who, nor which messages are about whom', async () => {
  const operator = caller(...permissionsOf('operator'));
  const find = (body: { text?: string; patient?: string; control_id?: string }, context: CallContext) =>
    messages.searchMessages({ params: undefined, query: undefined, body: { ...body, limit: 10 }, context });
  for (const body of [{ text: 'quixote' }, { text: 'MRN777' }, { patient: String(patient) }, { text: '' }]) {
    await expect(find(body, operator)).rejects.toMatchObject({ code: 'permission_denied', status: 403 });
  }
  const { items } = await find({ control_id: 'CTL1' }, operator);
  expect(items).toMatchObject([{ id: String(delivered), patient_id: null, patient_name: null }]);
  expect((await find({}, operator)).items).toMatchObject([{ id: String(delivered), patient_id: null }]);
  expect((await find({}, caller('messages.read', 'patients.read'))).items).toMatchObject([
    { patient_id: String(patient) },
  ]);
  // A token may have contents without patients.
  const detail = await one(String(delivered), caller('messages.raw'));
  expect(detail).toMatchObject({ patient_id: null, patient_name: null, transactions: [{ patient_id: null }] });
  expect(JSON.stringify(detail)).not.toContain(String(patient));
});

it('shows one message and audits which', async () => {
  const detail = messageRoutes.getMessage.response.parse(await one(String(delivered), caller('messages.raw')));
  expect(detail.transactions[0]?.steps.length).toBeGreaterThan(0);
  expect(detail.patient_name).toBeNull();
  expect(entries).toEqual([{ resource: { kind: 'message', id: delivered } }]);
  for (const id of ['1', '9999999999999999999']) {
    await expect(one(id, caller('messages.raw'))).rejects.toMatchObject({ code: 'message_unknown' });
  }
});

it('queues a replay once, and refuses a repair that is not base64', async () => {
  const context = caller('messages.replay');
  const replay = (body: { reason: string; repaired_base64?: string }, id = String(delivered)) =>
    messages.replayMessage({ params: { id }, query: undefined, body, context });
  await expect(replay({ reason: 'r', repaired_base64: 'a b' })).rejects.toMatchObject({ code: 'content_invalid' });
  await expect(replay({ reason: 'r' }, '1')).rejects.toMatchObject({ code: 'message_unknown' });
  const { transaction_id } = await replay({ reason: 'checked with the clinic' });
  expect((await one(String(delivered), context)).transactions.at(-1)).toMatchObject({
    id: transaction_id,
    kind: 'replay',
    state: 'queued',
    requested_by: 'Ann',
    note: 'checked with the clinic',
  });
  await expect(replay({ reason: 'again' })).rejects.toMatchObject({ code: 'nothing_to_process' });
  const resource = { kind: 'message', id: delivered };
  expect(entries.filter((entry) => entry.detail !== undefined && entry.resource?.id === delivered)).toEqual([
    { action: 'message-repaired', resource, detail: { reason: 'r' } },
    { resource, detail: { reason: 'checked with the clinic' } },
    { resource, detail: { reason: 'again' } },
  ]);
});

it('finds a patient and audits no word of the text', async () => {
  const body = { text: 'quix MRN777', sounds_like: false, limit: 100 };
  const context = caller('patients.read');
  const page = await patients.searchPatients({ params: undefined, query: undefined, body, context });
  expect(patientRoutes.searchPatients.response.parse(page)).toMatchObject({
    items: [{ id: String(patient) }],
    total: 1,
  });
  expect(JSON.stringify(entries)).not.toMatch(/quix|MRN/i);

  const params = { id: String(patient) };
  const detail = await patients.getPatient({ params, query: undefined, body: undefined, context });
  expect(patientRoutes.getPatient.response.parse(detail).fields.length).toBeGreaterThan(3);
  const history = await patients.getPatientHistory({ params, query: { limit: 10 }, body: undefined, context });
  expect(patientRoutes.getPatientHistory.response.parse(history).items).toHaveLength(1);
  expect(entries.slice(1)).toEqual([
    { resource: { kind: 'patient', id: patient } },
    { resource: { kind: 'patient', id: patient }, detail: { part: 'history' } },
  ]);
  await expect(
    patients.getPatient({ params: { id: '3' }, query: undefined, body: undefined, context }),
  ).rejects.toMatchObject({ code: 'patient_unknown' });
});
