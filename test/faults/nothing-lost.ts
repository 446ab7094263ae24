import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { AUDIT_ACTIONS } from '../../src/security/audit-actions.ts';
import type { ProgramHome, RunningProgram } from '../support/program.ts';
import { addressLine, recordNumber, type PracticeMessages } from './practice-messages.ts';
import type { Sender } from './sender.ts';

/** One sender with what it made. */
export interface Feed {
  readonly messages: PracticeMessages;
  readonly patients: readonly number[];
  readonly sender: Sender;
  /** Its end was cut off for good: what it had not been answered may be there or not. */
  readonly cutOff?: boolean;
}

const { delivered, filtered, failed } = { delivered: 1, filtered: 2, failed: 3 };

/** Waits until nothing waits to be processed any more. */
export async function processedAll(home: ProgramHome, patienceMs = 60_000): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const [waiting] = await home.rows<{ queued: number; deferred: number }>(
      'select (select count(*)::int from queue) as queued, (select count(*)::int from deferred) as deferred',
    );
    if (waiting?.queued === 0 && waiting.deferred === 0) return;
    if (performance.now() > end) throw new Error(`Messages still wait to be processed: ${JSON.stringify(waiting)}`);
    await sleep(50);
  }
}

/**
 * Holds the promise of the product against what is stored, after a test that broke something: every acknowledged message
 * is there and was applied exactly once, each patient went through the versions that were sent in their order, the
 * counters count what is there, and the audit log is whole.
 */
export async function expectNothingLost(
  home: ProgramHome,
  program: RunningProgram,
  feeds: readonly Feed[],
): Promise<void> {
  await processedAll(home);
  for (const { sender } of feeds) expect(sender.confused, 'acknowledgments in the order of the messages').toEqual([]);
  await expectStoredAndAppliedOnce(home, feeds);
  await expectCounted(home);
  await expectHistories(home, program, feeds);
  const audit = await home.command('verify-audit');
  expect(audit.code, audit.stdout + audit.stderr).toBe(0);
}

async function expectStoredAndAppliedOnce(home: ProgramHome, feeds: readonly Feed[]): Promise<void> {
  const stored = await home.rows<{ control_id: string; delivered: number; others: number }>(
    `select m.control_id, count(*) filter (where t.state = ${delivered})::int as delivered,
       count(*) filter (where t.state is null or t.state not in (${delivered}, ${filtered}))::int as others
     from messages m left join transactions t on t.message_id = m.id group by m.control_id`,
  );
  const byControlId = new Map(stored.map((row) => [row.control_id, row]));
  const acknowledged = feeds.flatMap(({ sender }) => sender.acknowledged);
  expect(acknowledged.length, 'messages acknowledged').toBeGreaterThan(0);
  expect(
    acknowledged.filter((controlId) => !byControlId.has(controlId)),
    'acknowledged, but not stored',
  ).toEqual([]);
  expect(
    stored.filter((row) => row.delivered !== 1 || row.others !== 0),
    'not applied exactly once',
  ).toEqual([]);
  const uneven = await home.rows(
    `select m.id, count(t.id)::int as transactions from messages m left join transactions t on t.message_id = m.id and t.kind = 0
     group by m.id having count(t.id) <> 1 or bool_or(t.id <> m.id)`,
  );
  expect(uneven, 'messages without exactly one final transaction').toEqual([]);
}

async function expectCounted(home: ProgramHome): Promise<void> {
  const [counted] = await home.rows(
    `select sum(received)::int as received, sum(delivered)::int as delivered, sum(filtered)::int as filtered, sum(failed)::int as failed from traffic`,
  );
  const [present] = await home.rows<{ delivered: number }>(
    `select (select count(*)::int from messages) as received, count(*) filter (where state = ${delivered})::int as delivered,
       count(*) filter (where state = ${filtered})::int as filtered, count(*) filter (where state = ${failed})::int as failed
     from transactions`,
  );
  expect(counted, 'counters of traffic').toEqual(present);
  const { number: created } = AUDIT_ACTIONS['patient-created'];
  const { number: changed } = AUDIT_ACTIONS['patient-changed'];
  const [audited] = await home.rows<{ count: number }>(
    'select count(*)::int as count from audit where action = any($1::smallint[])',
    [[created, changed]],
  );
  expect(audited?.count, 'audit entries of changed patients').toBe(present?.delivered);
}

interface HistoryPage {
  readonly items: readonly {
    readonly version: number;
    readonly changes: readonly { readonly path: string; readonly new: unknown }[];
  }[];
  readonly next?: string;
}

async function expectHistories(home: ProgramHome, program: RunningProgram, feeds: readonly Feed[]): Promise<void> {
  const patients = await home.rows<{ id: string; version: number }>('select id, version from patients');
  const wanted = new Set(feeds.flatMap((feed) => feed.patients.filter((patient) => feed.messages.count(patient) > 0)));
  const numbers = new Map([...wanted].map((patient) => [recordNumber(patient), patient]));
  const seen = new Set<number>();
  for (const { id, version } of patients) {
    const { record } = await home.api<{
      record: { external_id: string; address: { line1: string } };
    }>(program, 'GET', `/api/patients/${id}`);
    const patient = numbers.get(record.external_id);
    if (patient === undefined || seen.has(patient)) throw new Error(`A patient is there who should not be: ${id}`);
    seen.add(patient);
    const lines = await readLines(home, program, id);
    expect(lines.length, `versions of patient ${patient}`).toBe(version);
    expect(record.address.line1, `patient ${patient} as he is`).toBe(lines.at(-1));
    for (const { messages, cutOff, sender } of feeds) {
      const own = lines.filter((line) => line.includes(` ${messages.name.toUpperCase()} `));
      const sent = Array.from({ length: messages.count(patient) }, (_, index) => addressLine(messages.name, index + 1));
      // What a sender that was cut off had in flight may have arrived: no gaps, and at least what was acknowledged.
      const least = messages.countAmong(sender.acknowledged, patient);
      const expected = cutOff === true ? sent.slice(0, Math.max(own.length, least)) : sent;
      expect(own, `what ${messages.name} sent about patient ${patient}`).toEqual(expected);
    }
  }
  expect(seen.size, 'patients').toBe(wanted.size);
}

/** The first lines of a patient's address, version by version. */
async function readLines(home: ProgramHome, program: RunningProgram, id: string): Promise<string[]> {
  const entries: { version: number; line: string }[] = [];
  let cursor = '';
  do {
    const page = await home.api<HistoryPage>(program, 'GET', `/api/patients/${id}/history?limit=1000${cursor}`);
    for (const { version, changes } of page.items) {
      entries.push({ version, line: String(changes.find(({ path }) => path === 'address.line1')?.new) });
    }
    cursor = page.next === undefined ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  entries.sort((one, other) => one.version - other.version);
  expect(
    entries.map(({ version }) => version),
    `versions of patient ${id}`,
  ).toEqual(entries.map((_, index) => index + 1));
  return entries.map(({ line }) => line);
}
