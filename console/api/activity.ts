/** Without a key, a click or a movement for this long, what the page asks for by itself is not its user's doing. */
const QUIET_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether anybody sits before the page, told by what they do. */
export interface Activity {
  /** True while nobody does anything: requests say so, and do not keep the session alive. */
  isQuiet(): boolean;
}

/** Watches the events of a window; `now` in ms. Opening the page counts. */
export function watchActivity(target: Pick<EventTarget, 'addEventListener'>, now: () => number): Activity {
  let last = now();
  const seen = (): void => {
    last = now();
  };
  for (const sign of SIGNS) target.addEventListener(sign, seen, { capture: true, passive: true });
  return { isQuiet: () => now() - last >= QUIET_MS };
}
