import { useCallback, useState } from 'react';

const kept = new Map<string, unknown>();

/**
 * State that outlives the page but not the tab: what was typed to find a patient stays when the page is left and
 * reopened, and is written nowhere (neither URL nor storage).
 */
export function useMemory<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => (kept.has(key) ? (kept.get(key) as T) : initial));
  const set = useCallback(
    (next: T) => {
      kept.set(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, set];
}
/** On sign-out. */
export function forgetMemory(): void {
  kept.clear();
}
