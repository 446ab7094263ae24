import type { Fault } from './faults.ts';
import { endlessFrame, halfFrame, inPieces, withGarbage, writeRaw, type WireTarget } from './wire.ts';

const PIECES = 20;

/**
 * Does what is wrong on the wire, on a connection of its own.
 *
 * @returns the acknowledgment, or undefined where the message is still to be sent as it should be
 */
export async function sendWithFault(
  fault: Fault | undefined,
  message: Uint8Array,
  {
    target,
    slowMs,
    ackTimeoutMs,
    signal,
  }: {
    readonly target: WireTarget;
    readonly slowMs: number;
    readonly ackTimeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Buffer | undefined> {
  const hangUp = { pauseMs: 0, answerWithinMs: 0, signal };
  const stay = { pauseMs: 0, answerWithinMs: ackTimeoutMs, signal };
  if (fault === 'half_frame') return writeRaw(target, { ...hangUp, pieces: [halfFrame(message)] });
  if (fault === 'no_end') return writeRaw(target, { ...hangUp, pieces: [endlessFrame(message)] });
  if (fault === 'lost_ack') return writeRaw(target, { ...hangUp, pieces: inPieces(message, 1) });
  if (fault === 'garbage') return writeRaw(target, { ...stay, pieces: [withGarbage(message)] });
  if (fault === 'slow') {
    return writeRaw(target, { ...stay, pauseMs: slowMs / PIECES, pieces: inPieces(message, PIECES) });
  }
  return undefined;
}
