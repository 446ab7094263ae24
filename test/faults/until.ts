import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited ${patienceMs} ms in vain: ${what}.`);
    await sleep(100);
  }
}
