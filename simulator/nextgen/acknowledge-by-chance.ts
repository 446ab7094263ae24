import { createRandom } from '../random.ts';
import type { AckBehaviour } from './receiver-types.ts';

const KINDS: Readonly<Record<string, (ms: number) => AckBehaviour>> = {
  late: (ms) => ({ kind: 'late', ms }),
  wrong_control_id: () => ({ kind: 'wrong_control_id' }),
  ae: () => ({ kind: 'refuse', code: 'AE', text: 'The appointment slot is taken.' }),
  ar: () => ({ kind: 'refuse', code: 'AR', text: 'The message type is not allowed here.' }),
  never: () => ({ kind: 'never' }),
  close: () => ({ kind: 'close' }),
  unreadable: () => ({ kind: 'unreadable' }),
  twice: () => ({ kind: 'twice' }),
};

/** What {@link acknowledgeByChance} can do beside accepting. */
export const ACK_FAULTS = Object.keys(KINDS);

/**
 * Makes a receiver's behaviour from shares such as `{ never: 0.01, late: 0.1 }`: the rest is accepted. The same seed gives the
 * same row of answers.
 *
 * @throws RangeError for a name that is not one of {@link ACK_FAULTS}
 */
export function acknowledgeByChance(
  seed: string | number,
  shares: Readonly<Record<string, number>>,
  lateMs: number,
): () => AckBehaviour {
  const rows = Object.entries(shares).map(([name, share]) => {
    const make = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (make === undefined) throw new RangeError(`"${name}" is no way to answer; known are ${ACK_FAULTS.join(', ')}.`);
    return [make(lateMs), share] as const;
  });
  const random = createRandom(`acknowledgments ${seed}`);
  return () => rows.find(([, share]) => random.chance(share))?.[0] ?? { kind: 'accept' };
}
