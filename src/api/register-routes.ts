import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { RouteSpec } from '../contract/route.ts';
import { routes, type RouteName } from '../contract/routes.ts';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { auditActionOf, auditEntryOf } from './audit-call.ts';
import { authenticate } from './authenticate.ts';
import { callOf } from './call-state.ts';
import type { CallContext } from './handler.ts';
import type { SecurityServices } from './security-services.ts';

/** A handler as the table of routes calls it: what zod parsed comes in, what the contract says goes out. */
export type AnyHandler = (
  call: { readonly params: unknown; readonly query: unknown; readonly body: unknown; readonly context: CallContext },
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
) => Promise<unknown>;

export interface RouteTableDeps {
  readonly security: SecurityServices;
  readonly handlers: Readonly<Record<Exclude<RouteName, 'events'>, AnyHandler>>;
  /** Called after a call that may have changed settings. */
  readonly settingsChanged: () => void;
  /** The one route that does not answer and end. */
  readonly events: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

const MEGABYTE = 1024 * 1024;
/** Bodies are small, with these exceptions. */
const BODY_LIMITS: Partial<Record<RouteName, number>> = {
  signIn: 16 * 1024,
  setup: 16 * 1024,
  changePassword: 16 * 1024,
  replayMessage: 64 * MEGABYTE,
  diffConfiguration: 12 * MEGABYTE,
  applyConfiguration: 12 * MEGABYTE,
  exportSpecification: 32 * MEGABYTE,
};
/** Tries at passwords and one-time links, per address; the security room counts per account as well. */
const STRICT = { max: 20, timeWindow: 60_000 };
const STRICT_ROUTES: ReadonlySet<RouteName> = new Set(['signIn', 'setup', 'changePassword']);

/** Routes after which live pages read their settings again. */
const SETTINGS_ROUTES: ReadonlySet<RouteName> = new Set([
  'createEnvironment',
  'updateEnvironment',
  'deleteEnvironment',
  'createSystem',
  'updateSystem',
  'deleteSystem',
  'createListener',
  'updateListener',
  'deleteListener',
  'createCredential',
  'updateCredential',
  'rotateCredential',
  'completeCredential',
  'deleteCredential',
  'applyConfiguration',
  'acceptMapping',
]);

/** Registers every route of the contract, each with its access and audit rule; there is no other way to add one. */
export function registerRoutes(app: FastifyInstance, deps: RouteTableDeps): void {
  const uploads: RouteOptions[] = [];
  for (const name of Object.keys(routes) as RouteName[]) {
    const spec: RouteSpec = routes[name];
    const handle = name === 'events' ? undefined : deps.handlers[name];
    if (name !== 'events' && handle === undefined) throw new Error(`The route ${name} has no handler.`);
    const action = auditActionOf(spec);
    const options: RouteOptions = {
      method: spec.method,
      url: spec.path,
      config: { routeName: name, spec, ...(STRICT_ROUTES.has(name) ? { rateLimit: STRICT } : {}) },
      bodyLimit: BODY_LIMITS[name] ?? MEGABYTE,
      schema: {
        ...(spec.params === undefined ? {} : { params: spec.params }),
        ...(spec.query === undefined ? {} : { querystring: spec.query }),
        ...(spec.body === undefined ? {} : { body: spec.body }),
        ...(handle === undefined ? {} : { response: { 200: spec.response } }),
      },
      onRequest: (request) => authenticate(request, spec.access, deps.security),
      preValidation: (request, _reply, done) => {
        // Defaults fill what a body leaves out, but a change must only touch what its body names.
        if (spec.method === 'PATCH' && isObject(request.body))
          callOf(request).bodyNames = new Set(Object.keys(request.body));
        done();
      },
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store');
        if (handle === undefined) return await deps.events(request, reply);
        const context = contextOf(request, deps.security, action);
        const answer = await handle(
          { params: request.params, query: request.query, body: namedOnly(request), context },
          { request, reply },
        );
        // Before the answer goes out: who saw what must be on record first.
        if (action !== undefined && !callOf(request).auditedWithin) {
          await deps.security.audit.append(auditEntryOf(request, action, 'ok'));
        }
        if (SETTINGS_ROUTES.has(name)) deps.settingsChanged();
        return answer;
      },
    };
    if (spec.upload === true) uploads.push(options);
    else app.route(options);
  }
  // Files are not read into memory: their routes get the stream itself, whatever its content type. How much they take
  // is theirs to bound.
  void app.register((own, _options, done) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    for (const options of uploads) own.route(options);
    done();
  });
}

function contextOf(
  request: FastifyRequest,
  security: SecurityServices,
  action: ReturnType<typeof auditActionOf>,
): CallContext {
  const state = callOf(request);
  return {
    actor: state.caller?.actor ?? SYSTEM_ACTOR,
    permissions: state.caller?.permissions ?? new Set(),
    address: request.ip,
    audit(entry) {
      state.addition = {
        ...state.addition,
        ...entry,
        ...(entry.detail === undefined ? {} : { detail: { ...state.addition.detail, ...entry.detail } }),
      };
    },
    async auditWithin(tx, entry) {
      if (action === undefined) throw new Error('A route without an audit action writes no audit entry.');
      await security.audit.within(tx, [auditEntryOf(request, action, 'ok', entry)]);
      state.auditedWithin = true;
    },
  };
}

function namedOnly(request: FastifyRequest): unknown {
  const names = callOf(request).bodyNames;
  if (names === undefined || !isObject(request.body)) return request.body;
  return Object.fromEntries(Object.entries(request.body).filter(([name]) => names.has(name)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
