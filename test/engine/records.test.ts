import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredTrace } from '../../src/domain/stored-trace.ts';
import { TRANSACTION_FLAGS } from '../../src/domain/stored-trace.ts';
import { decodeResource } from '../../src/records/clinical/stored-resource.ts';
import { auditKeys } from '../../src/security/audit-entry.ts';
import { verifyAudit } from '../../src/security/verify-audit.ts';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.ts';
import { makeBed, type Bed } from './bed.ts';
import { hl7Message, labReport, type MessageOptions } from './hl7-message.ts';
import { poison } from './poison.ts';
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

let control = 0;
async function send(...messages: readonly Omit<MessageOptions, 'controlId'>[]): Promise<bigint[]> {
  const ids = await at.store(messages.map((message) => hl7Message({ controlId: `c${control++}`, ...message })));
  await at.settle();
  return ids;
}

interface Resource {
  readonly id: string;
  readonly type: string;
  readonly patient: string;
  readonly version: number;
  readonly status: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function resources(type?: string): Promise<Resource[]> {
  const rows = await bed.rows<{
    id: string;
    type: string;
    patient_id: string;
    version: number;
    status: string;
    resource: Buffer;
  }>('select id, type, patient_id, version, status, resource from clinical_resources order by id');
  return rows
    .map((row) => {
      const text = bed.sealer.open(SEALED_COLUMNS.clinicalResource, BigInt(row.id), row.resource).toString('utf8');
      const { body } = decodeResource(text, row.status);
      return { id: row.id, type: row.type, patient: row.patient_id, version: row.version, status: row.status, body };
    })
    .filter((row) => type === undefined || row.type === type);
}

async function transaction(
  messageId: bigint,
): Promise<{ state: number; code: string | null; flags: number; trace: StoredTrace }> {
  const [row] = await bed.rows<{ id: string; state: number; code: string | null; flags: number; trace: Buffer }>(
    'select id, state, code, flags, trace from transactions where message_id = $1 order by id desc limit 1',
    [messageId],
  );
  if (row === undefined) throw new Error('It has not ended.');
  const trace = JSON.parse(
    bed.sealer.open(SEALED_COLUMNS.transactionTrace, BigInt(row.id), row.trace).toString('utf8'),
  ) as StoredTrace;
  return { ...row, trace };
}

const value = ({ body }: Resource): unknown => (body['valueQuantity'] as { value?: number } | undefined)?.value;

describe('a result', () => {
  it('makes a patient who is not known, and changes none who is', async () => {
    await send({ type: 'ORU^R01', more: labReport('1', '90') });
    await send({ type: 'ADT^A08', family: 'BIRCH', sent: '20260421093001' });
    await send({ type: 'ORU^R01', family: 'OAK', sent: '20260421093002', more: labReport('2', '91') });
    const [patient] = (await bed.patients()).values();
    expect(patient?.record.fields.last_name).toBe('BIRCH');
    expect((await bed.patients()).size).toBe(1);
    expect((await resources('Observation')).map(value)).toEqual([90, 91]);
  });

  it('is kept with its report, which refers to it and to the patient', async () => {
    const [id] = await send({ type: 'ORU^R01', more: labReport('1', '90') });
    const [report] = await resources('DiagnosticReport');
    const [observation] = await resources('Observation');
    const [patient] = (await bed.patients()).values();
    expect(report?.body['result']).toEqual([{ reference: `Observation/${observation?.id}` }]);
    expect(observation?.body['subject']).toMatchObject({ reference: `Patient/${patient?.id}` });
    const { trace } = await transaction(id ?? 0n);
    expect(trace.steps.find(({ s }) => s === 'record')?.d).toMatchObject({
      records: expect.arrayContaining([expect.objectContaining({ type: 'Observation', change: 'created' })]) as unknown,
    });
  });

  it('that is corrected is replaced, and the one before is in the history', async () => {
    await send({ type: 'ORU^R01', more: labReport('1', '90') });
    await send({
      type: 'ORU^R01',
      sent: '20260421094000',
      more: labReport('1', '190', { status: 'C', issued: '20260421093500' }),
    });
    const [observation, ...others] = await resources('Observation');
    expect(others).toEqual([]);
    expect(observation).toMatchObject({ version: 2, status: 'corrected' });
    expect(observation === undefined ? undefined : value(observation)).toBe(190);
    const history = await bed.rows<{ id: string; version: number; status: string; resource: Buffer }>(
      'select id, version, status, resource from clinical_history where resource_id = $1',
      [observation?.id],
    );
    expect(history).toMatchObject([{ version: 1, status: 'final' }]);
    const [old] = history;
    const text = bed.sealer.open(
      SEALED_COLUMNS.clinicalHistory,
      BigInt(old?.id ?? 0),
      old?.resource ?? Buffer.alloc(0),
    );
    expect(text.toString('utf8')).toContain('90');
  });

  it('that comes after its own correction is flagged and not applied', async () => {
    const correction = labReport('1', '190', { status: 'C', issued: '20260421093500' });
    await send({ type: 'ORU^R01', sent: '20260421094000', more: correction });
    const [late] = await send({ type: 'ORU^R01', sent: '20260421093000', more: labReport('1', '90') });
    expect((await resources('Observation')).map(value)).toEqual([190]);
    const { flags, state } = await transaction(late ?? 0n);
    expect(state).toBe(1);
    expect(flags & TRANSACTION_FLAGS.outOfOrder).toBe(TRANSACTION_FLAGS.outOfOrder);
  });

  it('that is withdrawn keeps what it said, and is marked', async () => {
    await send({ type: 'ORU^R01', more: labReport('1', '90') });
    await send({
      type: 'ORU^R01',
      sent: '20260421094000',
      more: labReport('1', '', { status: 'W', issued: '20260421093500' }),
    });
    const [observation] = await resources('Observation');
    expect(observation?.status).toBe('entered-in-error');
    expect(observation === undefined ? undefined : value(observation)).toBe(90);
  });

  it('that says the same again makes no new version', async () => {
    await send({ type: 'ORU^R01', more: labReport('1', '90') });
    await send({ type: 'ORU^R01', sent: '20260421094000', more: labReport('1', '90') });
    expect((await resources()).map(({ version }) => version).filter((version) => version !== 1)).toEqual([]);
  });

  it('under a number that is known as of another patient goes to the error queue', async () => {
    await send({ type: 'ORU^R01', more: labReport('1', '90') });
    const [other] = await send({ type: 'ORU^R01', mrn: '2002', family: 'OAK', more: labReport('1', '90') });
    expect(await transaction(other ?? 0n)).toMatchObject({ state: 3, code: 'record.other-patient' });
  });

  it('is not kept from being filed by what is wrong with the demographics of a known patient', async () => {
    await send({ type: 'ADT^A04' });
    const message = hl7Message({ type: 'ORU^R01', controlId: 'bad', more: labReport('1', '90') });
    const [known] = await at.store([Buffer.from(message.toString('latin1').replace('ALDER^ANNA', ''), 'latin1')]);
    await at.settle();
    expect(await transaction(known ?? 0n)).toMatchObject({ state: 1 });
    const unknown = message
      .toString('latin1')
      .replace('ALDER^ANNA', '')
      .replace('|1001^', '|9009^')
      .replace('bad', 'b2');
    const [id] = await at.store([Buffer.from(unknown, 'latin1')]);
    await at.settle();
    expect(await transaction(id ?? 0n)).toMatchObject({ state: 3, code: 'mapping.required-missing' });
  });
});

describe('a batch with records', () => {
  it('sees in the second message what the first one made, and isolates a poisonous one', async () => {
    await poison(bed);
    const messages = Array.from({ length: 60 }, (_, index) =>
      hl7Message({
        type: 'ORU^R01',
        controlId: index === 31 ? 'POISON' : `b${index}`,
        mrn: String(11 + (index % 3)),
        sent: `202604211${String(Math.floor(index / 60))}${String(index).padStart(2, '0')}00`,
        more: labReport(`${index % 3}`, String(index), { issued: `202604211000${String(index).padStart(2, '0')}` }),
      }),
    );
    await at.stop();
    await bed.saveSystem({ holdSeconds: 0, retry: { max_attempts: 1 } });
    at = await makeWorkerBed(bed);
    await at.store(messages);
    await at.settle();
    const observations = await resources('Observation');
    expect(new Set(observations.map(value))).toEqual(new Set([57, 58, 59]));
    const [counted] = await bed.rows(
      'select sum(delivered)::int as delivered, sum(failed)::int as failed from traffic',
    );
    expect(counted).toEqual({ delivered: 59, failed: 1 });
    expect(await verifyAudit(bed.db, auditKeys(bed.keys.keyring))).toMatchObject({ intact: true });
  });
});

describe('other clinical messages', () => {
  it('documents, orders, vaccinations, visits and allergies are kept', async () => {
    await send(
      {
        type: 'MDM^T02',
        more: ['TXA|1|PN|TX|20260421090000||||||||D100||||||AU', 'OBX|1|TX|PN||Seen and well.||||||F'],
      },
      { type: 'ORM^O01', more: ['ORC|NW|P77|F77', 'OBR|1|P77|F77|2345-7^Glucose^LN'] },
      {
        type: 'VXU^V04',
        more: ['ORC|RE||V1^PMS', 'RXA|0|1|20260101||141^Influenza^CVX|0.5|mL^^UCUM||00||||||||||||CP'],
      },
      {
        type: 'ADT^A01',
        more: ['PV1|1|O|CLINIC||||||||||||||||V55^^^PRACTICE^VN', 'AL1|1|DA|70618^Penicillin^RXN|SV|Hives'],
      },
    );
    const types = new Set((await resources()).map(({ type }) => type));
    for (const type of ['DocumentReference', 'ServiceRequest', 'Immunization', 'Encounter', 'AllergyIntolerance']) {
      expect([...types], type).toContain(type);
    }
  });

  it('a document that is cancelled stays readable', async () => {
    const txa = (event: string): string => `TXA|1|PN|TX|20260421090000||||||||D100||||||${event}`;
    await send({ type: 'MDM^T02', more: [txa('AU'), 'OBX|1|TX|PN||Seen and well.||||||F'] });
    await send({ type: 'MDM^T11', sent: '20260421094000', more: [txa('CA')] });
    const [document] = await resources('DocumentReference');
    expect(document?.version).toBe(2);
    expect(document?.body['content']).toBeDefined();
  });
});

describe('a late message about a patient', () => {
  it('changes only what no newer one has spoken of, and is flagged', async () => {
    await send({ type: 'ADT^A08', family: 'ASH', sent: '20260421090000' });
    await send({ type: 'ADT^A08', family: 'BEECH', sent: '20260421092000' });
    const [late] = await send({ type: 'ADT^A08', family: 'CEDAR', email: 'a@b.example', sent: '20260421091000' });
    const [patient] = (await bed.patients()).values();
    expect(patient?.record.fields.last_name).toBe('BEECH');
    const { flags, trace } = await transaction(late ?? 0n);
    expect(flags & TRANSACTION_FLAGS.outOfOrder).toBe(TRANSACTION_FLAGS.outOfOrder);
    expect(trace.steps.find(({ s }) => s === 'record')).toMatchObject({ o: 'warning' });
  });

  it('is known also when the newer one changed nothing', async () => {
    await send({ type: 'ADT^A08', family: 'ASH', sent: '20260421090000' });
    await send({ type: 'ADT^A08', family: 'ASH', sent: '20260421092000' });
    await send({ type: 'ADT^A08', family: 'CEDAR', sent: '20260421091000' });
    const [patient] = (await bed.patients()).values();
    expect(patient).toMatchObject({ version: 1, record: { fields: { last_name: 'ASH' } } });
  });
});

describe('the failures of attempts', () => {
  it('are all kept', async () => {
    await poison(bed, { times: 3 });
    const [id] = await at.store([hl7Message({ type: 'ADT^A08', controlId: 'POISON' })]);
    await at.settle();
    const { trace, state } = await transaction(id ?? 0n);
    expect(state).toBe(1);
    expect(trace.earlier?.map(({ code }) => code)).toEqual(['store.refused', 'store.refused', 'store.refused']);
  });
});
