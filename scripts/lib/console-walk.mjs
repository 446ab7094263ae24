// Walks every page of the console in a browser against the built program with demo data: axe-core, console errors, and
// on demand a picture of each. Shared by scripts/screenshots.mjs and the test of the console's pages.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PAGES_WITHOUT_DATA, pagesOf } from './console-pages.mjs';
import { demoIds, startDemo } from './demo-program.mjs';
import { toPalette } from './palette-png.mjs';

const require = createRequire(import.meta.url);
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SETTLE_MS = 20_000;

/** The browser that is on this machine, or undefined. */
export function findChromium() {
  return [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
}

/**
 * Walks the console. Answers one line for each thing that is wrong, the number of pages looked at, and for each the
 * files that were made.
 */
export async function walkConsole({ executablePath, views, directory, say = () => {} }) {
  const { chromium } = require('playwright-core');
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const problems = [];
  const looked = [];
  const walked = [];
  const [demo, browser] = await Promise.all([startDemo(), chromium.launch({ executablePath, args: CHROMIUM_FLAGS })]);
  try {
    /** A window of its own: the tabs of one window are slowed down while they are behind another. */
    const openWindow = async (storageState) => {
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        viewport: views[0].size,
        colorScheme: 'light',
        locale: 'en-US',
        timezoneId: 'America/Chicago',
        ...(storageState === undefined ? {} : { storageState }),
      });
      context.setDefaultTimeout(SETTLE_MS);
      return context.newPage();
    };

    /** A visitor looks at one page after the other. */
    const newVisitor = async (storageState) => {
      const page = await openWindow(storageState);
      let now = '';
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`${now}: the browser's console says: ${message.text()}`);
      });
      page.on('pageerror', (error) => problems.push(`${now}: a script failed: ${error.message}`));
      return {
        page,
        visit: async (name, open) => {
          now = name;
          walked.push(name);
          try {
            await page.setViewportSize(views[0].size);
            await page.emulateMedia({ colorScheme: views[0].schemes[0], reducedMotion: 'reduce' });
            await open(page);
            await page.evaluate(axe);
            for (const { size, schemes } of views) {
              await page.setViewportSize(size);
              for (const colorScheme of schemes) {
                await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
                await look(page, name, size, colorScheme);
              }
            }
          } catch (error) {
            problems.push(`${name}: ${error.message}`);
          }
        },
      };
    };

    const look = async (page, name, size, scheme) => {
      await settled(page);
      const file = directory === undefined ? undefined : join(directory, `${name}-${size.width}-${scheme}.png`);
      if (file !== undefined) writeFileSync(file, toPalette(await page.screenshot()));
      const found = await page.evaluate(inspect, RULES);
      const place = `${name} at ${size.width}×${size.height}, ${scheme}`;
      problems.push(...found.violations.map((violation) => `${place}: ${violation}`));
      if (found.wider > 0) problems.push(`${place}: the page is ${found.wider} px wider than the window`);
      looked.push({ name, file });
      say(place);
    };

    /** Every page of a list, by several visitors who each take the next one. */
    const visitAll = async (visitors, pages) => {
      const waiting = [...pages];
      await Promise.all(
        visitors.map(async ({ visit }) => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            const { name, path, shows, act } = next;
            await visit(name, async (page) => {
              await page.goto(`${demo.url}${path}${path.includes('?') ? '&' : '?'}env=development`);
              await page.getByText(shows).filter({ visible: true }).first().waitFor();
              await settled(page);
              await act?.(page);
            });
          }
        }),
      );
    };

    const first = await newVisitor();
    await first.visit('setup', async (page) => {
      await page.goto(demo.link);
      await page.getByLabel('Your name').waitFor();
    });
    await first.page.getByLabel('Your name').fill('Ada Byron');
    await first.page.getByLabel('Login').fill('ada@example.org');
    await first.page.getByLabel('Password', { exact: true }).fill('a long demo password 1');
    await first.page.getByLabel('Password again').fill('a long demo password 1');
    await first.page.getByRole('button', { name: /sign in/ }).click();
    await first.page.getByRole('heading', { name: 'Integrations' }).waitFor();

    const second = await newVisitor(await first.page.context().storageState());
    const [ids] = await Promise.all([demoIds(first.page), visitAll([second], PAGES_WITHOUT_DATA)]);
    await visitAll([first, second], pagesOf(ids));

    await first.page.context().clearCookies();
    await first.visit('sign-in', async (page) => {
      await page.goto(`${demo.url}/sign-in`);
      await page.getByLabel('Login').waitFor();
    });
    const looks = views.reduce((sum, { schemes }) => sum + schemes.length, 0);
    for (const name of walked) {
      const count = looked.filter((each) => each.name === name).length;
      if (count < looks) problems.push(`${name}: only ${count} of its ${looks} looks were taken`);
    }
    return { problems, looked, pages: walked.length };
  } finally {
    await browser.close();
    await demo.stop();
  }
}

/** Waits until a page has drawn what it knows: nothing is loading, fonts are there, two frames have passed. */
async function settled(page) {
  await page.waitForFunction(() => document.querySelector('.mantine-Skeleton-root') === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Runs in the page: what axe-core finds, each as one line, and how far the page is wider than its window. */
async function inspect(rules) {
  // Only what is wrong is worked out in detail.
  const { violations } = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return {
    violations: violations.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 3).map((node) => node.target.join(' '));
      return `${id} (${help}) at ${places.join(', ')}`;
    }),
    wider: document.documentElement.scrollWidth - window.innerWidth,
  };
}
