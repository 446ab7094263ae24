import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChromium, walkConsole } from '../../scripts/lib/console-walk.mjs';
import { checkout } from '../support/checkout.ts';

const chromium = findChromium();
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';

describe('the pages of the console, in a browser against the built program', () => {
  if (chromium === undefined) {
    it('NOT RUN: no Chromium on this machine (in CI it must be there)', () => {
      expect(inCi).toBe(false);
    });
    return;
  }
  it('break no rule of WCAG 2.2 AA and write no error, in light and dark, wide and narrow', async () => {
    expect(existsSync(join(checkout, 'dist/cli.js'))).toBe(true);
    const walk = await walkConsole({
      executablePath: chromium,
      views: [
        { size: { width: 1440, height: 900 }, schemes: ['light', 'dark'] },
        { size: { width: 768, height: 1024 }, schemes: ['light'] },
      ],
    });
    expect(walk.problems).toEqual([]);
    expect(walk.pages).toBeGreaterThan(30);
    expect(walk.looked).toHaveLength(walk.pages * 3);
  }, 1_200_000);
});
