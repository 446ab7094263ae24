import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_CODE_TABLES } from '../../src/connectors/code-tables/default-code-tables.ts';
import { PRODUCT_CATALOGUE } from '../../src/connectors/registry.ts';
import { applyConfiguration } from '../../src/operations/configuration/apply-configuration.ts';
import { exportConfiguration } from '../../src/operations/configuration/export-configuration.ts';
import { readMessageDetail } from '../../src/records/messages/message-detail.ts';
import { createStoredMappings } from '../../src/records/messages/stored-mappings.ts';
import { settingsStore } from '../../src/store/settings-store.ts';
import { adt } from './adt.ts';
import { makeBed, type Bed } from './bed.ts';
import { makeWorkerBed, type WorkerBed } from './worker-bed.ts';

let bed: Bed;
let at: WorkerBed | undefined;
beforeEach(async () => {
  bed = await makeBed();
});
afterEach(async () => {
  await at?.stop();
  at = undefined;
  await bed.close();
});

const file = (positions: string): string => `format: practice-studio-configuration/1
systems:
  - key: practice
    name: Practice
    environment: development
    product: nextgen-enterprise
    product_version: 6.0.x
    methods: [hl7]
    settings:
      positions: ${positions}
`;
const apply = (text: string): Promise<unknown> => {
  const deps = {
    ...{ database: bed.db, store: settingsStore, ids: bed.ids, reserved: [] },
    ...{ catalogue: PRODUCT_CATALOGUE, codeTables: DEFAULT_CODE_TABLES },
  };
  return applyConfiguration(deps, { text }, () => Promise.resolve());
};
/** The class of a patient whose message has one in ZFS-3 and another in PV1-21. */
async function classOf(controlId: string): Promise<{ readonly value: unknown; readonly messageId: bigint }> {
  at = await makeWorkerBed(bed);
  const more = [`PV1|1|O${'|'.repeat(18)}MEDICAID|C`, 'ZFS|1||B'];
  const [messageId = 0n] = await at.store([adt({ controlId, mrn: controlId, more })]);
  await at.settle();
  await at.stop();
  at = undefined;
  return { messageId, value: (await bed.patients()).get(controlId)?.record.fields.sliding_fee_class };
}

it('the place of the sliding fee class is a setting of the system, from the file to the patient and the tracer', async () => {
  expect((await classOf('1')).value).toBeUndefined();
  await apply(file('{ sliding_fee: ZFS-3 }'));
  const { value, messageId } = await classOf('2');
  expect(value).toBe('B');
  await apply(file('{ sliding_fee: PV1-21 }'));
  expect((await classOf('3')).value).toBe('C');

  // The tracer goes through the mapping as the engine does: with the place of now, and told that it was another then.
  const deps = { db: bed.db, sealer: bed.sealer, mappings: createStoredMappings() };
  const rule = async (): Promise<unknown> => {
    const detail = await readMessageDetail(deps, String(messageId), { seesPatients: true });
    return JSON.stringify(detail?.transactions[0]?.steps).match(
      /\{[^{}]*"target":"sliding_fee_class".*?"label":"[^"]*"/,
    )?.[0];
  };
  expect(await rule()).toContain('"result":"C"');
  await apply(file('{ sliding_fee: ZFS-3 }'));
  expect(await rule()).toContain('"result":"B"');
  expect(await exportConfiguration({ database: bed.db, store: settingsStore })).toContain('sliding_fee: ZFS-3');
});

it.each([
  ['{ sliding_scale: ZFS-3 }', /no position “sliding_scale”, only: sliding_fee/],
  ['{ sliding_fee: somewhere }', /“somewhere” is no place in a message/],
])('%s is refused with its line', async (positions, reason) => {
  const refused = await apply(file(positions)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'configuration_invalid', places: [{ reason: expect.stringMatching(reason) }] });
  expect((refused as { places: { place: string }[] }).places[0]?.place).toMatch(/10/);
});
