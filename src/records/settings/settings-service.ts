import type { Database, Queryable } from '../../store/queryable.ts';
import { checkSettings, type CheckContext, type SettingsProblem } from './check-settings.ts';
import { SettingsError, type SettingsErrorCode } from './settings-error.ts';
import type {
  EnvironmentSetting,
  EnvironmentValues,
  ListenerSetting,
  ListenerValues,
  SettingsState,
  SettingsStore,
  SystemSetting,
  SystemValues,
} from './settings.ts';

export interface SettingsDeps extends CheckContext {
  readonly database: Database;
  readonly store: SettingsStore;
  readonly ids: { next(): bigint };
}

/** Writes the audit entry of a change inside its transaction. Details are text, numbers and lists of these. */
export type RecordChange = (
  tx: Queryable,
  entry: {
    readonly resource: {
      readonly kind: 'environment' | 'system' | 'listener' | 'credential' | 'configuration';
      readonly id: bigint | null;
    };
    readonly detail: Record<string, unknown>;
  },
) => Promise<void>;

/** Changes of one kind of setting: each in one transaction with its audit entry. */
export interface SettingsOf<Values, Setting> {
  create(values: Values, record: RecordChange): Promise<Setting>;
  /** @throws SettingsError `version_conflict` when the setting is no longer the version that the change was made from. */
  update(id: bigint, version: number, patch: Partial<Values>, record: RecordChange): Promise<Setting>;
  remove(id: bigint, record: RecordChange): Promise<void>;
}

export interface SettingsService {
  load(): Promise<SettingsState>;
  readonly environments: SettingsOf<EnvironmentValues, EnvironmentSetting>;
  readonly systems: SettingsOf<SystemValues, SystemSetting>;
  readonly listeners: SettingsOf<ListenerValues, ListenerSetting>;
}

type Kind = 'environment' | 'system' | 'listener';
type AnySetting = EnvironmentSetting | SystemSetting | ListenerSetting;

interface KindRules<Values, Setting> {
  readonly kind: Kind;
  readonly unknown: SettingsErrorCode;
  list(state: SettingsState): readonly Setting[];
  with(state: SettingsState, list: readonly Setting[]): SettingsState;
  save(tx: Queryable, id: bigint, values: Values): Promise<Setting>;
  remove(tx: Queryable, id: bigint): Promise<void>;
  /** Throws when the setting may not become what it is to become. */
  guardChange(tx: Queryable, old: Setting, next: Setting, state: SettingsState): Promise<void>;
  /** What the audit entry says beside names and changed fields. */
  detail?(old: Setting | undefined, next: Setting, state: SettingsState): Record<string, unknown>;
  /** Throws when the setting may not be removed. */
  guardRemoval(tx: Queryable, old: Setting, state: SettingsState): Promise<void>;
}

/**
 * Environments, systems and listeners. Changes wait for each other (they are rare), so that the check of the whole
 * picture holds when it is committed.
 */
export function createSettingsService(deps: SettingsDeps): SettingsService {
  const { store } = deps;
  return {
    load: () => store.load(deps.database),
    environments: settingsOf<EnvironmentValues, EnvironmentSetting>(deps, {
      kind: 'environment',
      unknown: 'environment_unknown',
      list: (state) => state.environments,
      with: (state, environments) => ({ ...state, environments }),
      save: (tx, id, values) => store.saveEnvironment(tx, id, values),
      remove: (tx, id) => store.removeEnvironment(tx, id),
      async guardChange(_tx, old, next, state) {
        guardKindChange(old, next, state);
      },
      async guardRemoval(_tx, old, state) {
        const inside = state.systems.filter(({ environmentId }) => environmentId === old.id);
        if (inside.length > 0) throw new SettingsError('environment_in_use', named('systems', inside));
        const kept = state.credentials.filter(({ environmentId }) => environmentId === old.id);
        if (kept.length > 0) throw new SettingsError('environment_in_use', named('credentials', kept));
      },
    }),
    systems: settingsOf<SystemValues, SystemSetting>(deps, {
      kind: 'system',
      unknown: 'system_unknown',
      list: (state) => state.systems,
      with: (state, systems) => ({ ...state, systems }),
      save: (tx, id, values) => store.saveSystem(tx, id, values),
      remove: (tx, id) => store.removeSystem(tx, id),
      guardChange: (tx, old, next) => guardSystemMove(tx, store, old, next),
      async guardRemoval(tx, old, state) {
        if (await store.hasMessages(tx, { systemId: old.id })) throw new SettingsError('system_has_messages');
        const inside = state.listeners.filter(({ systemId }) => systemId === old.id);
        if (inside.length > 0) throw new SettingsError('system_has_listeners', named('listeners', inside));
      },
    }),
    listeners: settingsOf<ListenerValues, ListenerSetting>(deps, {
      kind: 'listener',
      unknown: 'listener_unknown',
      list: (state) => state.listeners,
      with: (state, listeners) => ({ ...state, listeners }),
      save: (tx, id, values) => store.saveListener(tx, id, values),
      remove: (tx, id) => store.removeListener(tx, id),
      guardChange: (tx, old, next) => guardListenerMove(tx, store, old, next),
      detail: plaintextDetail,
      guardRemoval: () => Promise.resolve(),
    }),
  };
}

/** Switching a Production environment with systems to another kind would switch off what guards its patients. */
export function guardKindChange(old: EnvironmentSetting, next: EnvironmentValues, state: SettingsState): void {
  if (old.kind === next.kind) return;
  const inside = state.systems.filter(({ environmentId }) => environmentId === old.id);
  if (inside.length > 0) throw new SettingsError('environment_kind_fixed', named('kind', inside));
}

/** Patients belong to an environment: a system that has fed some cannot take them along. */
export async function guardSystemMove(
  tx: Queryable,
  store: SettingsStore,
  old: SystemSetting,
  next: SystemValues,
): Promise<void> {
  if (old.environmentId === next.environmentId || !(await store.hasMessages(tx, { systemId: old.id }))) return;
  throw new SettingsError('system_environment_fixed', [
    { place: 'environment_id', reason: `“${old.name}” has received messages.` },
  ]);
}

/** Messages and patients that came through a listener belong to its system. */
export async function guardListenerMove(
  tx: Queryable,
  store: SettingsStore,
  old: ListenerSetting,
  next: ListenerValues,
): Promise<void> {
  if (old.systemId === next.systemId || !(await store.hasMessages(tx, { listenerId: old.id }))) return;
  throw new SettingsError('listener_system_fixed', [
    { place: 'system_id', reason: `“${old.name}” has received messages.` },
  ]);
}

/**
 * That a listener of a Production system may run without TLS is a decision of a person, so the entry says it with the
 * reason: when it is made, changed, or comes into force because TLS was switched off.
 */
export function plaintextDetail(
  old: ListenerSetting | undefined,
  next: ListenerSetting,
  state: Pick<SettingsState, 'systems' | 'environments'>,
): Record<string, unknown> {
  const reason = plaintextOverride(next, state);
  if (reason === undefined) return {};
  const before = old === undefined ? undefined : plaintextOverride(old, state);
  return before === reason && old?.enabled === next.enabled ? {} : { without_tls: reason.slice(0, 500) };
}

/** Why a listener of a Production system runs without TLS; undefined where it has TLS, needs none or has no reason. */
export function plaintextOverride(
  listener: Pick<ListenerSetting, 'systemId' | 'tls' | 'plaintextReason'>,
  state: Pick<SettingsState, 'systems' | 'environments'>,
): string | undefined {
  const system = state.systems.find(({ id }) => id === listener.systemId);
  const environment = state.environments.find(({ id }) => id === system?.environmentId);
  const reason = listener.plaintextReason.trim();
  return environment?.kind === 'production' && !listener.tls.enabled && reason !== '' ? reason : undefined;
}

function settingsOf<
  Values extends { readonly key: string; readonly name: string },
  Setting extends AnySetting & Values,
>(deps: SettingsDeps, rules: KindRules<Values, Setting>): SettingsOf<Values, Setting> {
  const { database, store } = deps;

  async function begin(tx: Queryable): Promise<SettingsState> {
    await store.lock(tx);
    return store.load(tx);
  }
  function find(state: SettingsState, id: bigint): Setting {
    const found = rules.list(state).find((setting) => setting.id === id);
    if (found === undefined) throw new SettingsError(rules.unknown);
    return found;
  }

  return {
    create: (values, record) =>
      database.transaction(async (tx) => {
        const state = await begin(tx);
        const id = deps.ids.next();
        const now = new Date(0);
        const made = { ...values, id, version: 1, createdAt: now, updatedAt: now } as unknown as Setting;
        refuseNewProblems(state, rules.with(state, [...rules.list(state), made]), deps);
        const saved = await rules.save(tx, id, values);
        const detail = { key: values.key, name: values.name, ...rules.detail?.(undefined, made, state) };
        await record(tx, { resource: { kind: rules.kind, id }, detail });
        return saved;
      }),

    update: (id, version, patch, record) =>
      database.transaction(async (tx) => {
        const state = await begin(tx);
        const old = find(state, id);
        if (old.version !== version) {
          const reason = `You changed version ${version}; version ${old.version} is in force.`;
          throw new SettingsError('version_conflict', [{ place: 'version', reason }]);
        }
        const next = { ...old, ...patch };
        const changed = changedFields(old, next);
        if (changed.length === 0) return old;
        await rules.guardChange(tx, old, next, state);
        refuseNewProblems(
          state,
          rules.with(
            state,
            rules.list(state).map((setting) => (setting.id === id ? next : setting)),
          ),
          deps,
        );
        const saved = await rules.save(tx, id, next);
        const detail = { key: next.key, name: next.name, changed, ...rules.detail?.(old, next, state) };
        await record(tx, { resource: { kind: rules.kind, id }, detail });
        return saved;
      }),

    remove: (id, record) =>
      database.transaction(async (tx) => {
        const state = await begin(tx);
        const old = find(state, id);
        await rules.guardRemoval(tx, old, state);
        await rules.remove(tx, id);
        await record(tx, { resource: { kind: rules.kind, id }, detail: { key: old.key, name: old.name } });
      }),
  };
}

/**
 * Throws for problems that a change would bring. Problems that were there before (a product that a later release no
 * longer knows, say) do not keep anybody from mending something else.
 */
export function refuseNewProblems(before: SettingsState, after: SettingsState, context: CheckContext): void {
  const problems = newProblems(before, after, context);
  const [first] = problems;
  if (first === undefined) return;
  throw new SettingsError(
    first.code,
    problems.map(({ field, reason }) => ({ place: field, reason })),
  );
}

/** The problems of `after` that `before` did not have. */
export function newProblems(before: SettingsState, after: SettingsState, context: CheckContext): SettingsProblem[] {
  const known = new Set(checkSettings(before, context).map(signature));
  return checkSettings(after, context).filter((problem) => !known.has(signature(problem)));
}

function signature({ code, kind, id, field, reason }: SettingsProblem): string {
  return [code, kind, id, field, reason].join('\u0000');
}

/** Names of the fields that differ, without bookkeeping. */
export function changedFields(old: object, next: object): string[] {
  const before = old as Record<string, unknown>;
  return Object.entries(next)
    .filter(([name, value]) => !same(before[name], value))
    .map(([name]) => name);
}

/** Whether two plain values are equal, whatever the order of their properties. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = Object.entries(one).filter(([, value]) => value !== undefined);
  const right = Object.entries(other).filter(([, value]) => value !== undefined);
  return (
    left.length === right.length && left.every(([name, value]) => same(value, (other as Record<string, unknown>)[name]))
  );
}

function named(place: string, settings: readonly { readonly name: string }[]): { place: string; reason: string }[] {
  const names = settings.slice(0, 5).map(({ name }) => `“${name}”`);
  const more = settings.length > 5 ? ` and ${settings.length - 5} more` : '';
  return [{ place, reason: `${names.join(', ')}${more}.` }];
}
