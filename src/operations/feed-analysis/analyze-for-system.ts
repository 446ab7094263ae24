import { parseMapping } from '../../mapping/mapping-format.ts';
import { mappingInForce } from '../../records/settings/mapping-in-force.ts';
import { SettingsError } from '../../records/settings/settings-error.ts';
import type { Sealer } from '../../security/sealing.ts';
import type { ConfigurationDeps } from '../configuration/plan-configuration.ts';
import { analyzeFeed, type AnalyzedFeed } from './analyze-feed.ts';
import type { Sample } from './samples.ts';

export interface AnalysisDeps {
  /** Database, store of settings, ids, catalogue of products, code tables. */
  readonly settings: ConfigurationDeps;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/**
 * Analyzes samples, held against the mapping in force of a system where one is named.
 *
 * @throws SettingsError `system_unknown`, `mapping_missing`
 */
export async function analyzeForSystem(
  deps: Pick<AnalysisDeps, 'settings'>,
  samples: AsyncIterable<Sample>,
  systemId: bigint | null,
): Promise<{ readonly analysis: AnalyzedFeed; readonly name: string }> {
  if (systemId === null) return { analysis: await analyzeFeed(samples), name: '' };
  const { settings } = deps;
  const state = await settings.store.load(settings.database);
  const system = state.systems.find(({ id }) => id === systemId);
  if (system === undefined) throw new SettingsError('system_unknown');
  const mapping = mappingInForce(state.mappings, system, settings.catalogue);
  if (mapping === undefined) throw new SettingsError('mapping_missing');
  const { codeTables } = settings;
  const document = parseMapping(mapping.body);
  return { analysis: await analyzeFeed(samples, { document, codeTables, country: system.country }), name: system.name };
}
