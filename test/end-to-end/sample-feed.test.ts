import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/lib/console-walk.mjs';
import { fqhcFeed } from '../../src/mapping/feed-profile/testing.ts';
import { until } from '../faults/until.ts';
import { ProgramHome } from '../support/program.ts';

const program = findChromium();
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';
/** A folder for pictures of each part, to be looked at by a person. */
const pictures = process.env['JOURNEY_PICTURES'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const LOOKS = [
  ['light', 768],
  ['light', 1440],
  ['dark', 1440],
] as const;
const PATIENCE_MS = 45_000;
const CHAPTER_MS = 240_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the sample-feed analyzer: from a customer’s file to a mapping in force, in a browser', () => {
  if (program === undefined) {
    it('NOT RUN: no Chromium on this machine (in CI it must be there)', () => {
      expect(inCi).toBe(false);
    });
    return;
  }

  let home: ProgramHome;
  let browser: Browser;
  let page: Page;
  let broken = '';
  const complaints: string[] = [];
  const row = (...words: readonly string[]): Locator =>
    words.reduce((rows, word) => rows.filter({ hasText: word }), page.getByRole('row'));
  const tab = async (name: string): Promise<void> => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const send = (path: string, body: object): Promise<unknown> =>
    page.evaluate(
      async ([url, payload]) => {
        const session = (await (await fetch('/api/session')).json()) as { csrf_token: string };
        const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token };
        return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload) })).json();
      },
      [path, body] as const,
    );
  /** No rule of WCAG broken, nothing wider than the window; a picture where asked for. */
  const look = async (name: string): Promise<void> => {
    for (const [colorScheme, width] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 768 ? 1024 : 900 });
      await page.waitForTimeout(250);
      await page.evaluate(AXE);
      const violations = await page.evaluate<string[]>(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " at " + nodes.map((each) => each.target.join(" ")).join(", ")))',
      );
      if (pictures !== undefined) {
        await mkdir(pictures, { recursive: true });
        await page.screenshot({
          path: join(pictures, `${name}-${width}-${colorScheme}.png`),
        });
      }
      expect(violations, `${name} at ${width}`).toEqual([]);
      expect(
        await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
      ).toBeLessThanOrEqual(0);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  beforeAll(async () => {
    home = await ProgramHome.join({ directory: await mkdtemp(join(tmpdir(), 'practice-studio-analyzer-')) });
    const running = await home.launch();
    [browser] = await Promise.all([chromium.launch({ executablePath: program, args: FLAGS }), running.up]);
    const printed = /https?:\/\/\S+\/setup#token=\S+/;
    await until('the one-time link on the terminal', () => printed.test(running.said), PATIENCE_MS);
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      locale: 'en-US',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    await page.goto(printed.exec(running.said)?.[0] ?? '');
    await page.getByLabel('Your name').fill('Rowan Hale');
    await page.getByLabel('Login').fill('rowan@example.org');
    await page.getByLabel('Password', { exact: true }).fill('four plain words here');
    await page.getByLabel('Password again').fill('four plain words here');
    await page.getByRole('button', { name: 'Make the account and sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    const environment = await page.evaluate(async () => {
      const { items } = (await (await fetch('/api/environments')).json()) as { items: { id: string; key: string }[] };
      return items.find(({ key }) => key === 'development')?.id;
    });
    await send('/api/systems', {
      key: 'maple',
      name: 'Maple Health',
      environment_id: environment,
      product: 'nextgen-enterprise',
      product_version: '6.0.x',
      methods: ['hl7'],
    });
  }, CHAPTER_MS);

  afterAll(async () => {
    await browser?.close();
    await home?.remove();
  }, CHAPTER_MS);
  beforeEach(() => {
    if (broken !== '') throw new Error(`Not reached: the journey ended at "${broken}".`);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || broken !== '') return;
    broken = task.name;
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'failed.png') });
  });
  const chapter = (name: string, tell: () => Promise<void>): void => {
    it(name, tell, CHAPTER_MS);
  };

  chapter('the customer’s file is analyzed, its values masked', async () => {
    await page.reload();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sample-feed analyzer' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sample-feed analyzer' }).waitFor();
    const buffer = Buffer.from(fqhcFeed(90).join(''));
    await page.locator('input[type=file]').setInputFiles({ name: 'maple.hl7', mimeType: 'text/plain', buffer });
    await page.getByRole('button', { name: 'Analyze' }).click();
    await page.getByRole('heading', { name: 'Message types' }).waitFor();
    await page.getByText('held against nextgen.patient version 1 of Maple Health').waitFor();
    await look('overview');
    await tab('Fields');
    await page.getByRole('textbox', { name: 'Filter' }).fill('family');
    await row('PID-5.1', 'Family Name').waitFor();
    expect(await page.getByRole('grid').textContent()).not.toContain('ABBOTT');
    await look('fields');
    await row('PID-5.1').getByText('Family Name').click();
    await page.getByRole('dialog').getByText('Masked: letters as A').waitFor();
    await look('field');
    await page.keyboard.press('Escape');
  });

  chapter('somebody who may see patients has the values shown', async () => {
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.getByText('Values are shown as they are').waitFor();
    await page.getByRole('textbox', { name: 'Filter' }).fill('family');
    await page.getByText('ABBOTTA').first().waitFor();
    await page.getByRole('button', { name: 'Mask values' }).click();
    await page.getByText('Values are shown as they are').waitFor({ state: 'hidden' });
  });

  chapter('proposals are accepted and changed, fields mapped by hand, codes translated', async () => {
    await tab('Proposed mapping');
    await page.getByText('is named as health centers name').waitFor();
    await page.getByRole('switch', { name: /Accept Sliding fee/ }).check();
    await page.getByRole('textbox', { name: /Place of Sliding fee/ }).fill('ZFS-2');
    await page.getByRole('button', { name: 'Map ZFS-3' }).click();
    await page.getByRole('combobox', { name: 'Field of the patient' }).click();
    await page.getByRole('option', { name: 'Financial class', exact: true }).click();
    await look('mapping');
    await tab('Unknown codes');
    await page.getByRole('button', { name: /Accept 2 certain codes/ }).click();
    await look('codes');
  });

  chapter('the samples go through the draft, and nothing is written', async () => {
    await tab('Dry run');
    await page.getByRole('button', { name: 'Run the samples through the draft' }).click();
    await page.getByRole('heading', { name: 'What the draft changes' }).waitFor();
    await row('Sliding fee class', '90').first().waitFor();
    await row('Financial class', '90').first().waitFor();
    await look('dry-run');
    expect(await send('/api/patients/search', { text: 'ABBOTTA' })).toMatchObject({ items: [] });
  });

  chapter('the mapping is put in force, and the analysis is held against it', async () => {
    await page.getByRole('button', { name: /Use this mapping \(\d+ changes\)/ }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).fill('Agreed with the practice');
    await page.getByRole('dialog').getByRole('button', { name: 'Use this mapping' }).click();
    await page.getByText('held against maple.patient version 1').waitFor();
    await tab('Proposed mapping');
    await page.getByText('found already').waitFor();
  });

  chapter('the interface specification is downloaded for the vendor', async () => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Interface specification' }).click();
    await page.getByRole('menuitem', { name: /Markdown, to hand/ }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('interface-specification-maple-health.md');
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('| ZFS-2.1 |');
    expect(text).not.toContain('ABBOTT');
  });

  chapter('no page complained', () => {
    expect(complaints).toEqual([]);
    return Promise.resolve();
  });
});
