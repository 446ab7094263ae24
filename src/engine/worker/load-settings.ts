import { DEFAULT_CODE_TABLES } from '../../connectors/code-tables/default-code-tables.ts';
import { compileMapping, type CompiledMapping } from '../../mapping/compile-mapping.ts';
import { parseMapping } from '../../mapping/mapping-format.ts';
import type { SettingsStore } from '../../records/settings/settings.ts';
import { mappingInForce } from '../../records/settings/mapping-in-force.ts';
import { positionsKey, positionsOf } from '../../records/settings/system-positions.ts';
import type { ProductCatalogue } from '../../records/settings/product-catalogue.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { SystemSettings } from './settings.ts';

/** A system whose mapping does not compile, for the log. */
export interface UnusableMapping {
  readonly system: string;
  readonly mapping: string;
}

/**
 * Reads what a worker needs of every system and compiles the mappings in force, each once. A mapping that does not
 * compile is told and takes only its own systems along.
 */
export async function loadSystems(
  db: Queryable,
  store: SettingsStore,
  catalogue: ProductCatalogue,
  compiled: Map<string, CompiledMapping>,
  onUnusable: (unusable: UnusableMapping) => void,
): Promise<Map<bigint, SystemSettings>> {
  const state = await store.load(db);
  const systems = new Map<bigint, SystemSettings>();
  for (const system of state.systems) {
    const inForce = mappingInForce(state.mappings, system, catalogue);
    let mapping: CompiledMapping | undefined;
    if (inForce !== undefined) {
      const cacheKey = `${inForce.id}|${system.country}|${positionsKey(system.settings.positions)}`;
      mapping = compiled.get(cacheKey);
      if (mapping === undefined) {
        try {
          const document = parseMapping(inForce.body);
          const positions = positionsOf(document, system.settings.positions);
          mapping = compileMapping(document, DEFAULT_CODE_TABLES, { country: system.country, positions });
          compiled.set(cacheKey, mapping);
        } catch {
          onUnusable({ system: system.key, mapping: `${inForce.key} version ${inForce.version}` });
        }
      }
    }
    const { retry, hold_after_failure_seconds: holdSeconds, duplicate_window_hours: hours } = system.settings;
    systems.set(system.id, {
      id: system.id,
      environmentId: system.environmentId,
      timeZone: system.timeZone,
      mappingId: mapping === undefined ? null : (inForce?.id ?? null),
      mapping,
      holdSeconds,
      duplicateWindowMs: hours * 3_600_000,
      retry: {
        maxAttempts: retry.max_attempts,
        firstDelaySeconds: retry.first_delay_seconds,
        maxDelaySeconds: retry.max_delay_seconds,
        deadlineSeconds: retry.deadline_seconds,
      },
    });
  }
  return systems;
}
