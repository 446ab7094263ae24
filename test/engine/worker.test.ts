import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { poison } from './poison.ts';
import { until } from './until.ts';
import { connectionLost, databaseError, makeWorkerBed, type WorkerBed } from './worker-bed.ts';

let bed: Bed;
let at: WorkerBed;
beforeEach(async () => {
  bed = await makeBed();
});
afterEach(async () => {
  await at.stop();
  await bed.close();
});

interface Ended {
  readonly control_id: string;
  readonly state: number;
  readonly code: string | null;
  readonly kind: number;
  readonly attempts: number;
}
/** All processings, in the order of their ids. */
const ended = (): Promise<Ended[]> =>
  bed.rows<Ended>(
    'select m.control_id, t.state, t.code, t.kind, t.attempts from transactions t join messages m on m.id = t.message_id order by t.id',
  );
const states = async (): Promise<[string, number][]> => (await ended()).map((row) => [row.control_id, row.state]);
const lastName = async (mrn: string): Promise<unknown> => (await bed.patients()).get(mrn)?.record.fields.last_name;
/** Control ids in the order in which they changed a patient. */
const applied = async (mrn: string): Promise<string[]> => {
  const id = (await bed.patients()).get(mrn)?.id;
  const rows = await bed.rows<{ control_id: string }>(
    'select m.control_id from patient_history h join messages m on m.id = h.message_id where h.patient_id = $1 order by h.version',
    [String(id)],
  );
  return rows.map((row) => row.control_id);
};
/** A message without a usable birth date does not get through the mapping … */
const failing = (controlId: string, mrn: string): Buffer =>
  adt({ controlId, mrn, identifiers: `${mrn}^^^PRACTICE^MR~${mrn}-other^^^PRACTICE^MR` });

describe('a batch', () => {
  it('isolates the message that the database refuses', async () => {
    await bed.saveSystem({ retry: { max_attempts: 1 } });
    await poison(bed);
    at = await makeWorkerBed(bed, { start: false });
    const messages = Array.from({ length: 100 }, (_, n) =>
      adt({ controlId: n === 37 ? 'POISON' : `good-${n}`, mrn: `${n + 1}` }),
    );
    await at.store(messages);
    at.worker.start();
    await at.settle();
    const rows = await ended();
    expect(rows).toHaveLength(100);
    expect(rows.filter(({ state }) => state !== 1)).toMatchObject([
      { control_id: 'POISON', state: 3, code: 'store.refused' },
    ]);
    expect((await bed.patients()).size).toBe(99);
    expect(await bed.rows('select code, state, cause from errors')).toEqual([
      { code: 'store.refused', state: 'open', cause: 11 },
    ]);
  });

  it('keeps the order of each patient over many batches', async () => {
    at = await makeWorkerBed(bed);
    const sent: string[] = [];
    for (let round = 0; round < 10; round++) {
      const messages = Array.from({ length: 60 }, (_, n) => {
        const controlId = `${round}-${n}`;
        if (n % 3 === 0) sent.push(controlId);
        return adt({ controlId, mrn: `${(n % 3) + 1}`, phone: `21755${String(50_000 + round * 60 + n)}` });
      });
      await at.store(messages);
    }
    await at.settle();
    expect(await applied('1')).toEqual(sent);
  });
});

describe('a message that the database refuses for a while', () => {
  it('is tried again with growing pauses, while later ones of its patient wait, and the order stays', async () => {
    await bed.saveSystem({ retry: { max_attempts: 5 } });
    // The whole batch, its half, and it alone are refused once each; then it waits.
    await poison(bed, { times: 3 });
    at = await makeWorkerBed(bed, { start: false });
    await at.store([
      adt({ controlId: 'before', mrn: '1', family: 'ASH' }),
      adt({ controlId: 'POISON', mrn: '1', family: 'BEECH' }),
      adt({ controlId: 'after', mrn: '1', family: 'CHERRY' }),
      adt({ controlId: 'other', mrn: '2', family: 'DATE' }),
    ]);
    at.worker.start();
    await until(async () => (await states()).some(([id]) => id === 'other'));
    await at.settle();
    expect(await applied('1')).toEqual(['before', 'POISON', 'after']);
    expect((await ended()).find(({ control_id }) => control_id === 'POISON')).toMatchObject({ state: 1, attempts: 2 });
    expect(await bed.rows('select 1 from lane_holds')).toEqual([]);
    expect(at.outcomes.map(({ state }) => state)).toContain('retrying');
  });

  it('goes to the error queue when its attempts are used up', async () => {
    await bed.saveSystem({ retry: { max_attempts: 3 }, holdSeconds: 0 });
    await poison(bed);
    at = await makeWorkerBed(bed);
    await at.store([adt({ controlId: 'POISON', mrn: '1' }), adt({ controlId: 'next', mrn: '1', family: 'ELDER' })]);
    await at.settle();
    expect(await ended()).toMatchObject([
      { control_id: 'POISON', state: 3, attempts: 3 },
      { control_id: 'next', state: 1 },
    ]);
    expect(await lastName('1')).toBe('ELDER');
  });

  it('goes there also when its time is over', async () => {
    await bed.saveSystem({ retry: { max_attempts: 1000, deadline_seconds: 0 }, holdSeconds: 0 });
    await poison(bed);
    at = await makeWorkerBed(bed);
    await at.store([adt({ controlId: 'POISON', mrn: '1' })]);
    await at.settle();
    expect(await ended()).toMatchObject([{ state: 3, attempts: 1 }]);
  });

  it('is tried again at once when it only met somebody else', async () => {
    await poison(bed, { times: 2, code: '40P01' });
    at = await makeWorkerBed(bed);
    await at.store([adt({ controlId: 'POISON', mrn: '1' })]);
    await at.settle();
    expect(await ended()).toMatchObject([{ state: 1, attempts: 1 }]);
  });

  it('does not stop the others when even its failure cannot be written', async () => {
    await bed.saveSystem({ retry: { max_attempts: 1 } });
    at = await makeWorkerBed(bed, { start: false });
    await bed.rows(`create function refuse_all() returns trigger language plpgsql as $$ begin
      if exists (select from messages m where m.id = new.message_id and m.control_id = 'worst') then
        raise exception using errcode = '22003', message = 'no';
      end if; return new; end $$`);
    await bed.rows(
      'create trigger all_refused before insert on transactions for each row execute function refuse_all()',
    );
    await at.store([adt({ controlId: 'worst', mrn: '1' }), adt({ controlId: 'fine', mrn: '2' })]);
    at.worker.start();
    await until(async () => (await states()).length === 1);
    await at.store([adt({ controlId: 'fine too', mrn: '3' })]);
    await until(async () => (await states()).length === 2);
    expect(await bed.rows('select waits_for from deferred')).toEqual([{ waits_for: 'retry' }]);
    expect(at.log.some(({ message }) => message.includes('could not be written; it is kept'))).toBe(true);
  });
});

describe('a lane behind a failed message', () => {
  beforeEach(async () => {
    await bed.saveSystem({ holdSeconds: 900 });
    at = await makeWorkerBed(bed);
    // Two known identifiers of different patients: nobody can tell who is meant.
    await at.store([adt({ controlId: 'one', mrn: '1' }), adt({ controlId: 'two', mrn: '1-other' })]);
    await at.settle();
  });

  const heldIds = async (): Promise<string[]> =>
    (
      await bed.rows<{ control_id: string }>(
        `select m.control_id from deferred d join messages m on m.id = d.message_id where d.waits_for = 'lane' order by m.id`,
      )
    ).map((row) => row.control_id);

  it('waits, also what comes later', async () => {
    await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await until(async () => (await heldIds()).length === 1);
    await at.store([adt({ controlId: 'latest', mrn: '1', family: 'GINKGO' })]);
    await until(async () => (await heldIds()).length === 2);
    expect(await heldIds()).toEqual(['later', 'latest']);
    expect(await lastName('1')).toBe('ALDER');
    expect(at.outcomes.filter(({ state }) => state === 'held')).toHaveLength(2);
  });

  it('goes on in its order when the failed one is discarded', async () => {
    const [bad] = await at.store([
      failing('bad', '1'),
      adt({ controlId: 'later', mrn: '1', family: 'FIG' }),
      adt({ controlId: 'latest', mrn: '1', family: 'GINKGO' }),
    ]);
    await until(async () => (await heldIds()).length === 2);
    expect(await at.discard([bad ?? 0n])).toBe(1);
    await at.settle();
    expect(await applied('1')).toEqual(['one', 'later', 'latest']);
    expect(await bed.rows('select state, closed_by, reason from errors')).toEqual([
      { state: 'discarded', closed_by: 'somebody', reason: 'a test' },
    ]);
    expect(await at.discard([bad ?? 0n])).toBe(0);
  });

  it('goes on in its order when the failed one is repaired and replayed', async () => {
    const [bad] = await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await until(async () => (await heldIds()).length === 1);
    const content = adt({ controlId: 'bad', mrn: '1', family: 'HOLLY' });
    const [transaction] = await at.replay({ messageIds: [bad ?? 0n], kind: 'repair', content });
    await at.settle();
    expect(await applied('1')).toEqual(['one', 'bad', 'later']);
    const rows = await bed.rows('select transaction_id, message_id, kind, requested_by, content from replays');
    expect(rows).toMatchObject([{ message_id: String(bad), kind: 2, requested_by: 'somebody' }]);
    const kept = bed.sealer.open(SEALED_COLUMNS.replayContent, transaction ?? 0n, rows[0]?.['content'] as Buffer);
    expect(kept.equals(content)).toBe(true);
    expect(await bed.rows('select state, reason from errors')).toEqual([{ state: 'resolved', reason: 'processed' }]);
    expect(
      (await ended()).filter(({ control_id }) => control_id === 'bad').map(({ kind, state }) => [kind, state]),
    ).toEqual([
      [0, 3],
      [2, 1],
    ]);
  });

  it('stays when the replay fails again, and the newer error stands for the older', async () => {
    const [bad] = await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await until(async () => (await heldIds()).length === 1);
    await at.replay({ messageIds: [bad ?? 0n] });
    await until(async () => (await ended()).filter(({ control_id }) => control_id === 'bad').length === 2);
    expect(await bed.rows('select state, reason from errors order by transaction_id')).toEqual([
      { state: 'resolved', reason: 'replaced' },
      { state: 'open', reason: null },
    ]);
    await at.settle({ deferredToo: false });
    expect(await heldIds()).toEqual(['later']);
    expect(await bed.rows('select 1 from lane_holds')).toHaveLength(1);
  });

  it('goes on when the time is over', async () => {
    await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await until(async () => (await heldIds()).length === 1);
    await bed.rows(`update lane_holds set until = now() - interval '1 second'`);
    await at.settle();
    expect(await applied('1')).toEqual(['one', 'later']);
    expect(await bed.rows('select state from errors')).toEqual([{ state: 'open' }]);
  });

  it('with two failed messages goes on only as far as the second when the first is discarded', async () => {
    const [first, second] = await at.store([failing('first', '1'), failing('second', '1')]);
    await until(async () => (await heldIds()).length === 1);
    await bed.rows(`update lane_holds set until = now() - interval '1 second'`);
    await at.settle();
    expect((await states()).slice(2)).toEqual([
      ['first', 3],
      ['second', 3],
    ]);
    // The first is tried once more and fails: both hold the lane now.
    await at.replay({ messageIds: [first ?? 0n] });
    await until(async () => (await bed.rows('select 1 from lane_holds')).length === 2);
    await at.store([adt({ controlId: 'later', mrn: '1', family: 'IVY' })]);
    await until(async () => (await heldIds()).length === 1);
    await at.discard([first ?? 0n]);
    await at.store([adt({ controlId: 'other patient', mrn: '9' })]);
    await until(async () => (await states()).some(([id]) => id === 'other patient'));
    expect(await heldIds()).toEqual(['later']);
    await at.discard([second ?? 0n]);
    await at.settle();
    expect(await lastName('1')).toBe('IVY');
  });

  it('goes on when the failed one is repaired into a message about somebody else', async () => {
    const [bad] = await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await until(async () => (await heldIds()).length === 1);
    await at.replay({ messageIds: [bad ?? 0n], kind: 'repair', content: adt({ controlId: 'bad', mrn: '5' }) });
    await at.settle();
    expect(await lastName('1')).toBe('FIG');
    expect(await lastName('5')).toBe('ALDER');
  });

  it('does not wait where the system says so', async () => {
    await bed.saveSystem({ holdSeconds: 0 });
    await at.stop();
    at = await makeWorkerBed(bed);
    await at.store([failing('bad', '1'), adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    await at.settle();
    expect((await states()).slice(2)).toEqual([
      ['bad', 3],
      ['later', 1],
    ]);
  });
});

describe('a release between the claim of a message and its being put aside', () => {
  it('does not leave it waiting behind nothing', async () => {
    let gate: Promise<void> | undefined;
    let waiting = false;
    await bed.saveSystem({ holdSeconds: 900 });
    at = await makeWorkerBed(bed, {
      async fault(text) {
        if (gate !== undefined && text.includes('insert into transactions')) {
          waiting = true;
          await gate;
        }
        return undefined;
      },
    });
    await at.store([adt({ controlId: 'one', mrn: '1' }), adt({ controlId: 'two', mrn: '1-other' })]);
    const [bad] = await at.store([failing('bad', '1')]);
    await at.settle();
    let open = (): void => {};
    gate = new Promise((resolve) => (open = resolve));
    await at.store([adt({ controlId: 'later', mrn: '1', family: 'FIG' })], { awaitsOutcome: true });
    await until(() => waiting);
    // The claim saw the hold; it goes before the message is put aside.
    await at.discard([bad ?? 0n]);
    gate = undefined;
    open();
    await at.settle();
    expect(await lastName('1')).toBe('FIG');
    const told = at.outcomes.filter(({ replyNode }) => replyNode !== null);
    expect(told.map(({ state }) => state)).toEqual(['delivered']);
  });
});

describe('a replay of the message that holds its lane', () => {
  it('is not held back by what was put aside behind it a moment before', async () => {
    let gate: Promise<void> | undefined;
    await bed.saveSystem({ holdSeconds: 900 });
    at = await makeWorkerBed(bed, {
      async fault(text) {
        if (text.includes('insert into transactions')) await gate;
        return undefined;
      },
    });
    await at.store([adt({ controlId: 'one', mrn: '1' }), adt({ controlId: 'two', mrn: '1-other' })]);
    const [bad] = await at.store([failing('bad', '1')]);
    await at.settle();
    let open = (): void => {};
    gate = new Promise((resolve) => (open = resolve));
    await at.store([adt({ controlId: 'later', mrn: '1', family: 'FIG' })]);
    // While the later one is being put aside, the replay is claimed in the next batch.
    await at.replay({
      messageIds: [bad ?? 0n],
      kind: 'repair',
      content: adt({ controlId: 'bad', mrn: '1', family: 'HOLLY' }),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    gate = undefined;
    open();
    await at.settle();
    expect(await applied('1')).toEqual(['one', 'bad', 'later']);
  });
});

describe('what is written twice', () => {
  it('is not: a commit whose answer was lost is not repeated', async () => {
    let losses = 3;
    at = await makeWorkerBed(bed, {
      fault: (text) =>
        text.includes('insert into transactions') && losses-- > 0
          ? { when: 'after', error: connectionLost() }
          : undefined,
    });
    await at.store(
      Array.from({ length: 40 }, (_, n) =>
        adt({ controlId: `${n}`, mrn: `${(n % 4) + 1}`, phone: `21755${50_000 + n}` }),
      ),
    );
    await at.settle();
    expect(await states()).toHaveLength(40);
    expect(await bed.rows('select sum(delivered)::int as delivered from traffic')).toEqual([{ delivered: 40 }]);
    expect([...(await bed.patients()).values()].map(({ version }) => version)).toEqual([10, 10, 10, 10]);
    const { verifyAudit } = await import('../../src/security/verify-audit.ts');
    const { auditKeys } = await import('../../src/security/audit-entry.ts');
    expect(await verifyAudit(bed.db, auditKeys(bed.keys.keyring))).toMatchObject({ intact: true });
  });

  it('is not: a message that another worker ended meanwhile is left to it', async () => {
    let gate: Promise<void> | undefined;
    let open = (): void => {};
    gate = new Promise((resolve) => (open = resolve));
    let waiting = false;
    at = await makeWorkerBed(bed, {
      async fault(text) {
        if (text.includes('insert into transactions') && gate !== undefined) {
          waiting = true;
          await gate;
        }
        return undefined;
      },
    });
    await at.store([adt({ controlId: 'both', mrn: '1' }), adt({ controlId: 'mine', mrn: '2' })]);
    await until(() => waiting);
    const other = await makeWorkerBed(bed, { node: 8 });
    await until(async () => (await states()).length === 2);
    await other.stop();
    await at.store([adt({ controlId: 'new', mrn: '3' })]);
    gate = undefined;
    open();
    await at.settle();
    expect(await states()).toHaveLength(3);
    expect(await bed.rows('select 1 from errors')).toEqual([]);
    expect([...(await bed.patients()).values()].map(({ version }) => version)).toEqual([1, 1, 1]);
  });
});

describe('a node that was fenced off', () => {
  it('writes nothing until it has its new epoch', async () => {
    at = await makeWorkerBed(bed);
    await at.store([adt({ controlId: 'first', mrn: '1' })]);
    await at.settle();
    await bed.rows('update nodes set epoch = 2 where node = 7');
    await at.store([adt({ controlId: 'second', mrn: '2' })]);
    await until(() => at.log.some(({ fields }) => fields['code'] === 'PSE01'));
    expect(await states()).toEqual([['first', 1]]);
    expect(await bed.rows('select 1 from queue')).toHaveLength(1);
    at.identity.epoch = 2;
    await at.settle();
    expect(await states()).toEqual([
      ['first', 1],
      ['second', 1],
    ]);
  });
});

describe('a database in trouble', () => {
  it('is tried again until it works, and nothing is lost', async () => {
    let tries = 0;
    const failures = 6;
    at = await makeWorkerBed(bed, {
      fault: (text) =>
        text.includes('insert into transactions') && tries++ < failures
          ? { when: 'before', error: databaseError('53100') }
          : undefined,
    });
    await at.store([adt({ controlId: 'patience', mrn: '1' })]);
    await at.settle();
    expect(await states()).toEqual([['patience', 1]]);
    // Each interruption is told once.
    expect(at.log.filter(({ level }) => level === 'warn')).toHaveLength(failures);
  });
});

describe('a patient whose record cannot be read', () => {
  it('fails the messages about him and no other', async () => {
    await bed.saveSystem({ retry: { max_attempts: 2 }, holdSeconds: 0 });
    at = await makeWorkerBed(bed);
    await at.store([adt({ controlId: 'one', mrn: '1' }), adt({ controlId: 'two', mrn: '2' })]);
    await at.settle();
    const broken = (await bed.patients()).get('1')?.id;
    await bed.rows(`update patients set record = set_byte(record, 40, get_byte(record, 40) # 1) where id = $1`, [
      String(broken),
    ]);
    await at.store([
      adt({ controlId: 'three', mrn: '1', family: 'JASMINE' }),
      adt({ controlId: 'four', mrn: '2', family: 'KATSURA' }),
    ]);
    await at.settle();
    const rows = await bed.rows(
      'select m.control_id, t.state, t.code from transactions t join messages m on m.id = t.message_id where t.state = 3',
    );
    expect(rows).toEqual([{ control_id: 'three', state: 3, code: 'sealed_tampered' }]);
    const [second] = await bed.rows<{ version: number }>('select version from patients where id <> $1', [
      String(broken),
    ]);
    expect(second?.version).toBe(2);
  });
});

describe('very many failing messages', () => {
  it('go to the error queue in few statements', async () => {
    await bed.saveSystem({ holdSeconds: 60 });
    let statements = 0;
    at = await makeWorkerBed(bed, {
      start: false,
      fault() {
        statements++;
        return undefined;
      },
    });
    await at.store(
      Array.from({ length: 1000 }, (_, n) => adt({ controlId: `${n}`, identifiers: '', more: [`ZZZ|${n}`] })),
    );
    at.worker.start();
    await at.settle();
    expect(await bed.rows(`select count(*)::int as count from errors where state = 'open'`)).toEqual([{ count: 1000 }]);
    expect(statements).toBeLessThan(100);
  });
});
