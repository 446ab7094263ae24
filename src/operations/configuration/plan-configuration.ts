import { createHash } from 'node:crypto';
import type { ConfigurationChange } from '../../contract/configuration.ts';
import type { CodeTable } from '../../mapping/code-table.ts';
import type { SettingsProblem } from '../../records/settings/check-settings.ts';
import { canonicalJson, mappingChecksum } from '../../records/settings/default-settings.ts';
import { SettingsError, type SettingsPlace } from '../../records/settings/settings-error.ts';
import { newProblems, same, type SettingsDeps } from '../../records/settings/settings-service.ts';
import type {
  EnvironmentSetting,
  Kept,
  ListenerSetting,
  MappingSetting,
  SettingsState,
  SystemSetting,
} from '../../records/settings/settings.ts';
import { checkMapping } from './check-mapping.ts';
import {
  environmentEntry,
  environmentValues,
  listenerEntry,
  listenerValues,
  systemEntry,
  systemValues,
} from './configuration-entries.ts';
import { configurationText } from './export-configuration.ts';
import { pathOf, type ReadConfiguration } from './configuration-text.ts';

export interface ConfigurationDeps extends SettingsDeps {
  readonly codeTables: readonly CodeTable[];
}

/** What applying a configuration would do. */
export interface ConfigurationPlan {
  readonly changes: readonly ConfigurationChange[];
  /** What is set up but not in the file: it is left alone. */
  readonly untouched: readonly { readonly kind: ConfigurationChange['kind']; readonly key: string }[];
  /** Stands for the file's meaning and the settings that it was compared with. */
  readonly digest: string;
  readonly after: SettingsState;
  readonly environments: readonly EnvironmentSetting[];
  readonly systems: readonly SystemSetting[];
  readonly listeners: readonly ListenerSetting[];
  readonly mappings: readonly MappingSetting[];
}

/**
 * Compares a configuration with the settings in force.
 *
 * @throws SettingsError `configuration_invalid` with line and column of everything that is wrong.
 */
export function planConfiguration(
  deps: ConfigurationDeps,
  before: SettingsState,
  read: ReadConfiguration,
): ConfigurationPlan {
  const { document, place } = read;
  const wrong: SettingsPlace[] = [
    ...repeatedKeys('environments', document.environments, place),
    ...repeatedKeys('systems', document.systems, place),
    ...repeatedKeys('listeners', document.listeners, place),
  ];
  const mappings = readMappings(deps, before, read, wrong);
  const kept = keeper(deps);

  const environments = document.environments.map((entry): EnvironmentSetting => ({
    ...kept(before.environments, entry.key),
    ...environmentValues(entry),
  }));
  const allEnvironments = merge(before.environments, environments);
  const systems = document.systems.map((entry, index): SystemSetting => {
    const id = idOf(allEnvironments, entry.environment, 'environment', ['systems', index, 'environment'], place, wrong);
    return { ...kept(before.systems, entry.key), ...systemValues(entry, id) };
  });
  const allSystems = merge(before.systems, systems);
  const listeners = document.listeners.map((entry, index): ListenerSetting => {
    const id = idOf(allSystems, entry.system, 'system', ['listeners', index, 'system'], place, wrong);
    return { ...kept(before.listeners, entry.key), ...listenerValues(entry, id) };
  });
  if (wrong.length > 0) throw new SettingsError('configuration_invalid', wrong);

  const after: SettingsState = {
    environments: allEnvironments,
    systems: allSystems,
    listeners: merge(before.listeners, listeners),
    mappings: [...before.mappings, ...mappings.added],
    credentials: before.credentials,
  };
  const problems = newProblems(before, after, deps);
  if (problems.length > 0) {
    const places = problems.map((problem) => placeOfProblem(problem, after, read));
    throw new SettingsError('configuration_invalid', places);
  }

  const changes = [
    ...compare('environment', before.environments, environments, (setting) => environmentEntry(setting)),
    ...mappings.changes,
    ...compare('system', before.systems, systems, (setting, which) =>
      systemEntry(setting, which === 'old' ? before : after),
    ),
    ...compare('listener', before.listeners, listeners, (setting, which) =>
      listenerEntry(setting, which === 'old' ? before : after),
    ),
  ];
  const changed = new Set(changes.filter(({ change }) => change !== 'same').map(({ kind, key }) => `${kind} ${key}`));
  return {
    changes,
    untouched: [
      ...missing('environment', before.environments, document.environments),
      ...missing('system', before.systems, document.systems),
      ...missing('listener', before.listeners, document.listeners),
    ],
    digest: digestOf(before, document),
    after,
    environments: environments.filter(({ key }) => changed.has(`environment ${key}`)),
    systems: systems.filter(({ key }) => changed.has(`system ${key}`)),
    listeners: listeners.filter(({ key }) => changed.has(`listener ${key}`)),
    mappings: mappings.added,
  };
}

function repeatedKeys(
  list: string,
  entries: readonly { readonly key: string }[],
  place: ReadConfiguration['place'],
): SettingsPlace[] {
  const seen = new Set<string>();
  return entries.flatMap(({ key }, index) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ place: place([list, index, 'key']), reason: `The key “${key}” stands in this list twice.` }];
  });
}

/** The bookkeeping of a setting that exists, or of a new one. */
function keeper(deps: ConfigurationDeps) {
  return (settings: readonly (Kept & { readonly key: string })[], key: string): Kept => {
    const existing = settings.find((setting) => setting.key === key);
    if (existing === undefined)
      return { id: deps.ids.next(), version: 1, createdAt: new Date(0), updatedAt: new Date(0) };
    const { id, version, createdAt, updatedAt } = existing;
    return { id, version, createdAt, updatedAt };
  };
}

function merge<T extends { readonly id: bigint }>(before: readonly T[], next: readonly T[]): T[] {
  const byId = new Map(before.map((setting) => [setting.id, setting]));
  for (const setting of next) byId.set(setting.id, setting);
  return [...byId.values()];
}

function idOf(
  settings: readonly { readonly id: bigint; readonly key: string }[],
  key: string,
  what: string,
  path: readonly (string | number)[],
  place: ReadConfiguration['place'],
  wrong: SettingsPlace[],
): bigint {
  const found = settings.find((setting) => setting.key === key);
  if (found === undefined) {
    wrong.push({
      place: place(path),
      reason: `There is no ${what} with the key “${key}”, neither here nor set up already.`,
    });
  }
  return found?.id ?? 0n;
}

function readMappings(deps: ConfigurationDeps, before: SettingsState, read: ReadConfiguration, wrong: SettingsPlace[]) {
  const added: MappingSetting[] = [];
  const changes: ConfigurationChange[] = [];
  const seen = new Set<string>();
  for (const [index, body] of read.document.mappings.entries()) {
    const at = (path: readonly (string | number)[], reason: string): void => {
      wrong.push({ place: read.place(['mappings', index, ...path]), reason });
    };
    const checked = checkMapping(body, deps.codeTables);
    if (!checked.ok) {
      for (const fault of checked.faults) at(pathOf(fault.place), fault.reason);
      continue;
    }
    const { key, version, target } = checked.document;
    const name = `${key}@${version}`;
    if (seen.has(name)) at(['version'], `Version ${version} of the mapping “${key}” stands in this list twice.`);
    seen.add(name);
    const alike = before.mappings.filter((mapping) => mapping.key === key);
    if (alike.some(({ origin }) => origin === 'default')) {
      at(['key'], `“${key}” is a mapping that comes with the program; give your own another key.`);
      continue;
    }
    const checksum = mappingChecksum(body);
    const stored = alike.find((mapping) => mapping.version === version);
    if (stored === undefined) {
      const id = deps.ids.next();
      added.push({ id, key, version, category: target, origin: 'own', body, checksum });
      changes.push({ kind: 'mapping', key: name, change: 'add', fields: differences(undefined, body) });
    } else if (stored.checksum === checksum) changes.push({ kind: 'mapping', key: name, change: 'same', fields: [] });
    else
      at(
        ['version'],
        `Version ${version} of “${key}” is stored with other content and never changes; use the next number.`,
      );
  }
  return { added, changes };
}

function compare<T extends { readonly key: string }>(
  kind: ConfigurationChange['kind'],
  before: readonly T[],
  next: readonly T[],
  entry: (setting: T, which: 'old' | 'new') => object,
): ConfigurationChange[] {
  return next.map((setting) => {
    const old = before.find(({ key }) => key === setting.key);
    const fields = differences(old === undefined ? undefined : entry(old, 'old'), entry(setting, 'new'));
    const change = old === undefined ? 'add' : fields.length === 0 ? 'same' : 'change';
    return { kind, key: setting.key, change, fields };
  });
}

/** The fields that differ, with their old and new values; lists are compared as wholes. */
function differences(old: unknown, next: unknown, path = ''): ConfigurationChange['fields'] {
  if (same(old, next)) return [];
  if (isPlainObject(next) && (old === undefined || isPlainObject(old))) {
    const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next)]);
    return [...names].flatMap((name) => differences(old?.[name], next[name], path === '' ? name : `${path}.${name}`));
  }
  return [{ path, old: old ?? null, new: next ?? null }];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(
  kind: ConfigurationChange['kind'],
  before: readonly { readonly key: string }[],
  entries: readonly { readonly key: string }[],
): ConfigurationPlan['untouched'] {
  const named = new Set(entries.map(({ key }) => key));
  return before.filter(({ key }) => !named.has(key)).map(({ key }) => ({ kind, key }));
}

/** Names of references in a file, where the settings' own names differ. */
const FILE_FIELDS: Readonly<Record<string, string>> = { environment_id: 'environment', system_id: 'system' };

function placeOfProblem(problem: SettingsProblem, after: SettingsState, read: ReadConfiguration): SettingsPlace {
  const list = `${problem.kind}s` as const;
  const setting = (after[list] as readonly { readonly id: bigint; readonly key: string }[]).find(
    ({ id }) => id === problem.id,
  );
  const key = setting?.key ?? '';
  const index = list === 'credentials' ? -1 : read.document[list].findIndex((entry) => entry.key === key);
  const field = FILE_FIELDS[problem.field] ?? problem.field;
  if (index < 0) return { place: `${problem.kind} ${key} (${field}), not in the file`, reason: problem.reason };
  return { place: read.place([list, index, ...pathOf(field)]), reason: problem.reason };
}

function digestOf(before: SettingsState, document: unknown): string {
  return createHash('sha256')
    .update(configurationText(before))
    .update('\u0000')
    .update(canonicalJson(document))
    .digest('hex');
}
