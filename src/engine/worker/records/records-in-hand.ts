import type pg from 'pg';
import { applyRecord, resolveNames } from '../../../records/apply-record.ts';
import type { MessageRecords, RecordChange, RecordInput } from '../../../records/record-input.ts';
import { token128At, type BlindIndex } from '../../../security/blind-index.ts';
import type { Sealer } from '../../../security/sealing.ts';
import { RECORD_FAMILIES } from '../record-families.ts';
import type { RecordInHand } from './record-family.ts';

/** What a message did to one record, as its trace keeps it. */
export interface RecordOutcome {
  readonly family: RecordInput['family'];
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly change: RecordChange;
}

/** The message that speaks, and whom it is about. */
interface Speaker {
  readonly messageId: bigint;
  readonly systemId: bigint;
  readonly environmentId: bigint;
  readonly patientId: bigint;
  /** Patients who were merged into this one: what is known within them is known within him. */
  readonly merged: readonly string[];
  readonly atMs: number;
}

/** A message whose records are to be read ahead: its candidates for the patient are not decided yet. */
interface Expected {
  readonly records: readonly RecordInput[];
  readonly messageId: bigint;
  readonly systemId: bigint;
  readonly patientIds: readonly string[];
}

type InHandByKey = Map<string, RecordInHand>;

/** The records that a batch works on: read in one statement for each family, then changed in memory. */
export class RecordsInHand {
  readonly #byKey: ReadonlyMap<RecordInput['family'], InHandByKey>;
  readonly #touched = new Set<RecordInHand>();
  readonly #families = new Map<RecordInHand, RecordInput['family']>();
  readonly #index: BlindIndex;

  constructor(byKey: ReadonlyMap<RecordInput['family'], InHandByKey>, index: BlindIndex) {
    this.#byKey = byKey;
    this.#index = index;
  }

  /** Reads what is stored under the keys of these messages; runs no statement for a batch without records. */
  static async read(
    client: pg.ClientBase,
    messages: readonly Expected[],
    index: BlindIndex,
    sealer: Sealer,
  ): Promise<RecordsInHand> {
    const byKey = new Map<RecordInput['family'], InHandByKey>();
    for (const family of RECORD_FAMILIES) {
      const inputs = messages.flatMap((message) =>
        message.records
          .filter((record) => record.family === family.name)
          .flatMap((record) => keyInputs(record, message, message.patientIds)),
      );
      if (inputs.length === 0) continue;
      const wanted = [...new Set(inputs)];
      const hashed = index.batch(wanted);
      const keys = wanted.map((_, at) => token128At(hashed, at));
      byKey.set(family.name, await family.read(client, keys, sealer));
    }
    return new RecordsInHand(byKey, index);
  }

  /**
   * The place of the first record that is known as another patient's; undefined when there is none. Such a message must not
   * be applied: either the number was used twice, or one of the two patients is wrong.
   */
  foreign({ records }: MessageRecords, speaker: Speaker): RecordInput | undefined {
    return records.find((input) => {
      const known = this.#find(input, speaker);
      return known !== undefined && known.patientId !== speaker.patientId && !input.mention;
    });
  }

  /** Brings what a message says into its records; `nextId` gives ids of new ones. */
  apply({ records, patientNames }: MessageRecords, speaker: Speaker, nextId: () => bigint): RecordOutcome[] {
    const targets = new Map<string, string | null>();
    for (const name of patientNames) targets.set(name, `Patient/${speaker.patientId}`);
    const found = records.map((input) => {
      const known = this.#find(input, speaker);
      // Mentioned, but known as another patient's (a visit number that was used again): not referred to.
      const usable = known === undefined || known.patientId === speaker.patientId;
      const id = known?.id ?? nextId();
      targets.set(input.name, usable ? `${input.type}/${id}` : null);
      return { input, known, id, usable };
    });
    return found.flatMap(({ input, known, id, usable }): RecordOutcome[] => {
      if (!usable) return [];
      const body = resolveNames(input.body, (name) => targets.get(name));
      return [this.#applyOne(input, known, id, body, speaker)];
    });
  }

  #applyOne(
    input: RecordInput,
    known: RecordInHand | undefined,
    id: bigint,
    body: RecordInput['body'],
    speaker: Speaker,
  ): RecordOutcome {
    const { change, state } = applyRecord(known?.state, input, body);
    let record = known;
    if (record === undefined) {
      const key = this.#hash(keyInputs(input, speaker, [String(speaker.patientId)])[0] ?? '');
      record = {
        ...{ id, key, type: input.type, patientId: speaker.patientId, systemId: speaker.systemId },
        ...{ environmentId: speaker.environmentId, expected: 0, version: 1, state },
        ...{ messageId: speaker.messageId, madeAt: speaker.atMs, replaced: [] },
      };
      this.#remember(input.family, record);
    } else if (change === 'changed' || change === 'ended') {
      const { version, state: before, messageId, madeAt } = record;
      record.replaced.push({ version, state: before, messageId, madeAt });
      record.version += 1;
      record.state = state;
      record.messageId = speaker.messageId;
      record.madeAt = speaker.atMs;
      this.#touch(input.family, record);
    }
    return { family: input.family, type: input.type, id: String(record.id), version: record.version, change };
  }

  #remember(family: RecordInput['family'], record: RecordInHand): void {
    let known = this.#byKey.get(family);
    if (known === undefined) {
      known = new Map();
      (this.#byKey as Map<RecordInput['family'], InHandByKey>).set(family, known);
    }
    known.set(record.key, record);
    this.#touch(family, record);
  }

  #touch(family: RecordInput['family'], record: RecordInHand): void {
    this.#touched.add(record);
    this.#families.set(record, family);
  }

  #find(input: RecordInput, speaker: Speaker): RecordInHand | undefined {
    const known = this.#byKey.get(input.family);
    if (known === undefined) return undefined;
    for (const text of keyInputs(input, speaker, [String(speaker.patientId), ...speaker.merged])) {
      const record = known.get(this.#hash(text));
      if (record !== undefined) return record;
    }
    return undefined;
  }

  #hash(text: string): string {
    return this.#index.token128(text).toString('latin1');
  }

  /** What is to be written, by family. */
  rows(): ReadonlyMap<RecordInput['family'], readonly RecordInHand[]> {
    const rows = new Map<RecordInput['family'], RecordInHand[]>();
    for (const record of this.#touched) {
      const family = this.#families.get(record) ?? 'clinical';
      const list = rows.get(family);
      if (list === undefined) rows.set(family, [record]);
      else list.push(record);
    }
    return rows;
  }
}

/** What is hashed for a record's key: bound to the system, the patient or the message that it is unique in. */
function keyInputs(
  { scope, key }: RecordInput,
  { messageId, systemId }: { readonly messageId: bigint; readonly systemId: bigint },
  patientIds: readonly string[],
): string[] {
  if (scope === 'sender') return [`s${systemId}|${key}`];
  if (scope === 'message') return [`m${messageId}|${key}`];
  return patientIds.map((id) => `p${id}|${key}`);
}
