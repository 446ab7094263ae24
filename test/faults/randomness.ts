import { createRandom } from '../../simulator/random.ts';
import type { Random } from '../../simulator/random.ts';

/** Does work with choices that differ each time, or those of FAULT_SEED; when it fails, it tells the seed to repeat it with. */
export async function withSeed(work: (random: Random) => Promise<void>): Promise<void> {
  const seed = process.env['FAULT_SEED'] ?? String(Date.now() % 1_000_000);
  try {
    await work(createRandom(seed));
  } catch (error) {
    console.error(`The test failed with FAULT_SEED=${seed}.`);
    throw error;
  }
}
