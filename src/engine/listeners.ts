import { expiryOf, expiryText } from '../domain/expiry.ts';
import { firstToExpire } from '../records/credentials/credential-uses.ts';
import type { CredentialOpener } from '../records/credentials/open-credential.ts';
import { plaintextOverride } from '../records/settings/settings-service.ts';
import { REFUSALS } from '../transport/mllp/refusals.ts';
import { createMllpServer } from '../transport/mllp/server.ts';
import type { MllpServer, MllpServerEvent } from '../transport/mllp/server-types.ts';
import type { ListenerSetting, SettingsState } from '../records/settings/settings.ts';
import type { CredentialEnd, ListenerStatus } from './control.ts';
import type { EngineLog } from './engine-log.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { certificatesInForce, listenerTlsOptions } from './listener-tls.ts';
import { RefusalCounts } from './refusal-counts.ts';
import { receiveFrame, receiveRejected, type ReceiveDeps } from './intake/receive.ts';

export interface ListenersDeps {
  readonly receive: ReceiveDeps;
  readonly log: EngineLog;
  readonly now: () => Date;
  readonly nodeName: () => string;
  /** Where certificates and keys come from. */
  readonly credentials: CredentialOpener;
}

interface Running {
  readonly key: string;
  readonly fingerprint: string;
  readonly server: MllpServer | undefined;
  readonly refusals: RefusalCounts;
  /** Which certificates it shows and trusts; see {@link certificatesInForce}. */
  certificates: string;
  status: ListenerStatus['status'];
  reason: string;
  since: Date;
}

/** The listeners of this node: brought in line with the settings whenever those change. */
export class Listeners {
  readonly #deps: ListenersDeps;
  readonly #running = new Map<bigint, Running>();
  readonly #paused = new Set<string>();
  readonly #expiry: ExpiryWatch;
  #settings: SettingsState | undefined;
  #closed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(deps: ListenersDeps) {
    this.#deps = deps;
    this.#expiry = new ExpiryWatch(deps.log);
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
        reason: paused ? reason : running.reason || this.#remark(listenerId, running),
        since: running.since,
        connections: stats?.connections ?? 0,
        refusals: running.refusals.list(),
      };
    });
  }

  /** What is to be said of a listener that listens: that it runs without TLS, and why; that a certificate ends soon. */
  #remark(id: bigint, running: Running): string {
    const listener = this.#settings?.listeners.find((each) => each.id === id);
    if (running.status !== 'listening' || this.#settings === undefined || listener === undefined) return '';
    const override = plaintextOverride(listener, this.#settings);
    if (override !== undefined) return `Runs without TLS: ${override}`;
    const first = firstToExpire(listener, this.#settings);
    if (first === undefined) return '';
    const expiry = expiryOf(first.notAfter, this.#deps.now().getTime());
    return expiry.state === 'fine' ? '' : `The certificate “${first.credential.name}” ${expiryText(expiry)}.`;
  }

  /** A listener's name in configuration files, when it is one of this node. */
  keyOf(id: bigint): string | undefined {
    return this.#running.get(id)?.key;
  }

  /** The certificates in force, as of the settings that were read last. */
  credentialEnds(): CredentialEnd[] {
    return (this.#settings?.credentials ?? []).flatMap(({ key, kind, active }) =>
      active === null ? [] : [{ key, kind, notAfter: active.notAfter }],
    );
  }

  /** Tells the log of certificates that come to their end. */
  watchExpiry(): void {
    if (this.#settings !== undefined) this.#expiry.check(this.#settings, this.#deps.now());
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
      const running = this.#running.get(id);
      if (running !== undefined) await this.#renewTls(running, listener, settings);
      else this.#running.set(id, await this.#start(listener, refusal, fingerprint, failed.get(id)));
    }
  }

  /** Takes replaced certificates over for the connections to come; open ones go on. */
  async #renewTls(running: Running, listener: ListenerSetting, settings: SettingsState): Promise<void> {
    const certificates = certificatesInForce(listener, settings);
    if (running.server === undefined || running.certificates === certificates) return;
    try {
      running.server.replaceTls(await listenerTlsOptions(listener, settings, this.#deps.credentials));
      running.certificates = certificates;
      this.#deps.log.info({ listener: listener.key }, 'A listener shows its new certificate.');
    } catch (error) {
      this.#deps.log.error(
        { listener: listener.key, code: codeOf(error) },
        'A listener could not take its new certificate over; it goes on with the one before.',
      );
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
    const settings = this.#settings as SettingsState;
    const certificates = certificatesInForce(listener, settings);
    const base = { key: listener.key, fingerprint, certificates, refusals: new RefusalCounts() };
    if (refusal !== undefined) {
      const status = refusal === STOPPED || refusal === PAUSED_SYSTEM ? 'stopped' : 'failed';
      return { ...base, server: undefined, status, reason: refusal, since: sinceOf(refusal) };
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
      const tls = listener.tls.enabled
        ? { tls: await listenerTlsOptions(listener, settings, this.#deps.credentials) }
        : {};
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
          ...tls,
        },
        {
          onFrame: (frame, reply) => receiveFrame(frame, reply, receiving, receive),
          onRejected: (rejection, reply) => {
            log.warn({ ...label, kind: rejection.kind, size: rejection.size }, 'A frame was rejected.');
            receiveRejected(rejection, reply, receiving, receive);
          },
          onEvent: (event) => this.#note(listener.id, label, base.refusals, event),
        },
      );
      await server.listen();
      for (const reason of this.#paused) server.pause(reason);
      log.info(
        { ...label, host: listener.host, port: listener.port, tls: listener.tls.enabled },
        'A listener is open.',
      );
      const override = plaintextOverride(listener, settings);
      if (override !== undefined)
        log.warn(label, 'A listener of a Production system runs without TLS, as a person decided.');
      return { ...base, server, status: 'listening', reason: '', since };
    } catch (error) {
      const code = codeOf(error);
      const reason = failureText(listener, code, error);
      if (failed?.reason !== reason) log.error({ ...label, code }, 'A listener could not be opened.');
      return { ...base, server: undefined, status: 'failed', reason, since: sinceOf(reason) };
    }
  }

  #note(id: bigint, label: Readonly<Record<string, string>>, refusals: RefusalCounts, event: MllpServerEvent): void {
    const { log } = this.#deps;
    switch (event.kind) {
      case 'connection_refused': {
        const { peer, reason, detail } = event;
        const times = refusals.add(reason, peer, this.#deps.now());
        const more = { ...(detail === '' ? {} : { detail }), ...(times === 1 ? {} : { times }) };
        if (times !== undefined)
          log.warn({ ...label, peer, reason, ...more }, `A connection was refused. ${REFUSALS[reason]}`);
        break;
      }
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

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown';
}

function failureText(listener: ListenerSetting, code: string, error: unknown): string {
  if (code === 'mllp_port_in_use') return `Port ${listener.port} is used by another program.`;
  if (code === 'mllp_tls_unusable' || code === 'mllp_bad_certificate_entry') {
    return `TLS could not be set up: ${error instanceof Error ? error.message : code}`;
  }
  if (!code.startsWith('mllp_')) return `It could not be started (${code}); it is tried again soon.`;
  return `The port could not be opened: ${error instanceof Error ? error.message : code}`;
}

const STOPPED = 'Switched off.';
const PAUSED_SYSTEM = 'Its system is paused.';

/** Why a listener does not listen, as far as the settings say; undefined when it should. */
function refusalOf(listener: ListenerSetting, settings: SettingsState): string | undefined {
  if (!listener.enabled) return STOPPED;
  const system = settings.systems.find(({ id }) => id === listener.systemId);
  if (system === undefined || !system.enabled) return PAUSED_SYSTEM;
  const environment = settings.environments.find(({ id }) => id === system.environmentId);
  if (environment?.kind === 'production' && !listener.tls.enabled && listener.plaintextReason.trim() === '') {
    return 'A Production listener does not run without TLS unless a person gives a reason.';
  }
  return undefined;
}
