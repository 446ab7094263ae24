import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineControl, LiveFigures } from '../engine/control.ts';

/** What the program tells a Prometheus server; no label ever holds patient data. */
export interface Metrics {
  readonly contentType: string;
  /** The figures in Prometheus' text format. */
  text(): Promise<string>;
  /** Counts an HTTP request. The route is its pattern, never the address itself. */
  observeRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly ms: number;
  }): void;
}

const COUNTERS = {
  received: ['practice_studio_messages_received_total', 'Messages stored since this node started.'],
  delivered: ['practice_studio_messages_delivered_total', 'Messages processed to the record since this node started.'],
  filtered: ['practice_studio_messages_filtered_total', 'Messages that a rule left out since this node started.'],
  failed: ['practice_studio_messages_failed_total', 'Messages that went to an error queue since this node started.'],
} as const satisfies Partial<Record<keyof LiveFigures, readonly [string, string]>>;

const LATENCIES = {
  practice_studio_ack_latency_seconds: {
    help: 'From the last byte of a message to its acknowledgment, over the last minutes.',
    of: (live: LiveFigures) => ({ '0.5': live.ackP50, '0.99': live.ackP99 }),
  },
  practice_studio_process_latency_seconds: {
    help: 'From receipt of a message to its record, over the last minutes.',
    of: (live: LiveFigures) => ({ '0.5': live.processP50, '0.99': live.processP99 }),
  },
} as const;

const LISTENER_STATES = ['listening', 'paused', 'stopped', 'failed'] as const;

/**
 * Gathers the figures when they are asked for, so that nothing is spent on them otherwise.
 *
 * `listenerKey` names a listener as configuration files do.
 */
export function createMetrics(deps: {
  readonly engine: Pick<EngineControl, 'live' | 'listenerStatuses' | 'credentialEnds'>;
  readonly listenerKey: (id: bigint) => string;
  readonly version: string;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const info = new Gauge({
    name: 'practice_studio_info',
    help: 'The version of the program.',
    labelNames: ['version'],
    registers,
  });
  info.set({ version: deps.version }, 1);

  for (const [figure, [name, help]] of Object.entries(COUNTERS)) {
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(deps.engine.live()[figure as keyof typeof COUNTERS]);
        },
      }),
    );
  }
  gauge(
    registry,
    'practice_studio_messages_waiting',
    'Messages waiting in the queue or deferred, of all nodes.',
    () => deps.engine.live().waiting,
  );
  gauge(
    registry,
    'practice_studio_messages_per_second',
    'Messages received per second now.',
    () => deps.engine.live().ratePerSecond,
  );
  gauge(registry, 'practice_studio_accepting', '1 while listeners take messages, 0 while they hold back.', () =>
    deps.engine.live().accepting ? 1 : 0,
  );
  for (const [name, { help, of }] of Object.entries(LATENCIES)) {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['quantile'],
        registers: [],
        collect() {
          this.reset();
          for (const [quantile, ms] of Object.entries(of(deps.engine.live()))) {
            if (ms !== null) this.set({ quantile }, ms / 1000);
          }
        },
      }),
    );
  }
  registry.registerMetric(
    new Gauge({
      name: 'practice_studio_listener_state',
      help: '1 for the state that a listener is in on this node, 0 for the others.',
      labelNames: ['listener', 'state'],
      registers: [],
      collect() {
        this.reset();
        for (const { listenerId, status } of deps.engine.listenerStatuses()) {
          const listener = deps.listenerKey(listenerId);
          for (const state of LISTENER_STATES) this.set({ listener, state }, state === status ? 1 : 0);
        }
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'practice_studio_listener_connections',
      help: 'Connections that are open at a listener on this node.',
      labelNames: ['listener'],
      registers: [],
      collect() {
        this.reset();
        for (const { listenerId, connections } of deps.engine.listenerStatuses()) {
          this.set({ listener: deps.listenerKey(listenerId) }, connections);
        }
      },
    }),
  );
  registry.registerMetric(
    new Counter({
      name: 'practice_studio_listener_refused_total',
      help: 'Connections that a listener turned away on this node since it was opened, by reason.',
      labelNames: ['listener', 'reason'],
      registers: [],
      collect() {
        this.reset();
        for (const { listenerId, refusals } of deps.engine.listenerStatuses()) {
          const listener = deps.listenerKey(listenerId);
          for (const { reason, count } of refusals) this.inc({ listener, reason }, count);
        }
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'practice_studio_certificate_end_seconds',
      help: 'When a certificate of the vault expires, in seconds since 1970 UTC; of a bundle the first of them.',
      labelNames: ['certificate', 'kind'],
      registers: [],
      collect() {
        this.reset();
        for (const { key, kind, notAfter } of deps.engine.credentialEnds()) {
          this.set({ certificate: key, kind }, Math.floor(notAfter.getTime() / 1000));
        }
      },
    }),
  );
  const requests = new Histogram({
    name: 'practice_studio_http_request_seconds',
    help: 'HTTP requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeRequest: ({ method, route, status, ms }) =>
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1000),
  };
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(value());
      },
    }),
  );
}
