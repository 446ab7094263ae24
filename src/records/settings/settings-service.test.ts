import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from './settings-error.ts';
import {
  createSettingsHarness,
  environmentValues,
  listenerValues,
  systemValues,
  type SettingsHarness,
} from './testing.ts';

let harness: SettingsHarness;
beforeAll(async () => {
  harness = await createSettingsHarness();
}, 60_000);
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.database.query('truncate environments, systems, listeners, mappings, traffic, messages cascade');
  harness.recorded.length = 0;
});

async function refusal(work: Promise<unknown>): Promise<SettingsError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SettingsError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

async function clinic(kind: 'development' | 'production' = 'development') {
  const { settings, record } = harness;
  const environment = await settings.environments.create(environmentValues({ kind }), record);
  const system = await settings.systems.create(systemValues(environment.id), record);
  return { environment, system };
}

async function received(systemId: bigint, listenerId: bigint): Promise<void> {
  await harness.database.query(
    'insert into traffic (minute, system_id, listener_id, node, received) values (now(), $1, $2, 1, 1)',
    [systemId.toString(), listenerId.toString()],
  );
}

describe('settings: changes', () => {
  it('gives every change the next version and refuses one made from an older version', async () => {
    const { settings, record } = harness;
    const made = await settings.environments.create(environmentValues(), record);
    expect(made.version).toBe(1);
    const renamed = await settings.environments.update(made.id, 1, { name: 'Laboratory' }, record);
    expect(renamed).toMatchObject({ version: 2, name: 'Laboratory', key: 'lab' });
    const error = await refusal(settings.environments.update(made.id, 1, { name: 'Other' }, record));
    expect(error.code).toBe('version_conflict');
    expect((await settings.load()).environments[0]?.name).toBe('Laboratory');
  });

  it('keep the kind of an environment that has systems, as its guards go by it', async () => {
    const { settings, record } = harness;
    const { environment, system } = await clinic('production');
    const error = await refusal(settings.environments.update(environment.id, 1, { kind: 'development' }, record));
    expect(error).toMatchObject({ code: 'environment_kind_fixed', status: 409, places: [{ place: 'kind' }] });
    const same = { kind: 'production', name: 'Main' } as const;
    const renamed = await settings.environments.update(environment.id, 1, same, record);
    await settings.systems.remove(system.id, record);
    const changed = await settings.environments.update(environment.id, renamed.version, { kind: 'test' }, record);
    expect(changed.kind).toBe('test');
  });

  it('does nothing, and records nothing, for a change that changes nothing', async () => {
    const { settings, record, recorded } = harness;
    const { system } = await clinic();
    recorded.length = 0;
    const again = await settings.systems.update(system.id, 1, { name: 'Clinic', methods: ['hl7'] }, record);
    expect(again.version).toBe(1);
    expect(recorded).toEqual([]);
  });

  it('tells the audit which fields changed, and takes the change back when the audit cannot be written', async () => {
    const { settings, record, recorded } = harness;
    const { system } = await clinic();
    await settings.systems.update(system.id, 1, { name: 'Clinic North', enabled: false }, record);
    expect(recorded.at(-1)).toMatchObject({
      resource: { kind: 'system', id: system.id },
      detail: { key: 'clinic', changed: ['name', 'enabled'] },
    });
    const broken = (): Promise<void> => Promise.reject(new Error('no audit'));
    await expect(settings.systems.update(system.id, 2, { name: 'Never' }, broken)).rejects.toThrow('no audit');
    expect((await settings.load()).systems[0]).toMatchObject({ name: 'Clinic North', version: 2 });
  });

  it('names the setting that holds a key already', async () => {
    const { settings, record } = harness;
    await settings.environments.create(environmentValues(), record);
    const error = await refusal(settings.environments.create(environmentValues({ name: 'Other' }), record));
    expect(error).toMatchObject({ code: 'key_taken', places: [{ place: 'key' }] });
    expect(error.places[0]?.reason).toContain('“Lab”');
  });

  it('lets only one of two simultaneous changes from the same version win', async () => {
    const { settings, record } = harness;
    const { environment } = await clinic();
    const outcomes = await Promise.allSettled(
      ['One', 'Two'].map((name) => settings.environments.update(environment.id, 1, { name }, record)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('settings: what is refused, field by field', () => {
  it.each([
    ['time_zone', { timeZone: 'Mars/Olympus' }],
    ['time_zone', { timeZone: '+05:00' }],
    ['country', { country: 'us' }],
    ['product', { product: 'unheard-of' }],
    ['product_version', { productVersion: '99' }],
    ['methods', { productVersion: '1', methods: ['hl7', 'api'] }],
    ['mapping', { mappingKey: 'no-such-mapping' }],
    ['settings.retry.first_delay_seconds', { settings: retryOf(100, 10) }],
  ] as const)('%s of a system', async (place, values) => {
    const { settings, record } = harness;
    const environment = await settings.environments.create(environmentValues(), record);
    const error = await refusal(settings.systems.create(systemValues(environment.id, values), record));
    expect(error).toMatchObject({ code: 'settings_invalid', places: [{ place }] });
  });

  it.each([
    ['host', { host: '300.1.1.1' }],
    ['host', { host: 'not a host' }],
    ['host', { host: 'nope.example' }],
    ['allowed_peers[1]', { allowedPeers: ['10.0.0.0/8', '10.0.0.0/40'] }],
    ['system_id', { systemId: 5n }],
  ] as const)('%s of a listener', async (place, values) => {
    const { settings, record } = harness;
    const { system } = await clinic();
    const error = await refusal(settings.listeners.create(listenerValues(system.id, values), record));
    expect(error).toMatchObject({ code: 'settings_invalid', places: [{ place }] });
  });

  it('says why a version does not offer a method', async () => {
    const { settings, record } = harness;
    const environment = await settings.environments.create(environmentValues(), record);
    const values = systemValues(environment.id, { productVersion: '1', methods: ['api'] });
    const error = await refusal(settings.systems.create(values, record));
    expect(error.message).toContain('Version 1 has no API.');
  });

  it('still lets a system be disabled whose product is no longer known', async () => {
    const { settings, record, database } = harness;
    const { system } = await clinic();
    await database.query(`update systems set product = 'gone'`);
    const disabled = await settings.systems.update(system.id, 1, { enabled: false }, record);
    expect(disabled.enabled).toBe(false);
  });
});

describe('settings: ports', () => {
  it.each([
    ['the same address', {}, 'the listener “Clinic ADT” of the system “Clinic”'],
    ['every address of the machine', { host: '0.0.0.0' }, 'the listener “Clinic ADT”'],
    ['the same address by name', { host: 'localhost' }, 'the listener “Clinic ADT”'],
    ['one node where the other listens on all', { node: 'a' }, 'the listener “Clinic ADT”'],
    ['the console’s port', { port: 8480, host: '0.0.0.0' }, 'the console of this program'],
  ])('refuses %s, and says whose port it is', async (_case, values, owner) => {
    const { settings, record } = harness;
    const { system } = await clinic();
    await settings.listeners.create(listenerValues(system.id), record);
    const second = listenerValues(system.id, { key: 'second', name: 'Second', ...values });
    const error = await refusal(settings.listeners.create(second, record));
    expect(error).toMatchObject({ code: 'port_taken', places: [{ place: 'port' }] });
    expect(error.message).toContain(owner);
  });

  it('allows one port on two addresses, and on two nodes', async () => {
    const { settings, record } = harness;
    const { system } = await clinic();
    await settings.listeners.create(listenerValues(system.id, { node: 'a' }), record);
    await settings.listeners.create(listenerValues(system.id, { key: 'b', node: 'b' }), record);
    await settings.listeners.create(listenerValues(system.id, { key: 'c', host: '10.0.0.1' }), record);
    expect((await settings.load()).listeners).toHaveLength(3);
  });
});

describe('settings: Production has no plaintext', () => {
  it('refuses to enable a listener without a reason, and takes it with one', async () => {
    const { settings, record } = harness;
    const { system } = await clinic('production');
    const refused = await refusal(settings.listeners.create(listenerValues(system.id), record));
    expect(refused).toMatchObject({ code: 'plaintext_refused', places: [{ place: 'plaintext_reason' }] });
    const off = await settings.listeners.create(listenerValues(system.id, { enabled: false }), record);
    expect((await refusal(settings.listeners.update(off.id, 1, { enabled: true }, record))).code).toBe(
      'plaintext_refused',
    );
    const reason = { enabled: true, plaintextReason: 'Runs inside an IPsec tunnel.' };
    expect((await settings.listeners.update(off.id, 1, reason, record)).enabled).toBe(true);
  });
});

describe('settings: removal', () => {
  it('keeps an environment with systems, a system with listeners, and a system with messages', async () => {
    const { settings, record } = harness;
    const { environment, system } = await clinic();
    const listener = await settings.listeners.create(listenerValues(system.id), record);
    expect((await refusal(settings.environments.remove(environment.id, record))).code).toBe('environment_in_use');
    expect((await refusal(settings.systems.remove(system.id, record))).code).toBe('system_has_listeners');
    await received(system.id, listener.id);
    await settings.listeners.remove(listener.id, record);
    expect((await refusal(settings.systems.remove(system.id, record))).code).toBe('system_has_messages');
  });

  it('removes what nothing depends on', async () => {
    const { settings, record } = harness;
    const { environment, system } = await clinic();
    await settings.systems.remove(system.id, record);
    await settings.environments.remove(environment.id, record);
    expect((await settings.load()).environments).toEqual([]);
    expect((await refusal(settings.environments.remove(environment.id, record))).code).toBe('environment_unknown');
  });

  it('does not move a system or a listener that has received messages', async () => {
    const { settings, record } = harness;
    const { environment, system } = await clinic();
    const other = await settings.environments.create(environmentValues({ key: 'other', name: 'Other' }), record);
    const twin = await settings.systems.create(systemValues(environment.id, { key: 'twin', name: 'Twin' }), record);
    const listener = await settings.listeners.create(listenerValues(system.id), record);
    await settings.systems.update(system.id, 1, { environmentId: other.id }, record);
    await received(system.id, listener.id);
    const back = { environmentId: environment.id };
    expect((await refusal(settings.systems.update(system.id, 2, back, record))).code).toBe('system_environment_fixed');
    const elsewhere = { systemId: twin.id };
    expect((await refusal(settings.listeners.update(listener.id, 1, elsewhere, record))).code).toBe(
      'listener_system_fixed',
    );
  });
});

function retryOf(first: number, longest: number) {
  return {
    retry: { max_attempts: 3, first_delay_seconds: first, max_delay_seconds: longest, deadline_seconds: 60 },
    hold_after_failure_seconds: 0,
    duplicate_window_hours: 1,
    positions: {},
  };
}
