import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tick } from '../contract/dashboard.ts';
import type { EngineControl } from '../engine/control.ts';
import { SecurityError } from '../security/security-error.ts';
import { ApiError } from './api-error.ts';
import { SESSION_COOKIE } from './authenticate.ts';
import { callOf } from './call-state.ts';
import type { Caller, SecurityServices } from './security-services.ts';

const MAX_STREAMS = 200;
const MAX_STREAMS_OF_ONE = 20;
/** A page that reads this slowly is behind by minutes: it is cut off and comes back by itself. */
const MAX_UNSENT_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;
/** What was written last gets this long to leave. */
const PATIENCE_MS = 1_000;

/** The live pages that are connected (server-sent events, WHATWG HTML § 9.2). */
export interface EventHub {
  /** Serves one stream until either side ends it. */
  serve(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Tells every page that settings changed. */
  configChanged(): void;
  /** Ends the streams of a session that has ended. */
  endSession(csrfToken: string): void;
  readonly streams: number;
  close(): void;
}

interface Stream {
  readonly caller: Caller;
  readonly write: (text: string) => void;
  readonly end: () => void;
  /** Throws when who opened it may no longer have it. */
  readonly verify: () => Promise<unknown>;
}

export function createEventHub(deps: {
  readonly engine: EngineControl;
  readonly security: SecurityServices;
  readonly now: () => number;
}): EventHub {
  const streams = new Set<Stream>();
  const broadcast = (text: string): void => {
    for (const stream of streams) stream.write(text);
  };
  const tickText = (): string => `event: tick\ndata: ${JSON.stringify(tickOf(deps.engine, deps.now()))}\n\n`;
  const stopTicks = deps.engine.onTick(() => {
    if (streams.size > 0) broadcast(tickText());
  });
  const heartbeat = setInterval(() => {
    broadcast(': still here\n\n');
    for (const stream of streams) {
      // Only a refusal ends it: a browser does not come back from the error that a database away would give it.
      stream.verify().catch((error: unknown) => {
        if (error instanceof SecurityError) stream.end();
      });
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    get streams() {
      return streams.size;
    },
    serve(request, reply) {
      const { caller } = callOf(request);
      if (caller === undefined) throw new ApiError('not_signed_in');
      const own = [...streams].filter((stream) => sameCaller(stream.caller, caller)).length;
      if (streams.size >= MAX_STREAMS || own >= MAX_STREAMS_OF_ONE) {
        throw new ApiError('too_many_streams', { retryAfterSeconds: 30 });
      }
      return new Promise((resolve) => {
        reply.hijack();
        const { raw } = reply;
        const { socket } = raw;
        raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        const stream: Stream = {
          caller,
          write(text) {
            if (raw.writableLength > MAX_UNSENT_BYTES) raw.destroy();
            else raw.write(text);
          },
          end() {
            // With its connection, and without waiting for a page that does not read: neither may keep the program
            // from stopping.
            raw.end(() => socket?.destroySoon());
            setTimeout(() => raw.destroy(), PATIENCE_MS).unref();
          },
          verify: () => verify(request, deps.security),
        };
        raw.on('close', () => {
          streams.delete(stream);
          resolve();
        });
        raw.on('error', () => raw.destroy());
        streams.add(stream);
        stream.write(`retry: 3000\n\n${tickText()}`);
      });
    },
    configChanged: () => broadcast(`event: config\ndata: {}\n\n`),
    endSession(csrfToken) {
      for (const stream of streams) if (stream.caller.session?.csrfToken === csrfToken) stream.end();
    },
    close() {
      stopTicks();
      clearInterval(heartbeat);
      for (const stream of streams) stream.end();
    },
  };
}

function sameCaller(one: Caller, other: Caller): boolean {
  return one.actor.kind === other.actor.kind && one.actor.id === other.actor.id;
}

/** Looks without touching: an open page alone does not keep a session alive. */
function verify(request: FastifyRequest, security: SecurityServices): Promise<unknown> {
  const token = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return security.callerByToken(token);
  return security.callerBySession(request.cookies[SESSION_COOKIE] ?? '', { touch: false });
}

function tickOf(engine: EngineControl, now: number): Tick {
  const live = engine.live();
  return {
    at: new Date(now).toISOString(),
    received: live.received,
    delivered: live.delivered,
    filtered: live.filtered,
    failed: live.failed,
    waiting: live.waiting,
    rate_per_second: live.ratePerSecond,
    accepting: live.accepting,
  };
}
