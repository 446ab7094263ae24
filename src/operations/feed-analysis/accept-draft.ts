import type { CodeTable } from '../../mapping/code-table.ts';
import { MappingError } from '../../mapping/mapping-error.ts';
import { compileMapping, type CompiledMapping } from '../../mapping/compile-mapping.ts';
import { draftMapping, type MappingDraft } from '../../mapping/feed-profile/draft-mapping.ts';
import { parseMapping, type MappingDocument } from '../../mapping/mapping-format.ts';
import { mappingChecksum } from '../../records/settings/default-settings.ts';
import { mappingInForce } from '../../records/settings/mapping-in-force.ts';
import { SettingsError, type SettingsPlace } from '../../records/settings/settings-error.ts';
import type { MappingSetting, SettingsState, SystemSetting } from '../../records/settings/settings.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { ConfigurationDeps } from '../configuration/plan-configuration.ts';

/** A draft with the mapping that it was made from. */
export interface DraftOf extends MappingDraft {
  readonly base: { readonly key: string; readonly version: number };
}

/** A system with its mapping in force, and what a draft makes of it. */
export interface DraftedMapping {
  readonly system: SystemSetting;
  readonly inForce: MappingSetting;
  readonly document: MappingDocument;
  readonly compiled: CompiledMapping;
  readonly base: CompiledMapping;
}

/**
 * What a draft makes of the mapping that a system goes by.
 *
 * @throws SettingsError `system_unknown`, `mapping_missing`, `version_conflict` (another mapping is in force than the
 *   draft was made from), `settings_invalid` with every fault and its place.
 */
export function draftedMapping(
  deps: Pick<ConfigurationDeps, 'catalogue' | 'codeTables'>,
  state: SettingsState,
  systemId: bigint,
  draft: DraftOf,
): DraftedMapping {
  const system = state.systems.find(({ id }) => id === systemId);
  if (system === undefined) throw new SettingsError('system_unknown');
  const inForce = mappingInForce(state.mappings, system, deps.catalogue);
  if (inForce === undefined) throw new SettingsError('mapping_missing');
  if (inForce.key !== draft.base.key || inForce.version !== draft.base.version) {
    const reason = `The draft was made from ${draft.base.key} version ${draft.base.version}; ${inForce.key} version ${inForce.version} is in force.`;
    throw new SettingsError('version_conflict', [{ place: 'draft.base', reason }]);
  }
  const wrong = wrongCodes(draft, deps.codeTables);
  if (wrong.length > 0) throw new SettingsError('settings_invalid', wrong);
  const options = { country: system.country };
  try {
    const base = parseMapping(inForce.body);
    const document = parseMapping(draftMapping(base, draft, nextVersion(state, system, base)));
    return {
      system,
      inForce,
      document,
      compiled: compileMapping(document, deps.codeTables, options),
      base: compileMapping(base, deps.codeTables, options),
    };
  } catch (error) {
    if (error instanceof MappingError) throw new SettingsError('settings_invalid', error.faults, { cause: error });
    throw error;
  }
}

/**
 * Stores a draft as the next version of the system's own mapping and lets the system go by it, in one transaction with
 * its audit entry.
 *
 * @throws SettingsError as {@link draftedMapping}
 */
export function acceptDraft(
  deps: ConfigurationDeps,
  systemId: bigint,
  draft: DraftOf,
  record: (tx: Queryable, stored: MappingSetting, system: SystemSetting) => Promise<void>,
): Promise<MappingSetting> {
  return deps.database.transaction(async (tx) => {
    await deps.store.lock(tx);
    const state = await deps.store.load(tx);
    const { system, document } = draftedMapping(deps, state, systemId, draft);
    const values = {
      key: document.key,
      category: 'patient',
      version: document.version,
      origin: 'own',
      body: document,
    } as const;
    const stored = await deps.store.addMapping(tx, deps.ids.next(), values, mappingChecksum(document));
    if (system.mappingKey !== document.key) {
      await deps.store.saveSystem(tx, system.id, { ...system, mappingKey: document.key });
    }
    await record(tx, stored, system);
    return stored;
  });
}

/** The system's own mapping gets its next version; a system without one gets one under its own key. */
function nextVersion(
  state: SettingsState,
  system: SystemSetting,
  base: MappingDocument,
): { key: string; version: number; title: string } {
  const own =
    system.mappingKey !== null &&
    state.mappings.some(({ key, origin }) => key === system.mappingKey && origin === 'own');
  const shared = state.systems.some(({ id, mappingKey }) => id !== system.id && mappingKey === system.mappingKey);
  // A mapping that other systems go by as well is left as it is: their feeds are not this one.
  const key = own && !shared && system.mappingKey !== null ? system.mappingKey : `${system.key}.patient`;
  const versions = state.mappings.filter((mapping) => mapping.key === key).map(({ version }) => version);
  return {
    key,
    version: Math.max(0, ...versions) + 1,
    title: key === base.key ? base.title : `${system.name}: patients`.slice(0, 200),
  };
}

function wrongCodes(draft: MappingDraft, codeTables: readonly CodeTable[]): SettingsPlace[] {
  return Object.entries(draft.codes).flatMap(([key, codes]) => {
    const table = codeTables.find((each) => each.key === key);
    if (table === undefined) return [{ place: `draft.codes.${key}`, reason: 'There is no such code table.' }];
    const ours = new Set(Object.values(table.entries));
    const unknown = Object.values(codes).filter((code) => !ours.has(code));
    if (unknown.length === 0) return [];
    const reason = `“${unknown[0]}” is no code that the table “${table.title}” translates to.`;
    return [{ place: `draft.codes.${key}`, reason }];
  });
}
