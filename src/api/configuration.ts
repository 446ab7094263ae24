import {
  applyConfiguration,
  diffConfiguration,
  type ConfigurationDiff,
} from '../operations/configuration/apply-configuration.ts';
import { exportConfiguration } from '../operations/configuration/export-configuration.ts';
import type { ConfigurationDeps } from '../operations/configuration/plan-configuration.ts';
import type { Handlers } from './handler.ts';

/** The configuration as a file: out, compared, in. */
export function createConfigurationHandlers(deps: {
  readonly configuration: ConfigurationDeps;
  /** Called after a change is committed. */
  readonly changed: () => Promise<void>;
}): Pick<Handlers, 'exportConfiguration' | 'diffConfiguration' | 'applyConfiguration'> {
  const { configuration } = deps;
  return {
    async exportConfiguration({ context }) {
      context.audit({ resource: { kind: 'configuration', id: null } });
      return { text: await exportConfiguration(configuration) };
    },
    diffConfiguration: async ({ body }) => view(await diffConfiguration(configuration, body.text)),
    async applyConfiguration({ body, context }) {
      const diff = await applyConfiguration(configuration, body, (tx, entry) => context.auditWithin(tx, entry));
      if (diff.changes.some(({ change }) => change !== 'same')) await deps.changed();
      return view(diff);
    },
  };
}

function view({ changes, untouched, digest }: ConfigurationDiff) {
  return { changes: [...changes], untouched: [...untouched], digest };
}
