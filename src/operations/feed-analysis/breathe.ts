/** How long a piece of long work may hold the thread before others get their turn. */
const SLICE_MS = 8;

/**
 * Lets others run: long work calls it after each small piece, and pauses when its slice is used up, so that listeners and
 * the console go on answering.
 */
export function createBreather(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since = now();
  return () => {
    if (now() - since < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        since = now();
        resolve();
      });
    });
  };
}
