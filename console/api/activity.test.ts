import { expect, it } from 'vitest';
import { watchActivity } from './activity.ts';

it('is quiet a minute after the last sign of somebody, and no longer when there is another', () => {
  let now = 0;
  const target = new EventTarget();
  const activity = watchActivity(target, () => now);
  expect(activity.isQuiet()).toBe(false);
  now = 59_999;
  expect(activity.isQuiet()).toBe(false);
  now = 60_000;
  expect(activity.isQuiet()).toBe(true);
  for (const sign of ['keydown', 'pointermove', 'pointerdown', 'wheel', 'touchstart']) {
    now += 600_000;
    expect(activity.isQuiet()).toBe(true);
    target.dispatchEvent(new Event(sign));
    expect(activity.isQuiet()).toBe(false);
  }
});
