import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureDefaultMappings, ensureFirstEnvironments } from './default-settings.ts';
import { createSettingsHarness, environmentValues, type SettingsHarness } from './testing.ts';

let harness: SettingsHarness;
beforeAll(async () => {
  harness = await createSettingsHarness();
}, 60_000);
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.database.query('truncate environments, systems, listeners, mappings cascade');
});

describe('first environments', () => {
  it('are Development, Test and Production, made once', async () => {
    expect(await ensureFirstEnvironments(harness.deps)).toBe(3);
    expect(await ensureFirstEnvironments(harness.deps)).toBe(0);
    const { environments } = await harness.settings.load();
    expect(environments.map(({ kind }) => kind)).toEqual(['development', 'test', 'production']);
  });

  it('do not come back when somebody has removed one', async () => {
    await harness.settings.environments.create(environmentValues(), harness.record);
    expect(await ensureFirstEnvironments(harness.deps)).toBe(0);
  });
});

describe('default mappings', () => {
  const mapping = (version: number, body: unknown) => ({ key: 'pms-patient', category: 'patient', version, body });

  it('are stored once per version, whatever the order of their properties', async () => {
    const first = await ensureDefaultMappings(harness.deps, [mapping(1, { a: 1, b: [{ c: 2, d: 3 }] })], {
      strict: true,
    });
    expect(first.added).toHaveLength(1);
    const again = await ensureDefaultMappings(harness.deps, [mapping(1, { b: [{ d: 3, c: 2 }], a: 1 })], {
      strict: true,
    });
    expect(again).toEqual({ added: [], changed: [] });
    await ensureDefaultMappings(harness.deps, [mapping(1, { a: 1, b: [{ c: 2, d: 3 }] }), mapping(2, { a: 2 })], {
      strict: true,
    });
    expect((await harness.settings.load()).mappings.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('stop a start in development when one changed without a new version', async () => {
    await ensureDefaultMappings(harness.deps, [mapping(1, { a: 1 })], { strict: true });
    await expect(ensureDefaultMappings(harness.deps, [mapping(1, { a: 2 })], { strict: true })).rejects.toMatchObject({
      code: 'default_mapping_changed',
      message: expect.stringContaining('pms-patient version 1'),
    });
  });

  it('keep the stored content in production and tell of the difference', async () => {
    await ensureDefaultMappings(harness.deps, [mapping(1, { a: 1 })], { strict: true });
    const { changed } = await ensureDefaultMappings(harness.deps, [mapping(1, { a: 2 })], { strict: false });
    expect(changed).toHaveLength(1);
    expect((await harness.settings.load()).mappings[0]?.body).toEqual({ a: 1 });
  });
});
