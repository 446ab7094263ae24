import { afterEach } from 'vitest';

/** Has everything undone after each test of a file, the last first, whatever became of the test or of another clean-up. */
export function cleanUpAfterEach(): (clean: () => Promise<unknown> | void) => void {
  const cleaning: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    const failures: unknown[] = [];
    for (const clean of cleaning.splice(0).toReversed()) {
      try {
        await clean();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }, 120_000);
  return (clean) => void cleaning.push(clean);
}
