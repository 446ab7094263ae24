import type { z } from 'zod';
import type { listenerInput } from '../contract/listeners.ts';
import type { Product, systemInput } from '../contract/systems.ts';
import type { SettingsOverview } from '../operations/settings-overview.ts';
import type { ProductCatalogue } from '../records/settings/product-catalogue.ts';
import { SettingsError, type SettingsErrorCode } from '../records/settings/settings-error.ts';
import type { RecordChange, SettingsService } from '../records/settings/settings-service.ts';
import type { EnvironmentValues, ListenerValues, SystemValues } from '../records/settings/settings.ts';
import type { CallContext, Handlers } from './handler.ts';
import { environmentView, listenerView, systemMapping, systemView } from './settings-views.ts';

export interface SettingsHandlerDeps {
  readonly settings: SettingsService;
  readonly overview: () => Promise<SettingsOverview>;
  readonly catalogue: ProductCatalogue;
  readonly products: readonly Product[];
  readonly now: () => number;
  /** Called after a change is committed: starts and stops listeners on every node, tells live pages. */
  readonly changed: () => Promise<void>;
}

type Names =
  | `${'get' | 'create' | 'update' | 'delete'}${'Environment' | 'System' | 'Listener'}`
  | 'listEnvironments'
  | 'listSystems'
  | 'listListeners'
  | 'listProducts'
  | 'getMapping';

/** Environments, systems, listeners, products and the mapping in force. */
export function createSettingsHandlers(deps: SettingsHandlerDeps): Pick<Handlers, Names> {
  const { settings, catalogue } = deps;

  async function environmentOf(id: bigint) {
    const state = await settings.load();
    return environmentView(find(state.environments, id, 'environment_unknown'), state);
  }
  async function systemOf(id: bigint) {
    const overview = await deps.overview();
    return systemView(find(overview.state.systems, id, 'system_unknown'), overview, catalogue);
  }
  async function listenerOf(id: bigint) {
    const overview = await deps.overview();
    return listenerView(find(overview.state.listeners, id, 'listener_unknown'), overview, deps.now());
  }

  return {
    async listEnvironments() {
      const state = await settings.load();
      return { items: state.environments.map((each) => environmentView(each, state)) };
    },
    getEnvironment: ({ params }) => environmentOf(BigInt(params.id)),
    async createEnvironment({ body, context }) {
      const { id } = await settings.environments.create(body, recorder(context));
      await deps.changed();
      return environmentOf(id);
    },
    async updateEnvironment({ params, body, context }) {
      const { version, ...patch } = body;
      const id = BigInt(params.id);
      await settings.environments.update(id, version, defined<EnvironmentValues>(patch), recorder(context));
      await deps.changed();
      return environmentOf(id);
    },
    async deleteEnvironment({ params, context }) {
      await settings.environments.remove(BigInt(params.id), recorder(context));
      await deps.changed();
      return { ok: true };
    },

    listProducts: () => Promise.resolve({ items: [...deps.products] }),
    async listSystems({ query }) {
      const overview = await deps.overview();
      const shown = overview.state.systems.filter(
        ({ environmentId }) => query.environment === undefined || String(environmentId) === query.environment,
      );
      return { items: shown.map((each) => systemView(each, overview, catalogue)) };
    },
    getSystem: ({ params }) => systemOf(BigInt(params.id)),
    async createSystem({ body, context }) {
      const values = { ...(systemValues(body) as SystemValues), mappingKey: null };
      const { id } = await settings.systems.create(values, recorder(context));
      await deps.changed();
      return systemOf(id);
    },
    async updateSystem({ params, body, context }) {
      const { version, ...patch } = body;
      const id = BigInt(params.id);
      await settings.systems.update(id, version, systemValues(patch), recorder(context));
      await deps.changed();
      return systemOf(id);
    },
    async deleteSystem({ params, context }) {
      await settings.systems.remove(BigInt(params.id), recorder(context));
      await deps.changed();
      return { ok: true };
    },
    async getMapping({ params }) {
      const state = await settings.load();
      const mapping = systemMapping(find(state.systems, BigInt(params.id), 'system_unknown'), state, catalogue);
      const { id, key, version, origin, body } = mapping;
      return { id: String(id), key, version, origin, body };
    },

    async listListeners({ query }) {
      const overview = await deps.overview();
      const views = overview.state.listeners.map((each) => listenerView(each, overview, deps.now()));
      const items = views.filter(
        ({ environment_id, system_id }) =>
          (query.environment === undefined || environment_id === query.environment) &&
          (query.system === undefined || system_id === query.system),
      );
      return { items };
    },
    getListener: ({ params }) => listenerOf(BigInt(params.id)),
    async createListener({ body, context }) {
      const { id } = await settings.listeners.create(listenerValues(body) as ListenerValues, recorder(context));
      await deps.changed();
      return listenerOf(id);
    },
    async updateListener({ params, body, context }) {
      const { version, ...patch } = body;
      const id = BigInt(params.id);
      await settings.listeners.update(id, version, listenerValues(patch), recorder(context));
      await deps.changed();
      return listenerOf(id);
    },
    async deleteListener({ params, context }) {
      await settings.listeners.remove(BigInt(params.id), recorder(context));
      await deps.changed();
      return { ok: true };
    },
  };
}

function recorder(context: CallContext): RecordChange {
  return (tx, entry) => context.auditWithin(tx, entry);
}

function find<T extends { readonly id: bigint }>(settings: readonly T[], id: bigint, unknown: SettingsErrorCode): T {
  const found = settings.find((setting) => setting.id === id);
  if (found === undefined) throw new SettingsError(unknown);
  return found;
}

/** What a body may name: anything of it, or nothing. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Without the properties that are undefined: they are not to be changed. */
function defined<T>(values: Loose<T>): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function systemValues(body: Loose<z.output<typeof systemInput>>): Partial<SystemValues> {
  return defined<SystemValues>({
    key: body.key,
    name: body.name,
    environmentId: body.environment_id === undefined ? undefined : BigInt(body.environment_id),
    product: body.product,
    productVersion: body.product_version,
    methods: body.methods,
    timeZone: body.time_zone,
    country: body.country,
    note: body.note,
    enabled: body.enabled,
    settings: body.settings,
  });
}

function listenerValues(body: Loose<z.output<typeof listenerInput>>): Partial<ListenerValues> {
  return defined<ListenerValues>({
    key: body.key,
    name: body.name,
    systemId: body.system_id === undefined ? undefined : BigInt(body.system_id),
    host: body.host,
    port: body.port,
    enabled: body.enabled,
    node: body.node,
    ackWhen: body.ack_when,
    ackMode: body.ack_mode,
    ackTimeoutSeconds: body.ack_timeout_seconds,
    allowedPeers: body.allowed_peers,
    limits: body.limits,
    tls: body.tls,
    plaintextReason: body.plaintext_reason,
    note: body.note,
  });
}
