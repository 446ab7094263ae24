import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests that are under way get to end when the program stops. */
const GRACE_MS = 5_000;

/**
 * Answers a function that helps a server to close. Node closes idle connections by itself, but not those over which
 * nothing was ever sent (browsers open such ahead of need): these would hold up a stop for a minute.
 */
export function connectionCloser(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
}
