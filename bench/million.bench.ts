// With a million messages stored, and with 200,000 waiting: the end-to-end rate against that of an empty program in the
// same run, and the tracer's search by identifier and by name.
import pg from 'pg';
import { idAtMs } from '../src/domain/ids.ts';
import { openDatabase } from '../src/store/open-database.ts';
import { ensurePartitions } from '../src/store/partitions.ts';
import { openPgDatabase } from '../src/store/pg-database.ts';
import { load } from './lib/load.ts';
import { prepareData, removeData, startProgram, type BenchProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const sample = option('sample', 20_000);
const copies = option('copies', 50);
const waiting = option('waiting', 200_000);
const quiet = { info() {}, warn() {}, error() {} };

async function rate(program: BenchProgram): Promise<number> {
  const before = await program.metric('practice_studio_messages_received_total');
  const begun = performance.now();
  await load({ port: program.hl7Port, conns: 16, warmup: 0.1, messages: sample });
  await program.drained();
  const received = (await program.metric('practice_studio_messages_received_total')) - before;
  return (received / (performance.now() - begun)) * 1000;
}

/** Copies messages and transactions of the sample to earlier times, a minute apart. */
async function multiply(dataDirectory: string): Promise<number> {
  const opened = await openDatabase({ dataDirectory, log: quiet });
  const database = openPgDatabase(opened.connection, { max: 1, applicationName: 'bench' });
  try {
    await ensurePartitions(database, Date.now(), Date.now() - copies * 60_000 - 3_600_000);
    for (let copy = 1; copy <= copies; copy++) {
      const shift = String(idAtMs(Date.UTC(2024, 0, 1) + copy * 60_000));
      await database.query(
        `insert into messages select id - $1::bigint, system_id, listener_id, lane, control_key + $2::int, content_hash, type, control_id, peer, size, ack_code, content
         from messages where id > $3::bigint`,
        [shift, copy, String(idAtMs(Date.now() - 55_000))],
      );
      await database.query(
        `insert into transactions select id - $1::bigint, message_id - $1::bigint, system_id, kind, state, cause, code, place, patient_id, mapping_id, duplicate_of, attempts, flags, node, finished_at, took_us, trace
         from transactions where id > $2::bigint`,
        [shift, String(idAtMs(Date.now() - 55_000))],
      );
    }
    await database.query('vacuum analyze');
    const { rows } = await database.query<{ count: string }>('select count(*) from messages');
    return Number(rows[0]?.count);
  } finally {
    await database.close();
    await opened.stop();
  }
}

/**
 * How fast a queue of so many messages is worked off: the worker's writes are held back by a lock while they come in, and
 * timed from the moment that it is let go.
 */
async function workedOff(program: BenchProgram, messages: number): Promise<number> {
  const opened = await openDatabase({ dataDirectory: program.dataDirectory, log: quiet, share: true });
  const client = new pg.Client(opened.connection);
  await client.connect();
  try {
    await client.query('begin');
    await client.query('lock table transactions in share mode');
    await load({ port: program.hl7Port, conns: 16, warmup: 0, messages });
    const { rows } = await client.query<{ count: string }>('select count(*) from queue');
    const waiting = Number(rows[0]?.count);
    const begun = performance.now();
    await client.query('commit');
    await program.drained();
    return (waiting / (performance.now() - begun)) * 1000;
  } finally {
    await client.end();
    await opened.stop();
  }
}

async function search(program: BenchProgram, text: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    const begun = performance.now();
    const page = (await program.api('/api/messages/search', { text, limit: 100 })) as { items: unknown[] };
    times.push(performance.now() - begun);
    if (page.items.length === 0) throw new Error('The search found nothing.');
  }
  return times.sort((a, b) => a - b)[4] ?? 0;
}

const data = await prepareData();
let program = await startProgram(data);
try {
  await rate(program); // warms up
  const empty = await rate(program);
  await program.stop();
  const stored = await multiply(data.dataDirectory);
  program = await startProgram(data);
  const full = await rate(program);
  const byIdentifier = await search(program, '100123');
  const byName = await search(program, 'test12 pat12');
  await workedOff(program, 50_000); // every patient is there, so that the two below do the same work
  const short = await workedOff(program, sample);
  const long = await workedOff(program, waiting);
  report('million', [
    { what: 'messages stored', value: stored, unit: '' },
    { what: 'end to end, few stored', value: empty, unit: 'msg/s' },
    { what: 'end to end, a million stored', value: full, unit: 'msg/s' },
    { what: 'ratio', value: (100 * full) / empty, unit: '%', must: '80', aim: '95' },
    { what: 'tracer search by identifier', value: byIdentifier, unit: 'ms', must: '200', aim: '50' },
    { what: 'tracer search by name', value: byName, unit: 'ms', must: '200', aim: '50' },
    { what: 'worked off, few waiting', value: short, unit: 'msg/s' },
    { what: 'worked off, 200,000 waiting', value: long, unit: 'msg/s' },
    { what: 'ratio', value: (100 * long) / short, unit: '%', must: '80', aim: '95' },
  ]);
} finally {
  await program.stop();
  await removeData(data.dataDirectory);
}
