import { SYSTEM_ACTOR } from '../../domain/actor.ts';
import { CAUSE_CODES } from '../../domain/failure-causes.ts';
import { idTimeMs } from '../../domain/ids.ts';
import { TRANSACTION_FLAGS, type StoredTrace } from '../../domain/stored-trace.ts';
import { FINAL_STATE_CODES, type FinalState } from '../../domain/transaction-states.ts';
import { searchTokenInput } from '../../matching/blind-inputs.ts';
import { searchTokens } from '../../matching/search-tokens.ts';
import { applyPatientInput } from '../../records/patients/apply-patient.ts';
import type { AuditEntry } from '../../security/audit-entry.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { ApplyDeps } from './apply-deps.ts';
import type { BatchOutcome, MessageOutcome } from './batch-outcome.ts';
import { BatchPatients, NO_GAINS, type PatientGains } from './batch-patients.ts';
import type { Deferral, FailedMessage } from './defer.ts';
import type { Failure } from './failure.ts';
import type { PatientInHand } from './match-patients.ts';
import { decideMerge, type MergePlan } from './merge-patients.ts';
import type { Prepared, PreparedPatient } from './prepare.ts';
import { recordsAudit, recordsText } from './records/record-words.ts';
import type { RecordOutcome, RecordsInHand } from './records/records-in-hand.ts';
import type { TransactionRow } from './write-batch.ts';

export interface BatchInput {
  readonly prepared: readonly Prepared[];
  /** Identifier keys of each message, 16 bytes each as latin1 text, parallel to `prepared`. */
  readonly keys: readonly (readonly string[])[];
  /** What the keys lead to in the database. */
  readonly patients: Map<string, PatientInHand>;
  /** The records that the messages speak of. */
  readonly records: RecordsInHand;
  /** Keys of the patient who goes, where the batch is one merge. */
  readonly priorKeys: readonly string[];
  /** When the batch was claimed: ms since 1970, and on the monotonic clock. */
  readonly claimedAtMs: number;
  readonly startedAt: number;
  readonly matchUs: number;
  /** What the batch before left behind; it was written while this one was claimed. */
  readonly previous: PreviousBatch;
}

export interface PreviousBatch {
  readonly states: ReadonlyMap<bigint, MessageOutcome['state']>;
  /** Lanes that it brought to a stand, for what came after the message that is told. */
  readonly standing: ReadonlyMap<bigint, bigint>;
}

const UNTOUCHED = {
  text: 'The patient stays as he is: messages of this type do not change him.',
  late: false,
  lessExact: false,
};

/** Error states by which an earlier message with the same content still counts as not processed. */
const UNPROCESSED_ERRORS = new Set(['open', 'replaying', 'discarded']);

/**
 * Decides every message of a batch, in order, and builds the rows of its write. Pure but for ids and sealing: the same
 * batch can be built again after its write failed.
 */
export function applyBatch(input: BatchInput, deps: ApplyDeps): BatchOutcome {
  return new BatchApplication(input, deps).run();
}

class BatchApplication {
  readonly #input: BatchInput;
  readonly #deps: ApplyDeps;
  readonly #patients: BatchPatients;
  readonly #transactions: TransactionRow[] = [];
  readonly #audit: AuditEntry[] = [];
  readonly #failed: FailedMessage[] = [];
  readonly #deferrals: Deferral[] = [];
  readonly #resolved: bigint[] = [];
  readonly #merges: MergePlan[] = [];
  readonly #outcomes: MessageOutcome[] = [];
  readonly #states: Map<bigint, MessageOutcome['state']>;
  /** Lanes that a message of this batch or the one before has brought to a stand: the first such message of each. */
  readonly #standing: Map<bigint, bigint>;

  constructor(input: BatchInput, deps: ApplyDeps) {
    this.#input = input;
    this.#deps = deps;
    this.#patients = new BatchPatients(input.patients, input.claimedAtMs, deps, this.#audit);
    this.#states = new Map(input.previous.states);
    this.#standing = new Map(input.previous.standing);
  }

  run(): BatchOutcome {
    const { prepared, keys } = this.#input;
    for (let i = 0; i < prepared.length; i++) this.#decide(prepared[i] as Prepared, keys[i] ?? []);
    return {
      rows: {
        transactions: this.#transactions,
        ...this.#patients.rows(),
        leaving: prepared.map(({ claimed }) => claimed.messageId),
      },
      audit: this.#audit,
      failed: this.#failed,
      deferrals: this.#deferrals,
      resolved: this.#resolved,
      records: this.#input.records.rows(),
      merges: this.#merges,
      outcomes: this.#outcomes,
    };
  }

  #decide(prepared: Prepared, keys: readonly string[]): void {
    const { claimed, result, steps } = prepared;
    // Only what came later stands: a message that holds its lane back itself comes again as a retry or a replay.
    const behind = this.#standing.get(claimed.lane);
    if (claimed.heldBy !== null || (behind !== undefined && behind < claimed.messageId)) {
      this.#deferrals.push({ claimed, waitsFor: 'lane' });
      stand(this.#standing, claimed);
      this.#note(prepared, 'held', null);
      return;
    }
    let flags = result.kind === 'patient' && result.warnings ? TRANSACTION_FLAGS.warnings : 0;
    const { earlier, messageId } = claimed;
    const window = prepared.system?.duplicateWindowMs ?? Infinity;
    if (earlier !== null && idTimeMs(messageId) - idTimeMs(earlier.id) <= window) {
      if (earlier.sameContent && this.#wasTaken(earlier.id, earlier.state, earlier.error)) {
        steps.push({ s: 'route', us: 0, o: 'skipped', m: 'The same message was taken before; it is processed once.' });
        this.#end(prepared, 'filtered', null, null, flags | TRANSACTION_FLAGS.duplicate, earlier.id);
        return;
      }
      if (!earlier.sameContent) flags |= TRANSACTION_FLAGS.sameControlId;
    }
    if (result.kind === 'failed') this.#fail(prepared, result.failure, flags);
    else if (result.kind === 'filtered') this.#end(prepared, 'filtered', null, null, flags, null);
    else if (result.prior === undefined) this.#patient(prepared, result, keys, flags);
    else this.#merge(prepared, result, keys, flags);
  }

  /** Whether an earlier message with the same content was, or surely will be, processed. */
  #wasTaken(id: bigint, stored: number | null, error: string): boolean {
    const here = this.#states.get(id);
    if (here !== undefined) return here !== 'failed';
    return !(stored === FINAL_STATE_CODES.failed && UNPROCESSED_ERRORS.has(error));
  }

  #patient(prepared: Prepared, result: PreparedPatient, keys: readonly string[], flags: number): void {
    const patients = this.#patients.led(keys);
    if (patients.size > 1) {
      this.#unmatched(prepared, `Its identifiers belong to ${patients.size} patients.`);
      this.#fail(prepared, { cause: 'matching', code: 'match.ambiguous', place: 'PID-3' }, flags);
      return;
    }
    const [known] = patients;
    if (known === undefined && result.unusable !== undefined) {
      this.#unmatched(prepared, 'The patient is not known, and cannot be made of what the message says.');
      this.#fail(prepared, result.unusable, flags);
      return;
    }
    const patient = known ?? this.#patients.create(prepared.system?.environmentId ?? 0n);
    prepared.steps.push({
      s: 'match',
      us: this.#input.matchUs,
      m: known === undefined ? 'A new patient: no identifier is known.' : 'Found by identifier.',
    });
    this.#record(prepared, result, patient, keys, flags);
  }

  /** A40: the patient of MRG goes, that of PID stays. The batch is this one message. */
  #merge(prepared: Prepared, result: PreparedPatient, keys: readonly string[], flags: number): void {
    const { priorKeys } = this.#input;
    const sameIdentifiers = priorKeys.every((key) => keys.includes(key));
    const decision = decideMerge(this.#patients.led(keys), this.#patients.led(priorKeys), sameIdentifiers);
    if ('failure' in decision) {
      this.#unmatched(prepared, decision.text);
      this.#fail(prepared, decision.failure, flags);
      return;
    }
    const { old } = decision;
    const survivor = decision.survivor ?? this.#patients.create(prepared.system?.environmentId ?? 0n);
    const text =
      old === undefined
        ? 'The merged number leads to this patient from now on; there is no other record of it.'
        : `Patient ${old.id} is merged into this one; his numbers and records lead here from now on.`;
    prepared.steps.push({ s: 'match', us: this.#input.matchUs, m: text });
    const ownKeys = priorKeys.filter((key) => old?.keys.has(key) !== true);
    const identifiers = [...(result.prior?.input.lists.identifiers ?? []), ...(old?.record?.lists.identifiers ?? [])];
    if (old !== undefined) {
      this.#patients.retire(old);
      this.#merges.push({
        ...{ id: prepared.claimed.transactionId, environmentId: old.environmentId, survivorId: survivor.id },
        ...{ oldId: old.id, systemId: prepared.claimed.systemId, messageId: prepared.claimed.messageId },
      });
      this.#audit.push({
        actor: SYSTEM_ACTOR,
        action: 'patient-merged',
        resource: { kind: 'patient', id: old.id },
        detail: { message: prepared.claimed.messageId, into: survivor.id },
        at: this.#input.claimedAtMs,
      });
    }
    const merged = old === undefined ? [] : [String(old.id), ...(old.record?.merged ?? [])];
    this.#record(prepared, result, survivor, [...keys, ...ownKeys], flags, { identifiers, merged });
  }

  #unmatched({ steps }: Prepared, m: string): void {
    steps.push({ s: 'match', us: this.#input.matchUs, o: 'failed', m });
  }

  /** Brings a message into its patient and its records. */
  #record(
    prepared: Prepared,
    result: PreparedPatient,
    patient: PatientInHand,
    keys: readonly string[],
    flags: number,
    gains: PatientGains = NO_GAINS,
  ): void {
    const { claimed, steps } = prepared;
    const { records } = this.#input;
    const start = performance.now();
    const speaker = {
      ...{ messageId: claimed.messageId, systemId: claimed.systemId, environmentId: patient.environmentId },
      ...{ patientId: patient.id, merged: patient.record?.merged ?? [], atMs: this.#input.claimedAtMs },
    };
    const foreign = result.records.records.length === 0 ? undefined : records.foreign(result.records, speaker);
    if (foreign !== undefined) {
      steps.push({ s: 'record', us: 0, o: 'failed', m: `${foreign.type}: its number is known as another patient's.` });
      this.#fail(prepared, { cause: 'conflict', code: 'record.other-patient', place: null }, flags);
      return;
    }
    const said = result.intent === 'update' || patient.record === undefined;
    const { text, late, lessExact } = said
      ? this.#patients.speak(prepared.claimed, result, patient, keys, gains)
      : UNTOUCHED;
    const outcomes: readonly RecordOutcome[] =
      result.records.records.length === 0 ? [] : records.apply(result.records, speaker, () => this.#deps.ids.next());
    const entry = recordsAudit(outcomes, claimed.messageId, patient.id, this.#input.claimedAtMs);
    if (entry !== undefined) this.#audit.push(entry);
    const isLate = late || outcomes.some(({ change }) => change === 'older');
    steps.push({
      s: 'record',
      us: Math.round((performance.now() - start) * 1000),
      m: outcomes.length === 0 ? text : `${text} ${recordsText(outcomes)}`,
      ...(isLate || lessExact ? { o: 'warning' } : {}),
      ...(outcomes.length === 0 ? {} : { d: { records: outcomes } }),
    });
    const seen = flags | (isLate ? TRANSACTION_FLAGS.outOfOrder : 0) | (lessExact ? TRANSACTION_FLAGS.warnings : 0);
    this.#end(prepared, 'delivered', null, patient.id, seen, null);
  }

  #fail(prepared: Prepared, failure: Failure, flags: number): void {
    const { claimed, system } = prepared;
    const hold = hasOrder(claimed.lane, claimed.messageId) ? (system?.holdSeconds ?? 0) : 0;
    if (hold > 0) stand(this.#standing, claimed);
    this.#failed.push({
      claimed,
      failure,
      fingerprint: this.#deps.indexes.fingerprint.token64(
        `${claimed.systemId}|${failure.cause}|${failure.code}|${failure.place ?? ''}|${claimed.type}`,
      ),
      searchTokens: this.#failedTokens(prepared),
      holdSeconds: hold,
    });
    this.#audit.push({
      actor: SYSTEM_ACTOR,
      action: 'error-opened',
      resource: { kind: 'message', id: claimed.messageId },
      outcome: 'failed',
      detail: { code: failure.code },
      at: this.#input.claimedAtMs,
    });
    this.#end(prepared, 'failed', failure, null, flags, null);
  }

  /** What a failed message that got as far as the mapping can be searched by. */
  #failedTokens({ result, system }: Prepared): readonly bigint[] | null {
    if (result.kind === 'filtered' || result.input === undefined || system === undefined) return null;
    const record = applyPatientInput(undefined, result.input, { messageId: '0', at: '', systemId: '0' }).record;
    const inputs = searchTokens(record).map((token) => searchTokenInput(system.environmentId, token));
    return this.#deps.indexes.search.batch64(inputs);
  }

  #end(
    prepared: Prepared,
    state: FinalState,
    failure: Failure | null,
    patientId: bigint | null,
    flags: number,
    duplicateOf: bigint | null,
  ): void {
    const { claimed, system, steps } = prepared;
    const trace: StoredTrace = {
      at: this.#input.claimedAtMs,
      batch: this.#input.prepared.length,
      steps: steps,
      ...(claimed.failures.length === 0 ? {} : { earlier: claimed.failures }),
    };
    this.#transactions.push({
      id: claimed.transactionId,
      messageId: claimed.messageId,
      systemId: claimed.systemId,
      listenerId: claimed.listenerId,
      kind: claimed.kind,
      state: FINAL_STATE_CODES[state],
      cause: failure === null ? null : CAUSE_CODES[failure.cause],
      code: failure?.code ?? null,
      place: failure?.place ?? null,
      patientId,
      mappingId: system?.mappingId ?? null,
      duplicateOf,
      attempts: claimed.attempts + 1,
      flags,
      tookUs: Math.min(2_000_000_000, Math.round((performance.now() - this.#input.startedAt) * 1000)),
      trace: this.#deps.sealer.seal(
        'content',
        SEALED_COLUMNS.transactionTrace,
        claimed.transactionId,
        JSON.stringify(trace),
      ),
    });
    if (state !== 'failed' && (claimed.kind !== 0 || claimed.attempts > 0)) this.#resolved.push(claimed.messageId);
    this.#note(prepared, state, failure);
  }

  #note({ claimed }: Prepared, state: MessageOutcome['state'], failure: Failure | null): void {
    this.#states.set(claimed.messageId, state);
    const { messageId, replyNode } = claimed;
    this.#outcomes.push({ messageId, isFirst: claimed.transactionId === messageId, replyNode, state, failure });
  }
}

/** Notes that a message brings its lane to a stand. */
export function stand(
  standing: Map<bigint, bigint>,
  { lane, messageId }: { readonly lane: bigint; readonly messageId: bigint },
): void {
  const first = standing.get(lane);
  if (first === undefined || messageId < first) standing.set(lane, messageId);
}

/** A message without a patient has a lane of its own, named by its own id: nothing waits behind it. */
function hasOrder(lane: bigint, messageId: bigint): boolean {
  return lane !== messageId;
}
