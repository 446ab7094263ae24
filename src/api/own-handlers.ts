import type { Product } from '../contract/systems.ts';
import type { EngineControl } from '../engine/control.ts';
import type { ConfigurationDeps } from '../operations/configuration/plan-configuration.ts';
import { createSettingsOverview } from '../operations/settings-overview.ts';
import { createSettingsService } from '../records/settings/settings-service.ts';
import { errorForLog, type ApiLog } from './api-log.ts';
import { createCredentialService } from '../records/credentials/credential-service.ts';
import type { CredentialOpener } from '../records/credentials/open-credential.ts';
import type { CredentialStore } from '../records/credentials/credentials.ts';
import type { Sealer } from '../security/sealing.ts';
import { createAuditHandlers } from './audit.ts';
import { createConfigurationHandlers } from './configuration.ts';
import { createCredentialHandlers } from './credentials.ts';
import type { SecurityServices } from './security-services.ts';
import { createSettingsHandlers } from './settings.ts';
import { createUserHandlers } from './users.ts';

export interface OwnHandlerDeps {
  /** Database, store of settings, ids, catalogue of products, reserved addresses, code tables. */
  readonly settings: ConfigurationDeps;
  /** The vault. */
  readonly vault: { readonly credentials: CredentialStore; readonly sealer: Sealer; readonly opener: CredentialOpener };
  readonly products: readonly Product[];
  readonly security: SecurityServices;
  readonly engine: Pick<EngineControl, 'settingsChanged'>;
  readonly log: ApiLog;
  readonly now: () => number;
  /** The address of a one-time link for a person to open. */
  readonly linkOf: (linkToken: string) => string;
}

/** Tells the engine that settings changed. */
export function settingsTeller(deps: Pick<OwnHandlerDeps, 'engine' | 'log'>): () => Promise<void> {
  // The change is committed: a node that can't be told now reads it later, and the caller's answer stays good.
  return async () => {
    try {
      await deps.engine.settingsChanged();
    } catch (error) {
      deps.log.error({ error: errorForLog(error) }, 'the engine could not be told that settings changed');
    }
  };
}

/** Handlers of settings, the configuration as a file, users, tokens and the audit log. */
export function createOwnHandlers(deps: OwnHandlerDeps) {
  const changed = settingsTeller(deps);
  const { database, store, catalogue } = deps.settings;
  const settings = createSettingsService(deps.settings);
  return {
    ...createSettingsHandlers({
      settings,
      overview: createSettingsOverview({ database, store, now: deps.now }),
      catalogue,
      products: deps.products,
      now: deps.now,
      changed,
    }),
    ...createCredentialHandlers({
      service: createCredentialService({ ...deps.settings, ...deps.vault, now: deps.now }),
      load: () => settings.load(),
      opener: deps.vault.opener,
      now: deps.now,
      changed,
    }),
    ...createConfigurationHandlers({ configuration: deps.settings, changed }),
    ...createUserHandlers({ security: deps.security, linkOf: deps.linkOf }),
    ...createAuditHandlers({ security: deps.security }),
  };
}
