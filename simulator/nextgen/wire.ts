import { setTimeout as wait } from 'node:timers/promises';
import { FrameDecoder } from '../../src/transport/mllp/frame-decoder.ts';
import { frameMessages } from '../../src/transport/mllp/framing.ts';
import { openClientSocket } from '../../src/transport/mllp/client-socket.ts';
import type { ClientTlsOptions } from '../../src/transport/mllp/client-types.ts';

export interface WireTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: ClientTlsOptions | undefined;
}

export interface WireAct {
  /** Written one after the other. */
  readonly pieces: readonly Uint8Array[];
  /** Between two of them. */
  readonly pauseMs: number;
  /** How long to wait for an answer; 0 hangs up as soon as all is written. */
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a connection of its own and writes bytes as they are, frame or not.
 *
 * @returns the answer; undefined where none was wanted or none came
 */
export async function writeRaw(target: WireTarget, act: WireAct): Promise<Buffer | undefined> {
  const decoder = new FrameDecoder({ maxFrameBytes: 1024 * 1024 });
  let settle: (answer: Buffer | undefined) => void = () => undefined;
  const answered = new Promise<Buffer | undefined>((resolve) => (settle = resolve));
  let opened: (isOpen: boolean) => void = () => undefined;
  const opening = new Promise<boolean>((resolve) => (opened = resolve));
  const socket = openClientSocket({
    ...target,
    connectTimeoutMs: 5_000,
    onOpen: () => opened(true),
    onData: (chunk) => {
      decoder.push(chunk);
      for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
        if (event.kind === 'frame') settle(event.bytes);
      }
    },
    onClose: () => {
      opened(false);
      settle(undefined);
    },
  });
  const onAbort = () => void socket.destroy();
  act.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (act.signal.aborted || !(await opening)) return undefined;
    for (const [at, piece] of act.pieces.entries()) {
      if (socket.destroyed) break;
      if (at > 0 && act.pauseMs > 0) await wait(act.pauseMs);
      await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    }
    if (act.answerWithinMs === 0) return undefined;
    const late = setTimeout(() => settle(undefined), act.answerWithinMs);
    const answer = await answered;
    clearTimeout(late);
    return answer;
  } finally {
    act.signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

/** A frame, cut into so many pieces at most. */
export function inPieces(message: Uint8Array, pieces: number): Uint8Array[] {
  const frame = frameMessages([message]);
  const size = Math.max(1, Math.ceil(frame.length / pieces));
  return Array.from({ length: Math.ceil(frame.length / size) }, (_, at) => frame.subarray(at * size, (at + 1) * size));
}

/** The first half of a frame. */
export function halfFrame(message: Uint8Array): Uint8Array {
  return frameMessages([message]).subarray(0, Math.ceil(message.length / 2) + 1);
}

/** A frame without its end. */
export function endlessFrame(message: Uint8Array): Uint8Array {
  return frameMessages([message]).subarray(0, message.length + 1);
}

/** Bytes that belong to no frame, and a frame behind them. */
export function withGarbage(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('\r\n\x1c\x1c\0PING\r\n', 'latin1'), frameMessages([message])]);
}
