import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/lib/console-walk.mjs';
import { Peer } from '../faults/peer.ts';
import { until } from '../faults/until.ts';
import { ProgramHome } from '../support/program.ts';
import { lastingPort } from '../support/system-postgres.ts';
import { admission, person } from './journey-messages.ts';

const program = findChromium();
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';
/** A folder for pictures of each part, to be looked at by a person. */
const pictures = process.env['JOURNEY_PICTURES'];
const PATIENCE_MS = 45_000;
const CHAPTER_MS = 240_000;

describe('the journey: from the one-time link to a repaired message, in a browser', () => {
  if (program === undefined) {
    it('NOT RUN: no Chromium on this machine (in CI it must be there)', () => {
      expect(inCi).toBe(false);
    });
    return;
  }

  let home: ProgramHome;
  let link = '';
  let browser: Browser;
  let page: Page;
  let peer: Peer;
  let port = 0;
  let broken = '';
  const addresses = new Set<string>();
  const complaints: string[] = [];

  const go = async (place: string, heading: string | RegExp = place): Promise<void> => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const row = (...words: readonly string[]): Locator =>
    words.reduce((rows, word) => rows.filter({ hasText: word }), page.getByRole('row'));
  /** The row of a table that begins with exactly this cell. */
  const field = (label: string, within: Page | Locator = page): Locator =>
    within.getByRole('row').filter({ has: page.getByRole('cell', { name: label, exact: true }) });
  const choose = async (label: string, option: string): Promise<void> => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const openMessage = async (controlId: string): Promise<Locator> => {
    await go('Message tracer');
    await row(controlId).getByText('ADT').first().click();
    const message = page.getByRole('region', { name: 'Message', exact: true });
    await message.getByRole('tab', { name: 'Content' }).waitFor();
    return message;
  };
  const openPatient = async (): Promise<void> => {
    await go('Patients');
    await page.getByRole('textbox', { name: 'Search patients' }).fill(person.family.toLowerCase());
    await row(person.mrn).getByText(person.mrn).click();
    await page.getByRole('tab', { name: 'Record' }).waitFor();
  };
  const look = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await sleep(400);
      await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };

  beforeAll(async () => {
    home = await ProgramHome.join({ directory: await mkdtemp(join(tmpdir(), 'practice-studio-journey-')) });
    const running = await home.launch();
    [browser] = await Promise.all([chromium.launch({ executablePath: program, args: CHROMIUM_FLAGS }), running.up]);
    const printed = /https?:\/\/\S+\/setup#token=\S+/;
    await until('the one-time link on the terminal', () => printed.test(running.said), PATIENCE_MS);
    link = printed.exec(running.said)?.[0] ?? '';
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      locale: 'en-US',
      timezoneId: 'America/Chicago',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('request', (request) => addresses.add(request.url()));
    page.on('framenavigated', (frame) => addresses.add(frame.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  }, CHAPTER_MS);

  afterAll(async () => {
    peer?.socket.destroy();
    await browser?.close();
    await home?.remove();
  }, CHAPTER_MS);

  beforeEach(() => {
    if (broken !== '') throw new Error(`Not reached: the journey ended at "${broken}".`);
  });
  afterEach(async ({ task }) => {
    const failed = task.result?.state === 'fail';
    if (failed && broken !== '') return;
    if (failed) broken = task.name;
    await look(`${failed ? 'failed-' : ''}${task.name.replaceAll(/\W+/g, '-')}`);
  });

  const chapter = (name: string, tell: () => Promise<void>): void => {
    it(name, tell, CHAPTER_MS);
  };

  chapter('the link makes the administrator, and is no longer in the address', async () => {
    await page.goto(link);
    await page.getByLabel('Your name').fill('Rowan Hale');
    await page.getByLabel('Login').fill('rowan@example.org');
    await page.getByLabel('Password', { exact: true }).fill('four plain words here');
    await page.getByLabel('Password again').fill('four plain words here');
    expect(page.url()).not.toContain('token');
    await look('setup');
    await page.getByRole('button', { name: 'Make the account and sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
  });

  chapter('the wizard adds a NextGen Enterprise 6.0.x system in Development', async () => {
    await go('PMS systems');
    await page.getByRole('link', { name: 'Add new system' }).first().click();
    await page.getByRole('radio', { name: /NextGen Enterprise/ }).click();
    await look('wizard-1');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('radio', { name: /6\.0\.x/ }).check();
    await page.getByRole('checkbox', { name: /HL7/ }).check();
    await look('wizard-2');
    await page.getByRole('button', { name: 'Next' }).click();
    await choose('Environment', 'Development');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Lakeside Family Practice');
    await choose('Time zone of the practice', 'America/Chicago');
    await look('wizard-3');
    await page.getByRole('button', { name: 'Next' }).click();
    await look('wizard-4');
    await page.getByRole('button', { name: 'Next' }).click();
    await look('wizard-5');
    await page.getByRole('button', { name: 'Add system' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lakeside Family Practice' }).waitFor();
  });

  chapter('an HL7 listener is added to it and listens', async () => {
    port = await lastingPort();
    await page.getByRole('link', { name: 'Add HL7 listener' }).click();
    const drawer = page.getByRole('dialog', { name: 'Add HL7 listener' });
    await drawer.getByRole('textbox', { name: 'Name', exact: true }).fill('Registrations');
    await drawer.getByRole('textbox', { name: 'Port', exact: true }).fill(`${port}`);
    await look('listener-new');
    await drawer.getByRole('button', { name: 'Add listener' }).click();
    const state = page
      .getByRole('dialog', { name: 'Registrations' })
      .getByRole('table', { name: 'State on each node' });
    await state.getByText('Listening').waitFor();
  });

  chapter('a registration is acknowledged, and the dashboard counts it', async () => {
    peer = await Peer.connect(port);
    const sample = {
      event: 'A04',
      controlId: 'LK0001',
      birthDate: '19710823',
      street: person.street,
      homePhone: person.homePhone,
    } as const;
    expect(await peer.ask(admission(sample), 'LK0001')).toBe('AA');
    await page.keyboard.press('Escape');
    await go('Dashboard');
    await page.getByRole('link', { name: /^Received\s*1\b/ }).waitFor();
    await page.getByRole('link', { name: /^Delivered\s*1\b/ }).waitFor();
    await page.getByRole('link', { name: /^Failed\s*0\b/ }).waitFor();
  });

  chapter('the tracer shows it raw, as a tree with field names, and each step', async () => {
    const message = await openMessage('LK0001');
    await message.getByText('Delivered').first().waitFor();
    await message.getByText(`${person.family}^${person.given}^T`).first().waitFor();
    const tree = message.getByRole('tree', { name: 'Structure of the message' });
    await tree.getByRole('treeitem', { name: /PID-5 .*Patient Name/i }).waitFor();
    await tree.getByRole('treeitem', { name: /PID-7 .*Date.*Birth/i }).waitFor();
    await look('tracer-content');
    await message.getByRole('tab', { name: 'Steps' }).click();
    const steps = message.getByRole('region', { name: /First processing/ }).getByRole('listitem');
    expect(await steps.count()).toBeGreaterThanOrEqual(4);
    await steps.filter({ hasText: 'Mapped' }).getByText('nextgen.patient version 1').waitFor();
    await steps.filter({ hasText: 'Recorded' }).waitFor();
  });

  chapter('Patients shows the person, and for each field the message it came from', async () => {
    await openPatient();
    const shown: readonly (readonly [part: string, field: string, value: string])[] = [
      ['Name', 'Last name', person.family],
      ['Name', 'First name', person.given],
      ['Demographics', 'Date of birth', '1971-08-23'],
      ['Address', 'Address: line 1', person.street],
      ['Address', 'Address: city', 'SPRINGFIELD'],
      ['Address', 'Address: postal code', '62701'],
      ['Contact', 'Home phone', `+1${person.homePhone}`],
      ['Contact', 'Work phone', '+12175550167'],
      ['Identifiers', 'Medical record number (NEXTGEN)', person.mrn],
      ['Identifiers', 'Account number (NEXTGEN)', person.account],
      ['Coverage', 'Plan name', 'LAKE MUTUAL'],
      ['Coverage', 'Member ID', 'LM556677'],
      ['Coverage', 'Payer phone', '+12175550111'],
      ['Related persons', 'First name', person.kin],
      ['Related persons', 'Relationship', 'Spouse (SPO)'],
      ['Related persons', 'Home phone', '+12175550188'],
    ];
    for (const [part, name, value] of shown) {
      const cells = field(name, page.getByRole('table', { name: part, exact: true })).getByRole('cell');
      expect([part, name, await cells.nth(1).innerText()]).toEqual([part, name, value]);
    }
    const source = field('Date of birth', page.getByRole('table', { name: 'Demographics' })).getByRole('link');
    await source.click();
    const message = page.getByRole('region', { name: 'Message', exact: true });
    await message.getByText('LK0001').first().waitFor();
    await message.getByText('19710823').first().waitFor();
  });

  chapter('an update changes him, and the history shows old and new', async () => {
    const update = {
      event: 'A08',
      controlId: 'LK0002',
      birthDate: '19710823',
      street: person.movedTo,
      homePhone: person.newHomePhone,
    } as const;
    expect(await peer.ask(admission(update), 'LK0002')).toBe('AA');
    await openPatient();
    await field('Address: line 1', page.getByRole('table', { name: 'Address' }))
      .getByText(person.movedTo)
      .waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    const changes = page.getByRole('table', { name: 'Changes of version 2' });
    await changes.waitFor();
    const change = (name: string): Promise<string[]> => field(name, changes).getByRole('cell').allInnerTexts();
    expect(await change('Address: line 1')).toEqual(['Address: line 1', person.street, person.movedTo]);
    expect(await change('Home phone')).toEqual(['Home phone', `+1${person.homePhone}`, `+1${person.newHomePhone}`]);
    await page.getByRole('table', { name: 'Changes of version 1' }).waitFor();
  });

  chapter('an impossible birth date lands in Error Management, with its place', async () => {
    const bad = {
      event: 'A04',
      controlId: 'LK0003',
      family: person.otherFamily,
      mrn: person.otherMrn,
      account: '5500999',
      birthDate: '19710231',
      street: person.street,
      homePhone: person.homePhone,
    } as const;
    expect(await peer.ask(admission(bad), 'LK0003')).toBe('AA');
    await go('Error management');
    await row('PID-7', 'Lakeside Family Practice').getByText('PID-7').click();
    await page.getByRole('heading', { level: 1, name: /A date does not exist in the calendar/ }).waitFor();
    await page.getByText('What usually helps').waitFor();
    await page.getByText('PID-7 Date of Birth 19710231').waitFor();
  });

  chapter('repaired and replayed there, it leaves the queue empty', async () => {
    await page.getByRole('button', { name: 'Repair this one' }).click();
    const dialog = page.getByRole('dialog', { name: /^Repair/ });
    const content = dialog.getByLabel(/One segment a line/);
    await content.fill((await content.inputValue()).replace('19710231', '19710228'));
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The practice told us the right day.');
    await look('repair');
    await dialog.getByRole('button', { name: 'Process the repaired message' }).click();
    await page.getByText('This group has no open errors any more').waitFor();
    await go('Error management');
    await page.getByText('Nothing needs a person').waitFor();
    const message = await openMessage('LK0003');
    await message.getByText('Delivered').first().waitFor();
    await message.getByRole('tab', { name: 'Steps' }).click();
    await message
      .getByRole('region', { name: /First processing/ })
      .getByText('Failed')
      .first()
      .waitFor();
    await message
      .getByRole('region', { name: /Repair and replay/ })
      .getByText('Recorded')
      .waitFor();
    await message.getByRole('link', { name: new RegExp(person.otherFamily) }).click();
    await field('Date of birth', page.getByRole('table', { name: 'Demographics' }))
      .getByText('1971-02-28')
      .waitFor();
  });

  chapter('Audit lists what was done, and the chain is intact', async () => {
    await go('Audit');
    const done = [
      'Added a system.',
      'Added an HL7 listener.',
      'Saw a patient.',
      'Saw the content of a message.',
      'Had a message processed again with content that was repaired by hand.',
    ];
    for (const sentence of done) await row(sentence, 'Rowan Hale').first().waitFor();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('The log is intact').waitFor();
  });

  chapter('signing out ends it; no error was told, and no address named a patient', async () => {
    await page.getByRole('button', { name: /Rowan Hale/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Login').waitFor();
    expect(complaints).toEqual([]);
    const words = Object.values(person).flatMap((value) => value.split(' ').filter((word) => word.length > 3));
    const spread = [...addresses].map((address) => decodeURIComponent(address).toLowerCase());
    expect(spread.length).toBeGreaterThan(20);
    expect(spread.filter((address) => words.some((word) => address.includes(word.toLowerCase())))).toEqual([]);
  });
});
