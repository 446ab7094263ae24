import type { Queryable } from '../../store/queryable.ts';
import type { SettingsState, SettingsStore } from '../../records/settings/settings.ts';
import { CONFIGURATION_FORMAT } from './configuration-document.ts';
import { environmentEntry, listenerEntry, systemEntry } from './configuration-entries.ts';
import { writeYaml } from './configuration-text.ts';

const HEAD = `Practice Studio Integrations: environments, systems, listeners and own field mappings.
See what a changed file would do, and do it:  practice-studio apply FILE
There are no secrets in here: certificates and keys are named by the keys of their credentials in the vault. What is set up but not in a file is left alone when the file is applied.
`;

/** Everything that is set up as YAML text, in a stable order: the same settings always give the same text. */
export async function exportConfiguration(deps: {
  readonly database: Queryable;
  readonly store: SettingsStore;
}): Promise<string> {
  return configurationText(await deps.store.load(deps.database));
}

/** {@link exportConfiguration} of settings at hand. */
export function configurationText(state: SettingsState): string {
  return writeYaml(HEAD, {
    format: CONFIGURATION_FORMAT,
    environments: byKey(state.environments).map((each) => withoutEmpty(environmentEntry(each))),
    systems: byKey(state.systems).map((each) => withoutEmpty(systemEntry(each, state))),
    listeners: byKey(state.listeners).map((each) => withoutEmpty(listenerEntry(each, state))),
    mappings: state.mappings.filter(({ origin }) => origin === 'own').map(({ body }) => body),
  });
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Leaves out what says nothing: empty notes, empty lists, no own mapping. Reading it again gives the same. */
function withoutEmpty(entry: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
