import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { createIdGenerator, idTimeMs } from '../../domain/ids.ts';
import { createBlindIndexes } from '../../security/blind-index.ts';
import { ensurePartitions } from '../../store/partitions.ts';
import { connectPg } from '../../store/pg-database.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import { makeBed, type Bed } from '../../../test/engine/bed.ts';
import { until } from '../../../test/engine/until.ts';
import { Intake, type Arrival, type IntakeDeps } from './intake.ts';

let bed: Bed;
let intakes: Intake[];
let logged: string[];
beforeEach(async () => {
  bed = await makeBed();
  intakes = [];
  logged = [];
});
afterEach(async () => {
  for (const intake of intakes) {
    intake.abandon();
    await intake.stop();
  }
  await bed.close();
});

function open(changes: Partial<IntakeDeps> = {}): Intake {
  const indexes = createBlindIndexes(bed.keys.keyring);
  const note = (_fields: object, message: string): void => void logged.push(message);
  const intake = new Intake({
    node: 3,
    ids: createIdGenerator({ node: 3, now: Date.now }),
    sealer: bed.sealer,
    laneIndex: indexes.lane,
    controlIndex: indexes.control,
    fingerprintIndex: indexes.fingerprint,
    connect: () => connectPg(bed.test.connection, 'intake under test', 'hot'),
    log: { info: note, warn: note, error: note },
    onStored: () => undefined,
    onPressure: () => undefined,
    onAway: () => undefined,
    makeRoom: () => Promise.resolve(),
    ...changes,
  });
  intakes.push(intake);
  return intake;
}

type Told = { readonly stored: bigint } | { readonly refused: string };

function give(intake: Intake, text: string, values: Partial<Arrival> = {}): Promise<Told> {
  return new Promise((resolve) => {
    intake.accept({
      bytes: Buffer.from(text),
      systemId: bed.systemId,
      listenerId: 5n,
      type: 'ADT^A08',
      controlId: text,
      patientKey: '1|PRACTICE',
      peer: '127.0.0.1',
      ackCode: 'AA',
      awaitsOutcome: false,
      stored: (id) => resolve({ stored: id }),
      refused: (code) => resolve({ refused: code }),
      failed: () => undefined,
      ...values,
    });
  });
}

const contents = async (): Promise<string[]> => {
  const rows = await bed.rows<{ id: string; content: Buffer }>('select id, content from messages order by id');
  return rows.map(({ id, content }) => bed.sealer.open(SEALED_COLUMNS.messageContent, BigInt(id), content).toString());
};
const received = async (): Promise<unknown> =>
  (await bed.rows('select sum(received)::int as received from traffic'))[0]?.['received'];

/** A client whose statements are gone through one by one. */
function watched(client: pg.Client, on: (run: () => Promise<unknown>) => Promise<unknown>): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  client.query = ((...args: unknown[]) => on(() => query(...args))) as never;
  return client;
}

describe('group commit', () => {
  it('answers nobody before the commit, and stores what came meanwhile in one statement, in its order', async () => {
    let statements = 0;
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const intake = open({
      connect: async () =>
        watched(await connectPg(bed.test.connection, 'intake under test', 'hot'), async (run) => {
          statements++;
          if (statements === 1) await gate;
          return run();
        }),
    });
    let answered = 0;
    const first = give(intake, 'first').then(() => answered++);
    await until(() => statements === 1);
    const more = Array.from({ length: 50 }, (_, n) => give(intake, `m${n}`).then(() => answered++));
    expect(await contents()).toEqual([]);
    expect(answered).toBe(0);
    release();
    await Promise.all([first, ...more]);
    expect(statements).toBe(2);
    expect(await contents()).toEqual(['first', ...Array.from({ length: 50 }, (_, n) => `m${n}`)]);
    expect(await bed.rows('select 1 from queue')).toHaveLength(51);
    expect(await received()).toBe(51);
  });

  it('keeps what could not be stored, in its order, and tells when the database is away and back', async () => {
    const away: boolean[] = [];
    let fails = 2;
    const intake = open({
      onAway: (is) => away.push(is),
      connect: async () =>
        watched(await connectPg(bed.test.connection, 'intake under test', 'hot'), async (run) => {
          if (fails-- > 0) throw Object.assign(new Error('disk full'), { code: '53100' });
          return run();
        }),
    });
    const told = await Promise.all(Array.from({ length: 20 }, (_, n) => give(intake, `${n}`)));
    expect(told.every((each) => 'stored' in each)).toBe(true);
    expect(await contents()).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
    expect(away).toEqual([true, false]);
  });

  it('counts and stores once what was committed although the answer was lost', async () => {
    let losses = 1;
    const intake = open({
      connect: async () =>
        watched(await connectPg(bed.test.connection, 'intake under test', 'hot'), async (run) => {
          const result = await run();
          if (losses-- > 0) throw new Error('Connection terminated unexpectedly');
          return result;
        }),
    });
    await Promise.all([give(intake, 'a'), give(intake, 'b')]);
    expect(await contents()).toEqual(['a', 'b']);
    expect(await bed.rows('select 1 from queue')).toHaveLength(2);
    expect(await received()).toBe(2);
  });
});

describe('a message that the database refuses', () => {
  it('takes no other along', async () => {
    await bed.rows(`create function refuse_bad() returns trigger language plpgsql as $$ begin
      if new.control_id = 'bad' then raise exception using errcode = '22021', message = 'no'; end if; return new; end $$`);
    await bed.rows('create trigger refuse_bad before insert on messages for each row execute function refuse_bad()');
    const intake = open();
    const told = await Promise.all(['a', 'b', 'bad', 'c'].map((text) => give(intake, text)));
    expect(told.map((each) => ('refused' in each ? each.refused : 'stored'))).toEqual([
      'stored',
      'stored',
      '22021',
      'stored',
    ]);
    expect(await contents()).toEqual(['a', 'b', 'c']);
  });
});

describe('trouble that is not the message’s', () => {
  it('is waited for when the log-in is refused', async () => {
    let refusals = 3;
    const intake = open({
      connect: async () => {
        if (refusals-- > 0)
          return connectPg({ ...bed.test.connection, password: 'wrong', user: 'nobody' }, 'intake under test');
        return connectPg(bed.test.connection, 'intake under test', 'hot');
      },
    });
    expect(await give(intake, 'patience')).toHaveProperty('stored');
  });

  it('is mended when the partition of now is missing, as after the clock was set', async () => {
    const later = Date.now() + 400 * 86_400_000;
    const intake = open({
      ids: createIdGenerator({ node: 3, now: () => later }),
      makeRoom: () => ensurePartitions(bed.db, later),
    });
    const told = await give(intake, 'next year');
    expect(told).toHaveProperty('stored');
    if ('stored' in told) expect(idTimeMs(told.stored)).toBe(later);
  });
});

describe('two nodes that give ids by one number', () => {
  it('cost no message', async () => {
    const at = Date.now();
    const ids = (): IdClock => createIdGenerator({ node: 3, now: () => at });
    const [one, other] = [open({ ids: ids() }), open({ ids: ids() })];
    const first = await Promise.all([give(one, 'a'), give(one, 'b'), give(one, 'c')]);
    const second = await Promise.all([give(other, 'd'), give(other, 'e'), give(other, 'f')]);
    const all = [...first, ...second].map((told) => ('stored' in told ? told.stored : 0n));
    expect(new Set(all).size).toBe(6);
    expect((await contents()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await bed.rows('select 1 from queue')).toHaveLength(6);
    expect(logged.some((message) => message.includes('two nodes run under one number'))).toBe(true);
  });
});

type IdClock = ReturnType<typeof createIdGenerator>;

it('an acknowledgment that fails cuts its connection and is not tried by storing again', async () => {
  const intake = open();
  let cut = 0;
  const bad = new Promise<void>((resolve) => {
    void give(intake, 'x', {
      stored: () => {
        throw new Error('cannot be rendered');
      },
      failed: () => {
        cut++;
        resolve();
      },
    });
  });
  await Promise.all([bad, give(intake, 'y')]);
  expect(cut).toBe(1);
  expect(await contents()).toEqual(['x', 'y']);
});
