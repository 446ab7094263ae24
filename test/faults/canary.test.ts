import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProgramHome, type RunningProgram } from '../support/program.ts';
import { CANARY, canaryMessage, needles } from './canaries.ts';
import { cleanUpAfterEach } from './clean-up.ts';
import { BLOCK_BYTES, leaksBelow, leaksIn } from './leaks.ts';
import { processedAll } from './nothing-lost.ts';
import { Peer } from './peer.ts';

const finallyDo = cleanUpAfterEach();
const wanted = needles();

describe('patient data', () => {
  it('is found by this test where it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'canary-'));
    finallyDo(() => rm(folder, { recursive: true }));
    for (const [name, text] of Object.entries(CANARY)) {
      for (const charset of ['utf8', 'latin1', 'utf16le', 'base64'] as const) {
        const inside = Buffer.from(`before ${text.toUpperCase()} behind`);
        const bytes =
          charset === 'base64' ? Buffer.from(inside.toString('base64')) : Buffer.from(inside.toString(), charset);
        await writeFile(
          join(folder, `${name}-${charset}`),
          Buffer.concat([Buffer.alloc(name === 'family' ? BLOCK_BYTES - 20 : 33), bytes]),
        );
      }
    }
    const { leaks } = await leaksBelow(folder, wanted);
    for (const name of Object.keys(CANARY)) {
      for (const charset of ['utf8', 'latin1', 'utf16le', 'base64']) {
        expect(
          leaks.some((leak) => leak.endsWith(` in ${name}-${charset}`)),
          `${name} as ${charset}`,
        ).toBe(true);
      }
    }
  }, 120_000);

  it('is nowhere outside of the program: not in database files, dump, logs, metrics, addresses', async () => {
    const home = await ProgramHome.make({ listeners: [{ key: 'commit' }, { key: 'processed', ackWhen: 'processed' }] });
    finallyDo(() => home.remove());
    const program = await home.start();
    await home.token();
    const answers = await sendEverything(home);
    await useEverything(home, program);

    const metrics = await fetch(`${program.url}/metrics`, {
      headers: { authorization: `Bearer ${await home.token()}` },
    });
    expect(metrics.status).toBe(200);
    const figures = await metrics.text();
    const dump = await dumpOf(home);
    expect(dump.tables).toBeGreaterThan(20);
    await home.sql((client) => client.query('checkpoint').catch(() => undefined));
    await program.stop();

    const outside = {
      'an acknowledgment': answers,
      'the metrics': figures,
      'a dump of the database': dump.text,
      'what the program said': program.said,
    };
    const { leaks, bytes } = await leaksBelow(home.directory, wanted);
    const others = Object.entries(outside).flatMap(([place, text]) => leaksIn(place, Buffer.from(text), wanted));
    expect([...others, ...leaks]).toEqual([]);
    expect(bytes, 'bytes of files looked through').toBeGreaterThan(16 * 1024 * 1024);
  }, 240_000);
});

/** Good and bad messages, in one character set and the other, and what is no message at all. Answers all acknowledgments. */
async function sendEverything(home: ProgramHome): Promise<string> {
  const peer = await Peer.connect(home.port('commit'));
  const patient = await Peer.connect(home.port('processed'));
  finallyDo(() => void peer.socket.destroy());
  finallyDo(() => void patient.socket.destroy());
  expect(await peer.ask(canaryMessage('GOOD-1'), 'GOOD-1')).toBe('AA');
  expect(
    await peer.ask(canaryMessage('GOOD-2', { charset: 'latin1', changes: { line1: CANARY.movedTo } }), 'GOOD-2'),
  ).toBe('AA');
  expect(await patient.ask(canaryMessage('GOOD-3'), 'GOOD-3')).toBe('AA');
  // Without identifier, with an impossible date, with bytes that are not of its character set: each an error of its own.
  expect(await patient.ask(canaryMessage('BAD-1', { changes: { recordNumber: '' } }), 'BAD-1')).toBe('AE');
  expect(await patient.ask(canaryMessage('BAD-2', { changes: { birthDate: '19319945' } }), 'BAD-2')).toBe('AE');
  expect(await peer.ask(canaryMessage('BAD-3', { changes: { family: '' } }), 'BAD-3')).toBe('AA');
  const wrongBytes = Buffer.from(canaryMessage('BAD-4').toString('utf8'), 'latin1');
  await peer.ask(wrongBytes, 'BAD-4');
  await peer.ask(canaryMessage('BAD-5').subarray(0, 330), 'BAD-5');
  // No header, so no control id to answer with.
  await peer.write(Buffer.concat([Buffer.of(0x0b), canaryMessage('X').subarray(3), Buffer.of(0x1c, 0x0d)]));
  // The same control id with other content, and twice the same.
  expect(await peer.ask(canaryMessage('GOOD-1', { changes: { city: CANARY.kinFamily } }), 'GOOD-1')).toBe('AA');
  expect(await peer.ask(canaryMessage('GOOD-1'), 'GOOD-1')).toBe('AA');
  // Text outside frames, and half a frame before the line breaks.
  await peer.write(Buffer.from(`${CANARY.family} ${CANARY.ssn}`));
  expect(await peer.ask(canaryMessage('GOOD-4'), 'GOOD-4')).toBe('AA');
  const broken = await Peer.connect(home.port('commit'));
  await broken.write(Buffer.concat([Buffer.of(0x0b), canaryMessage('CUT').subarray(0, 300)]));
  broken.socket.destroy();
  await askByHttp(home.port('commit'), `/patients?name=${CANARY.family}`);
  await processedAll(home);
  return [...peer.answers, ...patient.answers].join('\n');
}

interface Found {
  readonly items: readonly { readonly id: string; readonly control_id: string; readonly state: string }[];
}

/** Looks at everything as somebody who may, repairs and replays, and asks for what is not there. */
async function useEverything(home: ProgramHome, program: RunningProgram): Promise<void> {
  const post = <T>(path: string, body: unknown): Promise<T> => home.api<T>(program, 'POST', path, body);
  const get = <T>(path: string): Promise<T> => home.api<T>(program, 'GET', path);
  for (const text of [
    CANARY.family,
    `${CANARY.given} ${CANARY.family}`,
    CANARY.recordNumber,
    CANARY.homePhone,
    '1931-02-23',
    CANARY.family.slice(0, 4),
  ]) {
    const { items } = await post<Found>('/api/patients/search', { text });
    expect(items.length, `patients found by ${text}`).toBeGreaterThan(0);
    const messages = await post<Found>('/api/messages/search', { text });
    expect(messages.items.length, `messages found by ${text}`).toBeGreaterThan(0);
  }
  await post('/api/patients/search', { text: CANARY.family, sounds_like: true });
  const [patient] = (await post<Found>('/api/patients/search', { text: CANARY.recordNumber })).items;
  const view = await get<{ record: { last_name: string; ssn: string } }>(`/api/patients/${patient?.id}`);
  // It went through the whole program: otherwise nothing found outside would mean nothing.
  expect(view.record.last_name.toLowerCase()).toBe(CANARY.family.toLowerCase());
  expect(view.record.ssn).toContain('7126');
  await get(`/api/patients/${patient?.id}/history`);

  const failed = (await post<Found>('/api/messages/search', { state: ['failed'] })).items;
  expect(failed.length, 'failed messages').toBeGreaterThanOrEqual(4);
  for (const { id } of failed) await get(`/api/messages/${id}`);
  const repairable = failed.find((message) => message.control_id === 'BAD-2');
  const repaired = canaryMessage('BAD-2', { changes: { family: CANARY.repairedFamily, recordNumber: 'CNRY77120935' } });
  await post(`/api/messages/${repairable?.id}/replay`, {
    reason: 'The date was corrected.',
    repaired_base64: repaired.toString('base64'),
  });
  const groups = await get<{ items: readonly { fingerprint: string }[] }>('/api/errors');
  for (const { fingerprint } of groups.items) {
    await get(`/api/errors/${fingerprint}/messages`);
    await post(`/api/errors/${fingerprint}/replay`, { reason: 'Again.' });
  }
  await processedAll(home);
  const mended = await post<Found>('/api/patients/search', { text: CANARY.repairedFamily });
  expect(mended.items.length, 'patients of repaired messages').toBe(1);
  await get('/api/dashboard');

  const headers = { authorization: `Bearer ${await home.token()}`, 'content-type': 'application/json' };
  for (const path of [`/api/patients/${CANARY.family}`, `/api/patients/1?name=${CANARY.ssn}`, `/${CANARY.email}`]) {
    await fetch(`${program.url}${path}`, { headers });
  }
  for (const body of [`{"text": ["${CANARY.family}"]}`, `{"text": "${CANARY.family}`, `"${CANARY.ssn}"`]) {
    const answer = await fetch(`${program.url}/api/patients/search`, { method: 'POST', headers, body });
    expect([400, 422]).toContain(answer.status);
  }
}

/** All that a logical dump holds, and the statistics that the planner keeps of values. */
async function dumpOf(home: ProgramHome): Promise<{ readonly text: string; readonly tables: number }> {
  return home.sql(async (client) => {
    await client.query('analyze');
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const parts: string[] = [];
    for (const name of [
      ...tables.map((table) => table.name),
      'pg_stats',
      'pg_stat_activity',
      'pg_prepared_statements',
    ]) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from ${name} t`);
      parts.push(...rows.map(({ line }) => line));
      // Bytes, as a dump in another format has them.
      for (const { line } of rows) {
        for (const [, hex = ''] of line.matchAll(/\\x((?:[0-9a-f]{2}){6,})/g)) {
          parts.push(Buffer.from(hex, 'hex').toString('latin1'));
        }
      }
    }
    return { text: parts.join('\n'), tables: tables.length };
  });
}

/** Speaks HTTP to a port that expects HL7. */
function askByHttp(port: number, path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}
