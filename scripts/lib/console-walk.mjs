// Walks every page of the console in a browser against the built program with demo data: axe-core, console errors, and
// on demand a picture of each. Shared by scripts/screenshots.mjs and the test of the console's pages.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toPalette } from './palette-png.mjs';
import { dist, root } from './paths.mjs';

const require = createRequire(import.meta.url);
const CHROMIUM_FLAGS = [
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
 * The pages, with the words that each must show before it is looked at. Addresses are made from what the demo holds.
 */
export function pagesOf({ system, listener, message, failed, group, patient, environment, analysis, credential }) {
  const at = '/settings/integrations';
  const tracer = `${at}/diagnostics/tracer`;
  return [
    { name: 'overview', path: at, shows: 'Systems that need a look' },
    { name: 'environments', path: `${at}/environments`, shows: 'Production' },
    { name: 'environment', path: `${at}/environments/${environment}`, shows: 'Connection parameters' },
    { name: 'environment-new', path: `${at}/environments/new`, shows: 'The environment' },
    { name: 'credentials', path: `${at}/credentials`, shows: 'TLS server certificate' },
    { name: 'credential', path: `${at}/credentials?credential=${credential}`, shows: 'In force since' },
    { name: 'credential-new', path: `${at}/credentials?credential=new`, shows: 'Add to the vault' },
    { name: 'systems', path: `${at}/systems`, shows: 'Open errors' },
    { name: 'system', path: `${at}/systems/${system}`, shows: 'What it is' },
    { name: 'system-settings', path: `${at}/systems/${system}?tab=settings`, shows: 'Retries, order and duplicates' },
    { name: 'system-mapping', path: `${at}/systems/${system}?tab=mapping`, shows: 'Practice Studio field' },
    { name: 'system-listeners', path: `${at}/systems/${system}?tab=listeners`, shows: 'Listening' },
    { name: 'system-new', path: `${at}/systems/new`, shows: 'NextGen Enterprise' },
    { name: 'hl7', path: `${at}/hl7`, shows: 'Listening' },
    { name: 'hl7-listener', path: `${at}/hl7?listener=${listener}`, shows: 'Send a sample' },
    { name: 'analyzer', path: `${at}/hl7/analyzer`, shows: 'Saved analyses' },
    { name: 'analyzer-overview', path: `${at}/hl7/analyzer?analysis=${analysis}`, shows: 'How it is sent' },
    { name: 'analyzer-fields', path: `${at}/hl7/analyzer?analysis=${analysis}&tab=fields`, shows: 'PID-5.1' },
    { name: 'analyzer-mapping', path: `${at}/hl7/analyzer?analysis=${analysis}&tab=mapping`, shows: 'Mapped by you' },
    { name: 'analyzer-codes', path: `${at}/hl7/analyzer?analysis=${analysis}&tab=codes`, shows: 'Show known codes' },
    { name: 'dashboard', path: `${at}/monitoring/dashboard?range=15m`, shows: 'Messages over time' },
    { name: 'dashboard-table', path: `${at}/monitoring/dashboard?range=15m&view=table`, shows: 'Filtered' },
    { name: 'tracer', path: tracer, shows: 'Delivered' },
    { name: 'message', path: `${tracer}/${message}`, shows: 'Structure', click: 'PID-5' },
    { name: 'message-steps', path: `${tracer}/${message}?tab=steps`, shows: 'First processing' },
    { name: 'message-changes', path: `${tracer}/${message}?tab=changes`, shows: 'Before' },
    { name: 'message-acknowledgment', path: `${tracer}/${message}?tab=acknowledgment`, shows: 'Sent' },
    { name: 'message-failed', path: `${tracer}/${failed}`, shows: 'Raw (' },
    { name: 'errors', path: `${at}/errors`, shows: 'What happened' },
    { name: 'error-group', path: `${at}/errors/${group}`, shows: 'Who has to act' },
    { name: 'patients', path: '/patients', shows: 'Identifiers' },
    { name: 'patient', path: `/patients/${patient}`, shows: 'Source' },
    { name: 'patient-history', path: `/patients/${patient}?tab=history`, shows: 'Before' },
    { name: 'audit', path: '/audit', shows: 'To what' },
    { name: 'users', path: '/settings/users', shows: 'Last sign-in' },
    { name: 'users-invite', path: '/settings/users?dialog=invite', shows: 'Make the invitation link' },
    { name: 'tokens', path: '/settings/users?tab=tokens', shows: 'API tokens' },
  ];
}

/** Starts the built program with demo data on free ports and a temporary data directory. */
export async function startDemo() {
  const directory = mkdtempSync(join(tmpdir(), 'practice-studio-console-'));
  const [port, hl7Port] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    [join(dist, 'cli.js'), 'start', '--demo', '--data', directory, '--port', `${port}`, '--hl7-port', `${hl7Port}`],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: '' } },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
    rmSync(directory, { recursive: true, force: true });
  };
  for (let waited = 0; waited < 60_000; waited += 100) {
    const link = /https?:\/\/\S+\/setup#token=\S+/.exec(said)?.[0];
    if (link !== undefined) return { url: new URL(link).origin, link, stop };
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`The program did not start:\n${said}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Walks the console. Answers one line for each thing that is wrong, the number of pages looked at, and for each the
 * files that were made.
 */
export async function walkConsole({ executablePath, views, directory, say = () => {} }) {
  const { chromium } = require('playwright-core');
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const demo = await startDemo();
  const problems = [];
  const looked = [];
  let browser;
  try {
    browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      viewport: views[0].size,
      colorScheme: 'light',
    });
    const page = await context.newPage();
    let now = 'set-up';
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${now}: the browser's console says: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${now}: a script failed: ${error.message}`));

    const look = async (name, size, scheme) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
      const place = `${name} at ${size.width}×${size.height}, ${scheme}`;
      for (const violation of violations) {
        const nodes = violation.nodes.map((node) => node.target.join(' ')).slice(0, 3);
        problems.push(`${place}: ${violation.id} (${violation.help}) at ${nodes.join(', ')}`);
      }
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wider > 0) problems.push(`${place}: the page is ${wider} px wider than the window`);
      const file = directory === undefined ? undefined : join(directory, `${name}-${size.width}-${scheme}.png`);
      if (file !== undefined) writeFileSync(file, toPalette(await page.screenshot()));
      looked.push({ name, size, scheme, file });
      say(place);
    };
    const eachLook = async (name, open) => {
      for (const { size, schemes } of views) {
        await page.setViewportSize(size);
        now = name;
        await open();
        for (const scheme of schemes) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await sleep(120);
          await look(name, size, scheme);
        }
      }
    };

    // The one-time link is used once: each look opens the form, the last one sends it.
    await eachLook('setup', async () => {
      await page.goto('about:blank');
      await page.goto(demo.link);
      await page.getByLabel('Your name').waitFor({ timeout: SETTLE_MS });
    });
    await page.getByLabel('Your name').fill('Ada Byron');
    await page.getByLabel('Login').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill('a long demo password 1');
    await page.getByLabel('Password again').fill('a long demo password 1');
    await page.getByRole('button', { name: /sign in/ }).click();
    await page.getByRole('heading', { name: 'Integrations' }).waitFor({ timeout: SETTLE_MS });

    now = 'waiting for data';
    const ids = await demoIds(page);
    const pages = pagesOf(ids);
    for (const { name, path, shows, click } of pages) {
      await eachLook(name, async () => {
        await page.goto(`${demo.url}${path}${path.includes('?') ? '&' : '?'}env=development`);
        await page.getByText(shows).filter({ visible: true }).first().waitFor({ timeout: SETTLE_MS });
        await page.waitForFunction(() => document.querySelector('.mantine-Skeleton-root') === null, undefined, {
          timeout: SETTLE_MS,
        });
        if (click !== undefined) await page.getByText(click, { exact: true }).first().click();
        await sleep(150);
      }).catch((error) => problems.push(`${name}: ${error.message}`));
    }

    now = 'search';
    await eachLook('search-everywhere', async () => {
      await page.goto(`${demo.url}/settings/integrations?env=development`);
      await page.getByRole('button', { name: /Search pages/ }).click();
      await page.getByPlaceholder(/A page, an action/).fill('a');
      await page.getByText('Add new system').last().waitFor({ timeout: SETTLE_MS });
      await sleep(300);
    }).catch((error) => problems.push(`search-everywhere: ${error.message}`));

    now = 'sign-in';
    await context.clearCookies();
    await eachLook('sign-in', async () => {
      await page.goto(`${demo.url}/sign-in`);
      await page.getByLabel('Login').waitFor({ timeout: SETTLE_MS });
    }).catch((error) => problems.push(`sign-in: ${error.message}`));
    const expected = ['setup', ...pages.map(({ name }) => name), 'search-everywhere', 'sign-in'];
    for (const name of expected) {
      const count = looked.filter((each) => each.name === name).length;
      if (count < views.reduce((sum, { schemes }) => sum + schemes.length, 0))
        problems.push(`${name}: only ${count} of its looks were taken`);
    }
    return { problems, looked, pages: expected.length };
  } finally {
    await browser?.close();
    await demo.stop();
  }
}

/** Waits until the demo has messages of every kind, and answers the ids that the pages are about. */
async function demoIds(page) {
  for (let tries = 0; tries < 90; tries++) {
    const found = await page.evaluate(async () => {
      const read = async (path, body) => {
        const session = await (await fetch('/api/session')).json();
        const response = await fetch(
          path,
          body === undefined
            ? {}
            : {
                method: 'POST',
                headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token },
                body: JSON.stringify(body),
              },
        );
        return response.json();
      };
      const [environments, systems, listeners, errors, delivered, failed] = await Promise.all([
        read('/api/environments'),
        read('/api/systems'),
        read('/api/listeners'),
        read('/api/errors'),
        read('/api/messages/search', { state: ['delivered'], limit: 100 }),
        read('/api/messages/search', { state: ['failed'], limit: 5 }),
      ]);
      const system = systems.items[0]?.id;
      const environment = environments.items.find((each) => each.key === 'development')?.id;
      const { items: vault } = await read('/api/credentials');
      const kept =
        vault.length === 0
          ? await read('/api/credentials', {
              key: 'hub-certificate',
              name: 'Hub certificate',
              environment_id: environment,
              kind: 'tls_server',
              source: { from: 'self_signed', common_name: 'hub.example.org', names: ['hub.example.org'], days: 20 },
            })
          : vault[0];
      const { items: analyses } = await read('/api/feed-analyses');
      const enough = delivered.items.length >= 60;
      const made =
        enough && analyses.length === 0
          ? await read('/api/feed-analyses/stored', { system, save: 'Sample feed' })
          : undefined;
      const update = delivered.items.filter((each) => each.patient_id !== null);
      return {
        environment,
        credential: kept.id,
        system,
        listener: listeners.items[0]?.id,
        group: errors.items[0]?.fingerprint,
        message: update[0]?.id,
        patient: update[0]?.patient_id,
        failed: failed.items[0]?.id,
        enough,
        analysis: analyses[0]?.id ?? made?.id,
      };
    });
    if (Object.values(found).every((each) => each !== undefined && each !== false)) return found;
    await sleep(1000);
  }
  throw new Error('The demo did not make messages of every kind within 90 seconds.');
}
