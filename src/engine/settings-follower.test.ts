import { describe, expect, it } from 'vitest';
import { SettingsFollower } from './settings-follower.ts';

describe('following the settings', () => {
  it('reads one at a time, and once more for all changes that were told meanwhile', async () => {
    let running = 0;
    let most = 0;
    let readings = 0;
    const follower = new SettingsFollower(async () => {
      readings += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    }, expect.unreachable);
    await Promise.all([follower.follow(), follower.follow(), follower.follow()]);
    expect([most, readings]).toEqual([1, 2]);
    expect(follower.missed).toBe(false);
  });

  it('remembers a change that could not be read until it is', async () => {
    let away = true;
    let failures = 0;
    const follower = new SettingsFollower(
      () => (away ? Promise.reject(new Error('away')) : Promise.resolve()),
      () => (failures += 1),
    );
    await follower.follow();
    expect([follower.missed, failures]).toEqual([true, 1]);
    away = false;
    await follower.follow();
    expect([follower.missed, failures]).toEqual([false, 1]);
  });
});
