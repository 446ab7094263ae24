import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { EngineControl } from '../engine/control.ts';
import type { Metrics } from '../operations/metrics.ts';
import { SecurityError } from '../security/security-error.ts';
import type { Queryable } from '../store/queryable.ts';
import { ApiError } from './api-error.ts';
import { errorForLog, type ApiLog } from './api-log.ts';
import { auditActionOf, auditEntryOf } from './audit-call.ts';
import { callOf } from './call-state.ts';
import { connectionCloser } from './close-connections.ts';
import { registerDocuments } from './documents.ts';
import { createEventHub, type EventHub } from './events.ts';
import { guardHost, guardOrigin } from './guard-origin.ts';
import type { Handlers } from './handler.ts';
import { registerHealth } from './health.ts';
import { problemOf } from './problem-response.ts';
import { rateLimitKey } from './rate-limit-key.ts';
import { registerRoutes, type AnyHandler, type RouteTableDeps } from './register-routes.ts';
import type { SecurityServices } from './security-services.ts';
import { createSessionHandlers, type ProductInfo, type SessionRouteName } from './session.ts';
import { isConsolePlace, registerConsole } from './static-console.ts';

/** Handlers of everything but the session and the live stream, which the frame serves itself. */
export type ResourceHandlers = Omit<Handlers, SessionRouteName | 'events'>;

export interface ApiServerDeps {
  readonly handlers: ResourceHandlers;
  readonly security: SecurityServices;
  readonly engine: EngineControl;
  readonly database: Queryable;
  /** Why the database's tables are not what this release needs; undefined when they are. */
  readonly migrations: () => Promise<string | undefined>;
  readonly metrics: Metrics;
  readonly log: ApiLog;
  readonly product: ProductInfo;
  /** The built console; without it only the API is served. */
  readonly staticDirectory?: string;
  readonly options?: ApiOptions;
  readonly now?: () => number;
}

export interface ApiOptions {
  /** Host names that the program is served at, beside IP addresses and localhost. */
  readonly hostNames?: readonly string[];
  /** Whether browsers reach the program by https, here or at a proxy in front: cookies are then for https only. */
  readonly https?: boolean;
  /** Addresses of proxies whose X-Forwarded-* headers are believed; without them nobody's are. */
  readonly trustedProxies?: readonly string[];
  readonly metricsOpenOnLoopback?: boolean;
  /** Requests a minute from one address. */
  readonly requestsPerMinute?: number;
}

export interface ApiServer {
  readonly app: FastifyInstance;
  readonly events: EventHub;
}

/** Makes the HTTP server of the program; `app.listen` starts it, `app.close` ends it and every open stream. */
export async function createApiServer(deps: ApiServerDeps): Promise<ApiServer> {
  const { security, engine, log, options = {} } = deps;
  const app = Fastify({
    logger: false,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    genReqId: () => crypto.randomUUID(),
    // A file of samples may take minutes to arrive; who calls is known before anything of a body is read.
    requestTimeout: 600_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  });
  // Bodies are JSON; routes that take files have parsers of their own.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('call', null);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { problem, retryAfterSeconds, unexpected } = problemOf(error, request.id);
    if (unexpected) log.error({ request_id: request.id, error: errorForLog(error) }, 'a request failed');
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
    reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      // The schema of the answer is for good ones: send the problem as it is.
      .serializer((payload: unknown) => JSON.stringify(payload))
      .type('application/problem+json; charset=utf-8')
      .send(problem);
  };
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    await auditRefusal(error, request, security, log);
    sendProblem(error, request, reply);
    return await reply;
  });

  const hostNames = new Set((options.hostNames ?? []).map((name) => name.toLowerCase()));
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    try {
      guardHost(request, hostNames);
      guardOrigin(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    deps.metrics.observeRequest({ method: request.method, route, status, ms });
    log[status >= 500 ? 'warn' : 'debug'](
      { request_id: request.id, method: request.method, route, status, ms },
      'request',
    );
    done();
  });

  await app.register(cookie);
  await app.register(helmet, helmetOptions(options.https ?? false));
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? 3_000,
    timeWindow: 60_000,
    keyGenerator: rateLimitKey,
    // Browsers of one practice often share one address; whoever is told to wait is told how long.
    errorResponseBuilder: (_request, context) =>
      new ApiError('rate_limited', { retryAfterSeconds: Math.ceil(context.ttl / 1000) }),
  });

  const events = createEventHub({ engine, security, now: deps.now ?? Date.now });
  const session = createSessionHandlers({
    security,
    product: deps.product,
    https: options.https ?? false,
    signedOut: (csrfToken) => events.endSession(csrfToken),
  });
  const handlers = { ...deps.handlers, ...session } as unknown as Record<string, AnyHandler>;
  registerRoutes(app, {
    security,
    handlers: handlers as RouteTableDeps['handlers'],
    settingsChanged: () => events.configChanged(),
    events: (request, reply) => events.serve(request, reply),
  });
  registerHealth(app, {
    database: deps.database,
    migrations: deps.migrations,
    engine,
    security,
    metrics: deps.metrics,
    metricsOpenOnLoopback: options.metricsOpenOnLoopback ?? false,
  });
  registerDocuments(app, { version: deps.product.version });
  const hasConsole = await registerConsole(app, deps.staticDirectory);
  app.setNotFoundHandler((request, reply) => {
    if (hasConsole && isConsolePlace(request)) return reply.sendFile('index.html');
    return sendProblem(new ApiError('route_unknown'), request, reply);
  });
  const closeConnections = connectionCloser(app.server);
  app.addHook('preClose', (done) => {
    events.close();
    closeConnections();
    done();
  });
  return { app, events };
}

/** Codes that stand for too many or useless tries of nobody in particular: they are counted, not audited. */
const UNAUDITED = new Set([
  'rate_limited',
  'audit_unavailable',
  'database_unavailable',
  'host_refused',
  'origin_refused',
]);

/** Writes down that an audited call was refused or failed, where it is known who called or the route is for anybody. */
async function auditRefusal(
  error: unknown,
  request: FastifyRequest,
  security: SecurityServices,
  log: ApiLog,
): Promise<void> {
  const { spec } = request.routeOptions.config;
  const action = spec === undefined ? undefined : auditActionOf(spec);
  if (spec === undefined || action === undefined) return;
  const { problem } = problemOf(error, request.id);
  if (UNAUDITED.has(problem.code) || (callOf(request).caller === undefined && spec.access !== 'public')) return;
  const outcome = problem.status >= 500 ? 'failed' : 'refused';
  try {
    // A failed log-in is held against the account that it was tried on, where there is one.
    const tried = error instanceof SecurityError ? error.userId : undefined;
    if (tried !== undefined) {
      const actor = { kind: 'user', id: tried, name: 'unknown' } as const;
      callOf(request).caller ??= { actor, role: null, permissions: new Set() };
    }
    const more = { detail: { code: problem.code } };
    await security.audit.append(auditEntryOf(request, action, outcome, more));
  } catch (cause) {
    log.error({ request_id: request.id, error: errorForLog(cause) }, 'a refusal could not be audited');
  }
}

function helmetOptions(https: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The console's component library sets styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' as const },
    xFrameOptions: { action: 'deny' as const },
    // Over plain http browsers warn about these two and do nothing.
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  };
}
