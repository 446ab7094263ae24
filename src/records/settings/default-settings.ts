import { createHash } from 'node:crypto';
import type { Database } from '../../store/queryable.ts';
import type { EnvironmentValues, MappingSetting, MappingValues, SettingsStore } from './settings.ts';

const FIRST_ENVIRONMENTS: readonly EnvironmentValues[] = [
  { key: 'development', name: 'Development', kind: 'development', note: '', parameters: [] },
  { key: 'test', name: 'Test', kind: 'test', note: '', parameters: [] },
  { key: 'production', name: 'Production', kind: 'production', note: '', parameters: [] },
];

interface DefaultsDeps {
  readonly database: Database;
  readonly store: SettingsStore;
  readonly ids: { next(): bigint };
}

/**
 * Makes Development, Test and Production when there is no environment at all: at the first start. Somebody who removed
 * one of them later does not get it back. Answers how many were made.
 */
export function ensureFirstEnvironments(deps: DefaultsDeps): Promise<number> {
  return deps.database.transaction(async (tx) => {
    await deps.store.lock(tx);
    const { environments } = await deps.store.load(tx);
    if (environments.length > 0) return 0;
    for (const values of FIRST_ENVIRONMENTS) await deps.store.saveEnvironment(tx, deps.ids.next(), values);
    return FIRST_ENVIRONMENTS.length;
  });
}

/** A default mapping whose content changed although its version did not. */
export class DefaultMappingChanged extends Error {
  readonly code = 'default_mapping_changed';

  constructor(mappings: readonly MappingValues[]) {
    const names = mappings.map(({ key, version }) => `${key} version ${version}`).join(', ');
    super(
      `The default mapping ${names} has changed, but a version never changes once it is stored: give it the next version.`,
    );
    this.name = 'DefaultMappingChanged';
  }
}

/**
 * Stores the default mappings of the connectors, each version once and for ever. Answers the versions added, and those
 * whose content differs from what is stored under their version (the stored one stays in force).
 *
 * @throws DefaultMappingChanged with `strict` (development and test) when there is such a one.
 */
export function ensureDefaultMappings(
  deps: DefaultsDeps,
  defaults: readonly Omit<MappingValues, 'origin'>[],
  options: { readonly strict: boolean },
): Promise<{ readonly added: readonly MappingSetting[]; readonly changed: readonly MappingValues[] }> {
  return deps.database.transaction(async (tx) => {
    await deps.store.lock(tx);
    const { mappings } = await deps.store.load(tx);
    const added: MappingSetting[] = [];
    const changed: MappingValues[] = [];
    for (const each of defaults) {
      const values: MappingValues = { ...each, origin: 'default' };
      const checksum = mappingChecksum(values.body);
      const stored = mappings.find(({ key, version }) => key === values.key && version === values.version);
      if (stored === undefined) added.push(await deps.store.addMapping(tx, deps.ids.next(), values, checksum));
      else if (stored.checksum !== checksum) changed.push(values);
    }
    if (options.strict && changed.length > 0) throw new DefaultMappingChanged(changed);
    return { added, changed };
  });
}

/** SHA-256 (hex) of a mapping's content; the order of properties does not matter, as the database does not keep it. */
export function mappingChecksum(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}

/** JSON with the properties of every object in alphabetical order, and without undefined ones. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
