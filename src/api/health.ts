import type { FastifyInstance } from 'fastify';
import type { EngineControl } from '../engine/control.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Queryable } from '../store/queryable.ts';
import { authenticate } from './authenticate.ts';
import type { SecurityServices } from './security-services.ts';

export interface HealthDeps {
  readonly database: Queryable;
  /** Why the database's tables are not what this release needs; undefined when they are. */
  readonly migrations: () => Promise<string | undefined>;
  readonly engine: Pick<EngineControl, 'live' | 'listenerStatuses'>;
  readonly security: SecurityServices;
  readonly metrics: Metrics;
  /** Whether metrics may be read from this machine without a token. */
  readonly metricsOpenOnLoopback: boolean;
}

const LISTENERS = 'select id, key, name from listeners where id = any($1::bigint[])';
const PATIENCE_MS = 2_000;

/**
 * `/healthz`: the process lives. `/readyz`: it can do its work, with the reasons when it can't; a failed listener is told
 * but does not make the node unready, as the others still serve. `/metrics`: for Prometheus.
 */
export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/healthz', { config: { rateLimit: false } }, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );

  app.get('/readyz', { config: { rateLimit: false } }, async (_request, reply) => {
    const reasons = await reasonsNotReady(deps);
    const warnings = await failedListeners(deps);
    reply.header('cache-control', 'no-store');
    if (reasons.length > 0) reply.code(503).header('retry-after', '5');
    return reply.send({ status: reasons.length === 0 ? 'ready' : 'not-ready', reasons, warnings });
  });

  app.get('/metrics', {
    config: { rateLimit: false },
    onRequest: async (request) => {
      if (deps.metricsOpenOnLoopback && isLoopback(request.socket.remoteAddress ?? '')) return;
      await authenticate(request, 'monitoring.read', deps.security);
    },
    handler: async (_request, reply) => {
      const text = await deps.metrics.text();
      return reply.header('cache-control', 'no-store').type(deps.metrics.contentType).send(text);
    },
  });
}

/** Listeners that have failed, as people call them; without their names while the database is away. */
async function failedListeners({ engine, database }: HealthDeps): Promise<string[]> {
  const failed = engine.listenerStatuses().filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  const names = new Map<string, string>();
  const read = database
    .query<{ id: bigint | number | string; key: string; name: string }>(LISTENERS, [
      failed.map(({ listenerId }) => String(listenerId)),
    ])
    .then(({ rows }) => {
      for (const { id, key, name } of rows) names.set(String(id), `The listener “${name}” (${key})`);
      return undefined;
    });
  await withPatience(read, '');
  return failed.map(({ listenerId }) => `${names.get(String(listenerId)) ?? 'A listener'} has failed.`);
}

async function reasonsNotReady(deps: HealthDeps): Promise<string[]> {
  const database = await withPatience(
    deps.database.query('select 1').then(() => undefined),
    'The database does not answer.',
  );
  if (database !== undefined) return [database];
  const migrations = await withPatience(deps.migrations(), 'The state of the database’s tables is not known.');
  const accepting = deps.engine.live().accepting ? undefined : 'The listeners hold back new messages.';
  return [migrations, accepting].filter((reason) => reason !== undefined);
}

async function withPatience(work: Promise<string | undefined>, reason: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(reason), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return reason;
  } finally {
    clearTimeout(timer);
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
