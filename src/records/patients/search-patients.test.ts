import { afterAll, beforeAll, expect, it } from 'vitest';
import { adt, createWorld, type World } from '../testing.ts';
import { readHistory, readPatient } from './read-patient.ts';
import { searchPatients, type PatientSearchDeps, type PatientSearchRequest } from './search-patients.ts';

let world: World;
let deps: PatientSearchDeps;
let system: Awaited<ReturnType<World['system']>>;
const patients: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld();
  deps = {
    db: world.db,
    sealer: world.sealer,
    searchIndex: world.indexes.search,
  };
  system = await world.system(await world.environment('dev'), 'clinic');
  for (const [family, given, mrn] of [
    ['Smith', 'Zoe', '3'],
    ['Smith', 'Adam', '1'],
    ['Smithers', 'Will', '2'],
    ['Montgomerystone', 'Sue', '4'],
    ['Montgomerystown', 'Sam', '5'],
  ] as const) {
    const bytes = adt({ control: mrn, family, given, mrn: `MRN${mrn}` });
    const id = await world.receive(system, bytes);
    patients[given] = String((await world.deliver(system, id, bytes)).patient);
  }
});
afterAll(() => world.close());

const search = (request: Partial<PatientSearchRequest>) =>
  searchPatients(deps, { text: '', sounds_like: false, limit: 50, ...request });

it('orders by name', async () => {
  const { items, total } = await search({ text: 'smith' });
  expect(items.map((item) => item.name)).toEqual(['Smith, Adam', 'Smith, Zoe', 'Smithers, Will']);
  expect(total).toBe(3);
});

it('compares what is longer than a token with the record itself', async () => {
  expect((await search({ text: 'montgomerysto' })).items).toHaveLength(2);
  expect((await search({ text: 'montgomerystow' })).items.map((item) => item.name)).toEqual(['Montgomerystown, Sam']);
});

it('finds names that sound alike when asked to', async () => {
  expect((await search({ text: 'smyth' })).items).toEqual([]);
  expect((await search({ text: 'smyth', sounds_like: true })).items.map((item) => item.name)).toContain('Smith, Zoe');
});

it('lets words narrow each other', async () => {
  expect((await search({ text: 'smi MRN3' })).items).toMatchObject([
    {
      id: patients['Zoe'],
      date_of_birth: '1970-01-02',
      city: 'Springfield',
      identifiers: [{ authority: 'NG', type: 'MR', value: 'MRN3' }],
    },
  ]);
});

it('pages through a result in its order', async () => {
  const first = await search({ text: 'smith', limit: 2 });
  const second = await search({ text: 'smith', limit: 2, cursor: first.next });
  expect([...first.items, ...second.items].map((item) => item.name)).toEqual([
    'Smith, Adam',
    'Smith, Zoe',
    'Smithers, Will',
  ]);
  expect(second.next).toBeUndefined();
});

it('lists the newest without a text', async () => {
  const first = await search({ limit: 3 });
  expect(first.items.map((item) => item.id)).toEqual([patients['Sam'], patients['Sue'], patients['Will']]);
  expect((await search({ limit: 3, cursor: first.next })).items.map((item) => item.id)).toEqual([
    patients['Adam'],
    patients['Zoe'],
  ]);
});

it('keeps to an environment', async () => {
  expect((await search({ text: 'smith', environment: '17' })).items).toEqual([]);
});

it('tells the source of each field and what changed, newest first', async () => {
  const id = patients['Zoe'] ?? '';
  const update = adt({ control: 'U', family: 'Smith', given: 'Zoe', mrn: 'MRN3', event: 'A08', city: 'Chicago' });
  const message = await world.receive(system, update);
  await world.deliver(system, message, update);
  const patient = await readPatient(deps, id);
  expect(patient).toMatchObject({ version: 2, record: { last_name: 'Smith', address: { city: 'Chicago' } } });
  const field = (path: string) => patient?.fields.find((one) => one.path === path);
  expect(field('address.city')).toMatchObject({
    label: 'Address: city',
    group: 'Address',
    value: 'Chicago',
    source: { message_id: String(message), system_name: 'clinic' },
  });
  expect(field('last_name')?.source?.message_id).not.toBe(String(message));
  expect(field('identifiers[0]')).toMatchObject({ label: 'Medical record number (NG)', value: 'MRN3' });

  const history = await readHistory(deps, id, { limit: 1 });
  expect(history?.items).toMatchObject([
    {
      version: 2,
      message_id: String(message),
      changes: [{ path: 'address.city', old: 'Springfield', new: 'Chicago' }],
    },
  ]);
  const older = await readHistory(deps, id, { limit: 1, cursor: history?.next });
  expect(older?.items).toMatchObject([{ version: 1 }]);
  expect(await readHistory(deps, '5', { limit: 1 })).toBeUndefined();
});

it('tells the history in the order in which the changes were made, whatever their messages are called', async () => {
  const id = patients['Will'] ?? '';
  const update = (control: string, city: string) =>
    adt({ control, family: 'Smithers', given: 'Will', mrn: 'MRN2', event: 'A08', city });
  // The first of two is taken by a node whose worker is slow, or is tried again: the second one is applied before it.
  const [first, second] = [update('H1', 'Boston'), update('H2', 'Chicago')];
  const early = await world.receive(system, first);
  const late = await world.receive(system, second);
  await world.deliver(system, late, second);
  await world.deliver(system, early, first);

  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await readHistory(deps, id, { limit: 1, cursor });
    for (const { version, message_id, changes } of page?.items ?? []) {
      seen.push([version, message_id, changes.find(({ path }) => path === 'address.city')?.new]);
    }
    cursor = page?.next;
  } while (cursor !== undefined);
  expect(seen).toEqual([
    [3, String(early), 'Boston'],
    [2, String(late), 'Chicago'],
    [1, expect.any(String), 'Springfield'],
  ]);
});
