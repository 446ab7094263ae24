import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PatientRecord } from '../../src/domain/patient/patient-record.ts';
import { loadSystems } from '../../src/engine/worker/load-settings.ts';
import { PRODUCT_CATALOGUE } from '../../src/connectors/registry.ts';
import { parseMessage } from '../../src/formats/hl7v2/message.ts';
import { applyPatientInput } from '../../src/records/patients/apply-patient.ts';
import { auditKeys } from '../../src/security/audit-entry.ts';
import { verifyAudit } from '../../src/security/verify-audit.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { poison } from './poison.ts';
import { connectionLost, databaseError, makeWorkerBed, type Fault } from './worker-bed.ts';

/** What happens to a statement of the worker; most go well. */
const FAULTS: readonly Fault[] = [
  { when: 'before', error: connectionLost() },
  { when: 'after', error: connectionLost() },
  { when: 'before', error: databaseError('53100') },
  { when: 'before', error: databaseError('40P01') },
  { when: 'before', error: databaseError('40001') },
  { when: 'before', error: databaseError('57P01') },
  { when: 'after', error: databaseError('57P01') },
];

interface Round {
  /** Of each message the patient, what is new about him, and whether the database refuses it for a while. */
  readonly messages: readonly { readonly patient: number; readonly change: number; readonly bad: boolean }[];
  /** Which statements of the worker meet which fault. */
  readonly faults: ReadonlyMap<number, number>;
}

const rounds = fc.array(
  fc.record({
    messages: fc.array(
      fc.record({
        patient: fc.integer({ min: 1, max: 3 }),
        change: fc.integer({ min: 0, max: 5 }),
        bad: fc.nat(9).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    faults: fc
      .array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.nat(FAULTS.length - 1)), { maxLength: 6 })
      .map((pairs) => new Map(pairs)),
  }),
  { minLength: 1, maxLength: 4 },
);

function messageOf({ patient, change, bad }: Round['messages'][number], number: number): Buffer {
  return adt({
    controlId: `${bad ? 'POISON' : 'm'}-${number}`,
    mrn: String(patient),
    // Now and then the second identifier comes along.
    ...(change === 5 ? { identifiers: `${patient}^^^PRACTICE^MR~${patient}00^^^OTHER^PI` } : {}),
    family: ['ASH', 'BEECH', 'CEDAR'][change % 3] ?? '',
    phone: `21755501${String(number % 100).padStart(2, '0')}`,
  });
}

/** A record without what depends on when it was made. */
function essence(record: PatientRecord): unknown {
  return {
    fields: record.fields,
    lists: record.lists,
    provenance: record.provenance,
    sources: record.sources.map(([id]) => id),
  };
}

/** The records as one message after the other would make them. */
async function oneAfterTheOther(
  bed: Bed,
  messages: readonly Buffer[],
  ids: readonly bigint[],
): Promise<Map<string, unknown>> {
  const systems = await loadSystems(bed.db, settingsStore, PRODUCT_CATALOGUE, new Map(), () => undefined);
  const mapping = systems.get(bed.systemId)?.mapping;
  const records = new Map<string, PatientRecord>();
  messages.forEach((bytes, index) => {
    const input = mapping?.evaluate(parseMessage(bytes)).input;
    if (input === undefined) throw new Error('There is no mapping.');
    const mrn = String((input.lists.identifiers?.[0] as { value?: string } | undefined)?.value);
    const source = { messageId: String(ids[index]), at: '', systemId: String(bed.systemId) };
    records.set(mrn, applyPatientInput(records.get(mrn), input, source).record);
  });
  return new Map([...records].map(([mrn, record]) => [mrn, essence(record)]));
}

it('whatever fails on the way, the records are as if one message had been applied after the other', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (plan) => {
      const bed = await makeBed({
        holdSeconds: 900,
        retry: { max_attempts: 1000, first_delay_seconds: 0.01, max_delay_seconds: 0.02 },
      });
      await poison(bed, { times: 3 * plan.length });
      let statement = 0;
      let faults: ReadonlyMap<number, number> = new Map();
      const at = await makeWorkerBed(bed, {
        fault: () => FAULTS[faults.get(statement++) ?? -1],
      });
      try {
        const all: Buffer[] = [];
        const ids: bigint[] = [];
        for (const { messages, faults: planned } of plan) {
          statement = 0;
          faults = planned;
          const bytes = messages.map((message, index) => messageOf(message, all.length + index));
          all.push(...bytes);
          ids.push(...(await at.store(bytes)));
        }
        await at.settle();
        const found = new Map([...(await bed.patients())].map(([mrn, { record }]) => [mrn, essence(record)]));
        expect(found).toEqual(await oneAfterTheOther(bed, all, ids));
        const counted = await bed.rows(
          'select sum(received)::int as received, sum(delivered)::int as delivered from traffic',
        );
        expect(counted).toEqual([{ received: all.length, delivered: all.length }]);
        expect(await verifyAudit(bed.db, auditKeys(bed.keys.keyring))).toMatchObject({ intact: true });
      } finally {
        await at.stop();
        await bed.close();
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 12) },
  );
}, 300_000);
