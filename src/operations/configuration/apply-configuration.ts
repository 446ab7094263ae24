import {
  guardKindChange,
  guardListenerMove,
  guardSystemMove,
  plaintextDetail,
  type RecordChange,
} from '../../records/settings/settings-service.ts';
import type { SettingsState } from '../../records/settings/settings.ts';
import { SettingsError } from '../../records/settings/settings-error.ts';
import type { Queryable } from '../../store/queryable.ts';
import { readConfiguration } from './configuration-text.ts';
import { planConfiguration, type ConfigurationDeps, type ConfigurationPlan } from './plan-configuration.ts';

/** What applying did or would do. */
export type ConfigurationDiff = Pick<ConfigurationPlan, 'changes' | 'untouched' | 'digest'>;

/**
 * What applying a configuration text (YAML or JSON) would change; changes nothing.
 *
 * @throws SettingsError with line and column of everything that is wrong.
 */
export async function diffConfiguration(deps: ConfigurationDeps, text: string): Promise<ConfigurationDiff> {
  const read = readConfiguration(text);
  return diffOf(planConfiguration(deps, await deps.store.load(deps.database), read));
}

/**
 * Applies a configuration text in one transaction together with its audit entry. Applying it again changes nothing.
 * Settings that the text does not name are left alone. With `digest`, only if neither text nor settings have moved since
 * the diff that gave it.
 *
 * @throws SettingsError `configuration_moved`, or with line and column of everything that is wrong.
 */
export async function applyConfiguration(
  deps: ConfigurationDeps,
  request: { readonly text: string; readonly digest?: string | undefined },
  record: RecordChange,
): Promise<ConfigurationDiff> {
  const read = readConfiguration(request.text);
  return await deps.database.transaction(async (tx) => {
    await deps.store.lock(tx);
    const plan = planConfiguration(deps, await deps.store.load(tx), read);
    if (request.digest !== undefined && request.digest !== plan.digest) throw new SettingsError('configuration_moved');
    const withoutTls = plaintextDecisions(await deps.store.load(tx), plan);
    await save(deps, tx, plan);
    const named = (change: 'add' | 'change'): string[] =>
      plan.changes.filter((each) => each.change === change).map(({ kind, key }) => `${kind} ${key}`);
    const detail = {
      added: shortened(named('add')),
      changed: shortened(named('change')),
      ...(withoutTls.length === 0 ? {} : { without_tls: shortened(withoutTls) }),
    };
    await record(tx, { resource: { kind: 'configuration', id: null }, detail });
    return diffOf(plan);
  });
}

async function save(deps: ConfigurationDeps, tx: Queryable, plan: ConfigurationPlan): Promise<void> {
  const { store } = deps;
  const before = await store.load(tx);
  for (const setting of plan.environments) {
    const old = before.environments.find(({ id }) => id === setting.id);
    if (old !== undefined) guardKindChange(old, setting, before);
    await store.saveEnvironment(tx, setting.id, setting);
  }
  for (const { id, checksum, ...values } of plan.mappings) await store.addMapping(tx, id, values, checksum);
  for (const setting of plan.systems) {
    const old = before.systems.find(({ id }) => id === setting.id);
    if (old !== undefined) await guardSystemMove(tx, store, old, setting);
    await store.saveSystem(tx, setting.id, setting);
  }
  await store.freeAddresses(
    tx,
    plan.listeners.map(({ id }) => id),
  );
  for (const setting of plan.listeners) {
    const old = before.listeners.find(({ id }) => id === setting.id);
    if (old !== undefined) await guardListenerMove(tx, store, old, setting);
    await store.saveListener(tx, setting.id, setting);
  }
}

/** Listeners of Production systems that are to run without TLS, each with the reason that the file gives. */
function plaintextDecisions(before: SettingsState, plan: ConfigurationPlan): string[] {
  return plan.listeners.flatMap((listener) => {
    const old = before.listeners.find(({ id }) => id === listener.id);
    const { without_tls: reason } = plaintextDetail(old, listener, plan.after);
    return typeof reason === 'string' ? [`${listener.key}: ${reason}`] : [];
  });
}

/** An audit entry holds at most 64 KB. */
function shortened(names: readonly string[]): string[] {
  return names.length <= 200 ? [...names] : [...names.slice(0, 200), `and ${names.length - 200} more`];
}

function diffOf({ changes, untouched, digest }: ConfigurationPlan): ConfigurationDiff {
  return { changes, untouched, digest };
}
