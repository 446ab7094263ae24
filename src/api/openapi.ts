import { z } from 'zod';
import * as audit from '../contract/audit.ts';
import { problem } from '../contract/common.ts';
import * as configuration from '../contract/configuration.ts';
import * as dashboard from '../contract/dashboard.ts';
import * as environments from '../contract/environments.ts';
import * as errors from '../contract/errors.ts';
import * as feedAnalysis from '../contract/feed-analysis.ts';
import * as listeners from '../contract/listeners.ts';
import * as messages from '../contract/messages.ts';
import * as patients from '../contract/patients.ts';
import type { RouteSpec } from '../contract/route.ts';
import { routes, type RouteName } from '../contract/routes.ts';
import * as session from '../contract/session.ts';
import * as systems from '../contract/systems.ts';
import * as users from '../contract/users.ts';
import { CSRF_HEADER, SESSION_COOKIE } from './authenticate.ts';

type Json = Record<string, unknown>;

/** Schemas of the contract that get a name in the document: objects that a page or a program has a use for. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Problem: problem,
  AuditItem: audit.auditItem,
  ConfigurationChange: configuration.configurationChange,
  Dashboard: dashboard.dashboard,
  Environment: environments.environment,
  ErrorGroup: errors.errorGroup,
  FeedAnalysis: feedAnalysis.feedAnalysis,
  FeedField: feedAnalysis.feedField,
  Listener: listeners.listener,
  Message: messages.messageItem,
  MessageDetail: messages.messageDetail,
  Transaction: messages.transaction,
  TreeNode: messages.treeNode,
  Patient: patients.patientItem,
  PatientDetail: patients.patientDetail,
  PatientHistoryEntry: patients.patientHistoryEntry,
  Product: systems.product,
  Session: session.session,
  System: systems.system,
  Token: users.token,
  User: users.user,
};

/**
 * The OpenAPI 3.1 document of the HTTP API, made from the table of routes and their zod schemas: what is described is
 * what is checked.
 */
export function openApiDocument(info: { readonly version: string }): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const made = z.toJSONSchema(schema, { io, metadata: registry, unrepresentable: 'any' }) as Json;
    return hoist(made, components);
  };
  const problemRef = schemaOf(problem, 'output');
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const spec: RouteSpec = routes[name];
    const path = spec.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][spec.method.toLowerCase()] = operation(name, spec, schemaOf, problemRef);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Practice Studio Integrations',
      version: info.version,
      description:
        'Everything that the console does. Sign in for a session cookie, or send an API token as a bearer token. ' +
        `With a cookie, every change also sends the header ${CSRF_HEADER} with the token of the session.`,
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.values(routes).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(
  name: string,
  spec: RouteSpec,
  schemaOf: (schema: z.ZodType, io: 'input' | 'output') => Json,
  problemRef: Json,
): Json {
  const parameters = [...parametersOf('path', spec.params, schemaOf), ...parametersOf('query', spec.query, schemaOf)];
  const live = name === 'events';
  return {
    operationId: name,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.access === 'public' ? { security: [] } : { security: [{ session: [] }, { token: [] }] }),
    'x-access': spec.access,
    'x-audit': 'action' in spec.audit ? spec.audit.action : null,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(spec.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyContent(spec.body, spec.upload === true, schemaOf) } }),
    responses: {
      200: live
        ? { description: 'A stream of events.', content: { 'text/event-stream': { schema: { type: 'string' } } } }
        : { description: 'Done.', content: { 'application/json': { schema: schemaOf(spec.response, 'output') } } },
      default: {
        description: 'What went wrong: a stable code, where, and what to do.',
        content: { 'application/problem+json': { schema: problemRef } },
      },
    },
  };
}

function bodyContent(
  body: z.ZodType,
  isFile: boolean,
  schemaOf: (schema: z.ZodType, io: 'input' | 'output') => Json,
): Json {
  if (isFile) return { 'application/hl7-v2': { schema: { type: 'string', format: 'binary' } } };
  return { 'application/json': { schema: schemaOf(body, 'input') } };
}

function parametersOf(
  where: 'path' | 'query',
  schema: z.ZodType | undefined,
  schemaOf: (schema: z.ZodType, io: 'input' | 'output') => Json,
): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, where === 'path' ? 'output' : 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: each,
  }));
}

/** Moves what a schema defines for itself to the document's components and points there; answers the schema. */
function hoist(schema: Json, components: Json): Json {
  const { $schema: _, $defs, id, ...rest } = schema as Json & { $defs?: Record<string, Json> };
  const body = repoint(rest) as Json;
  for (const [name, definition] of Object.entries($defs ?? {})) {
    const { id: _id, ...inner } = definition;
    components[name] ??= repoint(inner);
  }
  if (typeof id !== 'string' || !Object.hasOwn(NAMED, id)) return body;
  components[id] ??= body;
  return { $ref: `#/components/schemas/${id}` };
}

function repoint(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repoint);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === '$ref' && typeof inner === 'string'
        ? [name, inner.replace('#/$defs/', '#/components/schemas/')]
        : [name, repoint(inner)],
    ),
  );
}
