import { createMllpServer } from '../transport/mllp/server.ts';
import type { MllpServer, MllpServerEvent } from '../transport/mllp/server-types.ts';
import type { ListenerSetting, SettingsState } from '../records/settings/settings.ts';
import type { ListenerStatus } from './control.ts';
import type { EngineLog } from './engine-log.ts';
import { receiveFrame, receiveRejected, type ReceiveDeps } from './intake/receive.ts';

export interface ListenersDeps {
  readonly receive: ReceiveDeps;
  readonly log: EngineLog;
  readonly now: () => Date;
  readonly nodeName: () => string;
}

interface Running {
  readonly key: string;
  readonly fingerprint: string;
  readonly server: MllpServer | undefined;
  status: ListenerStatus['status'];
  reason: string;
  since: Date;
}

/** The listeners of this node: brought in line with the settings whenever those change. */
export class Listeners {
  readonly #deps: ListenersDeps;
  readonly #running = new Map<bigint, Running>();
  readonly #paused = new Set<string>();
  #settings: SettingsState | undefined;
  #closed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(deps: ListenersDeps) {
    this.#deps = deps;
  }

  /** Starts, stops and restarts listeners so that they are as the settings say. Calls queue behind each other. */
  apply(settings: SettingsState): Promise<void> {
    return this.#inTurn(() => this.#apply(settings));
  }

  /** Tries once more to open the ports that could not be opened. */
  retryFailed(): Promise<void> {
    // The settings are taken when it is this call's turn: newer ones may stand in the queue before it.
    return this.#inTurn(async () => {
      if (this.#settings === undefined) return;
      if ([...this.#running.values()].some(({ status }) => status === 'failed')) await this.#apply(this.#settings);
    });
  }

  /** Stops reading on all listeners; peers wait and nothing is lost. */
  pause(reason: string): void {
    this.#paused.add(reason);
    for (const running of this.#running.values()) running.server?.pause(reason);
  }

  resume(reason: string): void {
    this.#paused.delete(reason);
    for (const running of this.#running.values()) running.server?.resume(reason);
  }

  statuses(): ListenerStatus[] {
    return [...this.#running].map(([listenerId, running]) => {
      const stats = running.server?.stats();
      const [reason] = this.#paused;
      const paused = running.status === 'listening' && reason !== undefined;
      return {
        listenerId,
        status: paused ? 'paused' : running.status,
        reason: paused ? reason : running.reason,
        since: running.since,
        connections: stats?.connections ?? 0,
      };
    });
  }

  /** A listener's name in configuration files, when it is one of this node. */
  keyOf(id: bigint): string | undefined {
    return this.#running.get(id)?.key;
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    await this.#work.catch(() => {});
    await Promise.all(
      [...this.#running.values()].map(async ({ server }) => {
        await server?.close({ graceMs });
      }),
    );
    this.#running.clear();
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const work = this.#work.then(task);
    this.#work = work.catch(() => {});
    return work;
  }

  async #apply(settings: SettingsState): Promise<void> {
    if (this.#closed) return;
    this.#settings = settings;
    const wanted = new Map<bigint, { listener: ListenerSetting; refusal: string | undefined; fingerprint: string }>();
    for (const listener of settings.listeners) {
      if (listener.node !== '' && listener.node !== this.#deps.nodeName()) continue;
      const refusal = refusalOf(listener, settings);
      wanted.set(listener.id, { listener, refusal, fingerprint: `${listener.version}|${refusal ?? ''}` });
    }
    const stopping: Promise<unknown>[] = [];
    const failed = new Map<bigint, Running>();
    for (const [id, running] of this.#running) {
      if (wanted.get(id)?.fingerprint === running.fingerprint && running.status !== 'failed') continue;
      this.#running.delete(id);
      if (running.status === 'failed') failed.set(id, running);
      if (running.server !== undefined) stopping.push(running.server.close({ graceMs: 5000 }));
    }
    await Promise.all(stopping);
    for (const [id, { listener, refusal, fingerprint }] of wanted) {
      if (!this.#running.has(id))
        this.#running.set(id, await this.#start(listener, refusal, fingerprint, failed.get(id)));
    }
  }

  /** `failed`: how it could not be started before; what is still so is no news. */
  async #start(
    listener: ListenerSetting,
    refusal: string | undefined,
    fingerprint: string,
    failed: Running | undefined,
  ): Promise<Running> {
    const since = this.#deps.now();
    const sinceOf = (reason: string): Date => (failed?.reason === reason ? failed.since : since);
    if (refusal !== undefined) {
      const status = refusal === STOPPED || refusal === PAUSED_SYSTEM ? 'stopped' : 'failed';
      return { key: listener.key, fingerprint, server: undefined, status, reason: refusal, since: sinceOf(refusal) };
    }
    const receiving = {
      id: listener.id,
      systemId: listener.systemId,
      ack: { when: listener.ackWhen, mode: listener.ackMode },
      ackTimeoutMs: listener.ackTimeoutSeconds * 1000,
    };
    const { limits } = listener;
    const { receive, log } = this.#deps;
    const label = { listener: listener.key };
    try {
      const server = createMllpServer(
        {
          host: listener.host,
          port: listener.port,
          maxFrameBytes: limits.max_frame_bytes,
          idleTimeoutMs: limits.idle_timeout_seconds * 1000,
          maxConnections: limits.max_connections,
          maxConnectionsPerPeer: limits.max_connections_per_peer,
          maxInFlightPerConnection: limits.max_in_flight_per_connection,
          ...(listener.allowedPeers.length === 0 ? {} : { allowedPeers: listener.allowedPeers }),
        },
        {
          onFrame: (frame, reply) => receiveFrame(frame, reply, receiving, receive),
          onRejected: (rejection, reply) => {
            log.warn({ ...label, kind: rejection.kind, size: rejection.size }, 'A frame was rejected.');
            receiveRejected(rejection, reply, receiving, receive);
          },
          onEvent: (event) => this.#note(listener.id, label, event),
        },
      );
      await server.listen();
      for (const reason of this.#paused) server.pause(reason);
      log.info({ ...label, host: listener.host, port: listener.port }, 'A listener is open.');
      return { key: listener.key, fingerprint, server, status: 'listening', reason: '', since };
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'unknown';
      const reason =
        code === 'mllp_port_in_use'
          ? `Port ${listener.port} is used by another program.`
          : `The port could not be opened: ${error instanceof Error ? error.message : code}`;
      if (failed?.reason !== reason) log.error({ ...label, code }, 'A listener could not be opened.');
      return { key: listener.key, fingerprint, server: undefined, status: 'failed', reason, since: sinceOf(reason) };
    }
  }

  #note(id: bigint, label: Readonly<Record<string, string>>, event: MllpServerEvent): void {
    const { log } = this.#deps;
    switch (event.kind) {
      case 'connection_refused':
        log.warn({ ...label, peer: event.peer, reason: event.reason }, 'A connection was refused.');
        break;
      case 'connection_closed':
        if (event.reason !== 'peer_ended' && event.reason !== 'server_closed') {
          log.info(
            { ...label, peer: event.connection.peer, reason: event.reason, unanswered: event.unanswered },
            'A connection was closed.',
          );
        }
        break;
      case 'garbage':
        log.warn(
          { ...label, peer: event.connection.peer, bytes: event.count },
          'Bytes outside of frames were dropped.',
        );
        break;
      case 'foreign_protocol':
        log.warn(
          { ...label, peer: event.connection.peer, protocol: event.protocol },
          'A peer speaks another protocol than MLLP.',
        );
        break;
      case 'handler_failed':
        log.error(
          { ...label, reason: event.cause instanceof Error ? event.cause.name : 'unknown' },
          'A frame could not be taken over; its connection was cut, so that it is sent again.',
        );
        break;
      case 'listener_failed': {
        const running = this.#running.get(id);
        if (running !== undefined) {
          running.status = 'failed';
          running.reason = 'The port was lost.';
          running.since = this.#deps.now();
        }
        log.error(label, 'A listener has lost its port.');
        break;
      }
      case 'connection_opened':
      case 'paused':
      case 'resumed':
        break;
    }
  }
}

const STOPPED = 'Switched off.';
const PAUSED_SYSTEM = 'Its system is paused.';

/** Why a listener does not listen, as far as the settings say; undefined when it should. */
function refusalOf(listener: ListenerSetting, settings: SettingsState): string | undefined {
  if (!listener.enabled) return STOPPED;
  const system = settings.systems.find(({ id }) => id === listener.systemId);
  if (system === undefined || !system.enabled) return PAUSED_SYSTEM;
  const environment = settings.environments.find(({ id }) => id === system.environmentId);
  if (environment?.kind === 'production' && listener.plaintextReason.trim() === '') {
    return 'A Production listener does not run without TLS unless a person gives a reason.';
  }
  return undefined;
}
