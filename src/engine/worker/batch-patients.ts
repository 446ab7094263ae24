import { SYSTEM_ACTOR } from '../../domain/actor.ts';
import type { PatientIdentifier, PatientInput, Sourced } from '../../domain/patient/patient-record.ts';
import { encodePatientChanges, encodePatientRecord } from '../../domain/patient/record-codec.ts';
import { searchTokenInput } from '../../matching/blind-inputs.ts';
import { changesSearch, searchTokens } from '../../matching/search-tokens.ts';
import { applyPatientInput } from '../../records/patients/apply-patient.ts';
import { hear, timelyInput } from '../../records/patients/late-message.ts';
import type { AuditEntry } from '../../security/audit-entry.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { ApplyDeps } from './apply-deps.ts';
import type { Claimed } from './claim.ts';
import type { PatientInHand } from './match-patients.ts';
import type { PreparedPatient } from './prepare.ts';
import type { BatchRows, HistoryRow, PatientRow } from './write-batch.ts';

/** What a patient gains beside what the message says of him: what a merge brings along. */
export interface PatientGains {
  readonly identifiers: readonly Sourced<PatientIdentifier>[];
  readonly merged: readonly string[];
}

export const NO_GAINS: PatientGains = { identifiers: [], merged: [] };

function withGains(input: PatientInput, { identifiers }: PatientGains): PatientInput {
  if (identifiers.length === 0) return input;
  const gained = identifiers.map((identifier): PatientIdentifier => {
    const { src: _, ...rest } = identifier;
    return rest;
  });
  return { ...input, lists: { ...input.lists, identifiers: [...(input.lists.identifiers ?? []), ...gained] } };
}

/** The patients of a batch: found by their keys, changed in memory by one message after the other, written at the end. */
export class BatchPatients {
  readonly #deps: ApplyDeps;
  readonly #atMs: number;
  readonly #audit: AuditEntry[];
  readonly #patients: Map<string, PatientInHand>;
  readonly #touched = new Set<PatientInHand>();
  readonly #newKeys: { key: Buffer; patientId: bigint }[] = [];
  readonly #history: HistoryRow[] = [];

  /** `audit` takes the entries of what is done to them. */
  constructor(found: ReadonlyMap<string, PatientInHand>, atMs: number, deps: ApplyDeps, audit: AuditEntry[]) {
    this.#patients = new Map(found);
    this.#atMs = atMs;
    this.#deps = deps;
    this.#audit = audit;
  }

  /** The patients that keys lead to, in the database or by this batch. */
  led(keys: readonly string[]): Set<PatientInHand> {
    const patients = new Set<PatientInHand>();
    for (const key of keys) {
      const patient = this.#patients.get(key);
      if (patient !== undefined) patients.add(patient);
    }
    return patients;
  }

  create(environmentId: bigint): PatientInHand {
    return {
      ...{ id: this.#deps.ids.next(), environmentId, expected: 0, version: 0 },
      ...{ record: undefined, keys: new Set(), searchChanged: false },
    };
  }

  /** A patient who is merged into another: his version is raised, so that whoever has read him before is refused. */
  retire(patient: PatientInHand): void {
    patient.version += 1;
    this.#touched.add(patient);
  }

  /** Brings what a message says of a patient into his record. */
  speak(
    claimed: Claimed,
    { input, intent, said }: PreparedPatient,
    patient: PatientInHand,
    keys: readonly string[],
    gains: PatientGains = NO_GAINS,
  ): { readonly text: string; readonly late: boolean; readonly lessExact: boolean } {
    const isNew = patient.record === undefined;
    const systemId = String(claimed.systemId);
    const timely = timelyInput(patient.record, input, systemId, said);
    const applied = applyPatientInput(patient.record, withGains(timely.input, gains), {
      messageId: String(claimed.messageId),
      at: new Date(this.#atMs).toISOString(),
      systemId,
    });
    for (const key of keys) {
      if (patient.keys.has(key)) continue;
      patient.keys.add(key);
      this.#patients.set(key, patient);
      this.#newKeys.push({ key: Buffer.from(key, 'latin1'), patientId: patient.id });
    }
    // A patient made of a result or a booking is there to be filled by the first message that is about him.
    const heard = intent === 'create' ? undefined : hear(applied.record.heard, input, systemId, said);
    const merged = gains.merged.length === 0 ? undefined : [...(applied.record.merged ?? []), ...gains.merged];
    patient.record = {
      ...applied.record,
      ...(heard === undefined ? {} : { heard }),
      ...(merged === undefined ? {} : { merged }),
    };
    this.#touched.add(patient);
    const late = timely.late
      ? ` Older than what this system said before: ${timely.withheld} fields left as newer messages said.`
      : '';
    const kept = applied.keptBirthDate
      ? ' The birth date stays as exact as it is known: the message tells only a part of it.'
      : '';
    const told = { late: timely.late, lessExact: applied.keptBirthDate };
    if (!applied.changed && merged === undefined) return { text: `Nothing new.${late}${kept}`, ...told };
    patient.searchChanged ||= isNew || changesSearch(applied.changes);
    patient.version += 1;
    this.#history.push({
      patientId: patient.id,
      id: claimed.transactionId,
      version: patient.version,
      messageId: claimed.messageId,
      systemId: claimed.systemId,
      changes: this.#deps.sealer.seal(
        'record',
        SEALED_COLUMNS.patientChanges,
        claimed.transactionId,
        encodePatientChanges(applied.changes),
      ),
    });
    this.#audit.push({
      actor: SYSTEM_ACTOR,
      action: isNew ? 'patient-created' : 'patient-changed',
      resource: { kind: 'patient', id: patient.id },
      detail: { message: claimed.messageId },
      at: this.#atMs,
    });
    return { text: `Version ${patient.version}: ${applied.changes.length} changes.${late}${kept}`, ...told };
  }

  /** What is to be written of them. */
  rows(): Pick<BatchRows, 'patients' | 'identifiers' | 'searches' | 'history'> {
    return {
      patients: this.#patientRows(),
      identifiers: this.#newKeys,
      searches: this.#searchRows(),
      history: this.#history,
    };
  }

  #patientRows(): PatientRow[] {
    const rows: PatientRow[] = [];
    for (const patient of this.#touched) {
      if (patient.record === undefined) continue;
      rows.push({
        id: patient.id,
        environmentId: patient.environmentId,
        expected: patient.expected,
        version: patient.version,
        record: this.#deps.sealer.seal(
          'record',
          SEALED_COLUMNS.patientRecord,
          patient.id,
          encodePatientRecord(patient.record),
        ),
      });
    }
    return rows;
  }

  #searchRows(): { patientId: bigint; environmentId: bigint; tokens: readonly bigint[] }[] {
    const inputs: string[] = [];
    const spans: { patient: PatientInHand; count: number }[] = [];
    for (const patient of this.#touched) {
      if (!patient.searchChanged || patient.record === undefined) continue;
      const tokens = searchTokens(patient.record);
      for (const token of tokens) inputs.push(searchTokenInput(patient.environmentId, token));
      spans.push({ patient, count: tokens.length });
    }
    const hashed = this.#deps.indexes.search.batch64(inputs);
    let at = 0;
    return spans.map(({ patient, count }) => {
      const tokens = hashed.slice(at, at + count);
      at += count;
      return { patientId: patient.id, environmentId: patient.environmentId, tokens };
    });
  }
}
