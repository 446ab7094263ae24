import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditKeys } from '../../src/security/audit-entry.ts';
import { verifyAudit } from '../../src/security/verify-audit.ts';
import { makeBed, type Bed, type SystemPlan } from './bed.ts';
import { hl7Message, labReport, type MessageOptions } from './hl7-message.ts';
import { poison } from './poison.ts';
import { until } from './until.ts';
import { makeWorkerBed, type WorkerBed } from './worker-bed.ts';

let bed: Bed;
let at: WorkerBed;

beforeEach(async () => {
  bed = await makeBed();
  at = await makeWorkerBed(bed);
});

afterEach(async () => {
  await at.stop();
  await bed.close();
});

/** Works on with other settings of the system. */
async function withSystem(plan: SystemPlan): Promise<void> {
  await at.stop();
  await bed.saveSystem(plan);
  at = await makeWorkerBed(bed);
}

let control = 0;
const message = (options: Partial<MessageOptions>): Buffer =>
  hl7Message({ type: 'ADT^A08', controlId: `m${control++}`, ...options });
const merge = (stays: string, goes: string, options: Partial<MessageOptions> = {}): Buffer =>
  message({ type: 'ADT^A40', mrn: stays, sent: '20260421120000', more: [`MRG|${goes}^^^PRACTICE^MR`], ...options });

async function send(...messages: readonly Buffer[]): Promise<bigint[]> {
  const ids = await at.store(messages);
  await at.settle();
  return ids;
}

async function ending(messageId: bigint | undefined): Promise<unknown> {
  const [row] = await bed.rows(
    'select state, code, place from transactions where message_id = $1 order by id desc limit 1',
    [messageId],
  );
  return row;
}

async function patientOf(mrn: string): Promise<bigint | undefined> {
  return (await bed.patients()).get(mrn)?.id;
}

describe('a merge', () => {
  it('leads numbers and records of the old patient to the one who stays, and keeps what it moved', async () => {
    await send(message({ mrn: '1', family: 'ASH' }), message({ mrn: '2', family: 'ASHE' }));
    await send(message({ type: 'ORU^R01', mrn: '2', family: 'ASHE', more: labReport('1', '90') }));
    const [stays, goes] = [await patientOf('1'), await patientOf('2')];
    await send(merge('1', '2', { family: 'ASH' }));
    await send(message({ mrn: '2', family: 'ASH', phone: '2175550199', sent: '20260421130000' }));
    const patients = [...(await bed.patients()).values()];
    expect(patients).toHaveLength(2);
    const survivor = patients.find(({ id }) => id === stays);
    expect(survivor?.record.fields.phone_home).toContain('0199');
    expect(survivor?.record.lists.identifiers?.map(({ value }) => value)).toEqual(['1', '2']);
    expect(survivor?.record.merged).toEqual([String(goes)]);
    expect(await bed.rows('select id, merged_into from patients order by id')).toEqual([
      { id: String(stays), merged_into: null },
      { id: String(goes), merged_into: String(stays) },
    ]);
    expect(await bed.rows('select distinct patient_id from clinical_resources')).toEqual([
      { patient_id: String(stays) },
    ]);
    const [kept] = await bed.rows<{ identifiers: string[]; records: { clinical: string[] } }>(
      'select identifiers, records from patient_merges',
    );
    expect(kept?.identifiers).toHaveLength(1);
    expect(kept?.records.clinical.length).toBeGreaterThan(1);
    expect(await verifyAudit(bed.db, auditKeys(bed.keys.keyring))).toMatchObject({ intact: true });
  });

  it('lets a correction find the result that came before under the old number', async () => {
    await send(message({ mrn: '1' }), message({ mrn: '2' }));
    const allergy = ['AL1|1|DA|70618^Penicillin^RXN|MO|Rash'];
    await send(
      message({ mrn: '2', more: allergy }),
      message({ type: 'ORU^R01', mrn: '2', more: labReport('1', '90') }),
    );
    await send(merge('1', '2'));
    await send(
      message({
        ...{ type: 'ORU^R01', mrn: '1', sent: '20260421130000' },
        more: labReport('1', '91', { status: 'C', issued: '20260421125000' }),
      }),
      message({ mrn: '1', sent: '20260421130000', more: ['AL1|1|DA|70618^Penicillin^RXN|SV|Hives'] }),
    );
    const rows = await bed.rows(
      `select type, version from clinical_resources where type in ('Observation', 'AllergyIntolerance') order by type`,
    );
    expect(rows).toEqual([
      { type: 'AllergyIntolerance', version: 2 },
      { type: 'Observation', version: 2 },
    ]);
  });

  it('in one batch with messages of both goes in the order received', async () => {
    await send(
      message({ mrn: '1', sent: '20260421090000' }),
      message({ mrn: '2', sent: '20260421090001' }),
      merge('1', '2'),
      message({ mrn: '2', family: 'ELM', sent: '20260421130000' }),
      message({ mrn: '1', phone: '2175550177', family: 'ELM', sent: '20260421130001' }),
    );
    const id = await patientOf('1');
    const survivor = [...(await bed.patients()).values()].find((patient) => patient.id === id);
    expect(survivor?.record.fields.last_name).toBe('ELM');
    expect(survivor?.record.fields.phone_home).toContain('0177');
    expect(await bed.rows('select count(*)::int as merges from patient_merges')).toEqual([{ merges: 1 }]);
  });

  it('takes the number over when there is no record of the old patient, and makes the one who stays when he is new', async () => {
    await send(message({ mrn: '1' }));
    await send(merge('1', '2'));
    await send(message({ mrn: '2', phone: '2175550188', sent: '20260421130000' }));
    expect((await bed.patients()).size).toBe(1);
    await send(message({ mrn: '4', family: 'FIR' }));
    const old = await patientOf('4');
    await send(merge('3', '4', { family: 'FIR' }));
    const [row] = await bed.rows<{ merged_into: string }>('select merged_into from patients where id = $1', [old]);
    expect(row?.merged_into).toBe(String(await patientOf('3')));
  });

  it('that was carried out already changes nothing more', async () => {
    await send(message({ mrn: '1' }), message({ mrn: '2' }));
    const ids = await send(merge('1', '2'), merge('1', '2'));
    for (const id of ids) expect(await ending(id)).toMatchObject({ state: 1 });
    expect(await bed.rows('select count(*)::int as merges from patient_merges')).toEqual([{ merges: 1 }]);
  });

  it('that is not certain goes to the error queue', async () => {
    await withSystem({ holdSeconds: 0 });
    await send(message({ mrn: '1' }), message({ mrn: '2' }), message({ mrn: '3' }));
    const [unknown, same, nobody, ambiguous, several] = await send(
      merge('7', '8'),
      merge('1', '1'),
      message({ type: 'ADT^A40', mrn: '1', more: ['MRG|'] }),
      message({ type: 'ADT^A40', mrn: '1', more: ['MRG|2^^^PRACTICE^MR~3^^^PRACTICE^MR'] }),
      message({
        type: 'ADT^A40',
        mrn: '1',
        more: ['MRG|2^^^PRACTICE^MR', 'PID|2||3^^^PRACTICE^MR', 'MRG|4^^^PRACTICE^MR'],
      }),
    );
    expect(await ending(unknown)).toMatchObject({ state: 3, code: 'merge.patients-unknown' });
    expect(await ending(same)).toMatchObject({ state: 3, code: 'merge.same-identifier' });
    expect(await ending(nobody)).toMatchObject({ state: 3, code: 'merge.no-identifier' });
    expect(await ending(ambiguous)).toMatchObject({ state: 3, code: 'merge.ambiguous', place: 'MRG-1' });
    expect(await ending(several)).toMatchObject({ state: 3, code: 'merge.several' });
    expect(await bed.rows('select count(*)::int as merges from patient_merges')).toEqual([{ merges: 0 }]);
  });

  it('waits for what came before it about the old patient, and holds back what came after', async () => {
    await poison(bed, { times: 4 });
    await withSystem({ retry: { first_delay_seconds: 0.3, max_delay_seconds: 0.5, max_attempts: 20 } });
    await send(message({ mrn: '1' }), message({ mrn: '2' }));
    const [before, merging, after] = await at.store([
      message({ controlId: 'POISON-1', mrn: '2', family: 'ELM', sent: '20260421110000' }),
      merge('1', '2'),
      message({ mrn: '2', family: 'YEW', sent: '20260421130000' }),
    ]);
    await until(async () => (await bed.rows('select 1 from deferred where message_id = $1', [merging])).length > 0);
    await at.settle();
    const order = await bed.rows<{ message_id: string }>(
      'select message_id from transactions where message_id = any($1::bigint[]) order by finished_at, id',
      [[before, merging, after]],
    );
    expect(order.map(({ message_id: id }) => BigInt(id))).toEqual([before, merging, after]);
    const id = await patientOf('1');
    const survivor = [...(await bed.patients()).values()].find((patient) => patient.id === id);
    expect(survivor?.record.fields.last_name).toBe('YEW');
  });
});

describe('a merge on one node', () => {
  it('sends back what another node has read of the old patient before', async () => {
    await send(message({ mrn: '1' }), message({ mrn: '2' }));
    const goes = await patientOf('2');
    let held = true;
    const other = await makeWorkerBed(bed, {
      node: 8,
      start: false,
      fault: async (text) => {
        // It stands between reading the patient and writing.
        if (text.includes('insert into transactions')) await until(() => !held);
        return undefined;
      },
    });
    try {
      await at.worker.assign([]);
      const [result] = await other.store([message({ type: 'ORU^R01', mrn: '2', more: labReport('9', '90') })]);
      other.worker.start();
      await new Promise((resolve) => setTimeout(resolve, 300));
      // The first worker carries the merge out alone, as if its lane lay on its own node.
      const [shard] = await bed.rows<{ shard: number }>('select shard from queue where message_id = $1', [result]);
      await at.worker.assign(Array.from({ length: 64 }, (_, each) => each).filter((each) => each !== shard?.shard));
      await at.store([merge('1', '2')]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      held = false;
      await at.settle();
      const [kept] = await bed.rows<{ patient_id: string }>('select distinct patient_id from clinical_resources');
      expect(kept?.patient_id).toBe(String(await patientOf('1')));
      expect(kept?.patient_id).not.toBe(String(goes));
    } finally {
      held = false;
      await other.stop();
    }
  });
});
