import { DEFAULT_MAPPINGS } from './connectors/registry.ts';
import type { Database } from './store/queryable.ts';
import { ensureDefaultMappings, ensureFirstEnvironments } from './records/settings/default-settings.ts';
import { settingsStore } from './store/settings-store.ts';

/** A default mapping whose stored content is another one than that of the program. */
export interface ChangedMapping {
  readonly key: string;
  readonly version: number;
}

/**
 * Stores what every database of this program begins with: environments at the very first start, and each version of the
 * default mappings. Answers the mappings that differ from what is stored under their version, which stays in force: in
 * a practice the program must run. Where it is being worked on (`NODE_ENV` is `development` or `test`) that is an error,
 * as somebody has forgotten to give the mapping its next version.
 *
 * @throws DefaultMappingChanged
 */
export async function ensureDefaults(deps: {
  readonly database: Database;
  readonly ids: { next(): bigint };
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<readonly ChangedMapping[]> {
  const defaults = { database: deps.database, store: settingsStore, ids: deps.ids };
  const strict = deps.env['NODE_ENV'] === 'development' || deps.env['NODE_ENV'] === 'test';
  await ensureFirstEnvironments(defaults);
  const { changed } = await ensureDefaultMappings(defaults, DEFAULT_MAPPINGS, { strict });
  return changed;
}
