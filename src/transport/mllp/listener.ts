import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** Idle time after which the system asks whether the peer is still there; it finds connections that are half open. */
const KEEP_ALIVE_AFTER_MS = 30_000;

/** The one place where the listening socket is made; with TLS its connections go through a gate first. */
export function createListener(onSocket: (socket: Socket) => void): Server {
  return createServer(
    {
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
      // A peer may end its side after its last message and still wait for the acknowledgment.
      allowHalfOpen: true,
    },
    onSocket,
  );
}
