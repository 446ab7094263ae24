import { TRANSACTION_KINDS, type StoredTrace, type TransactionKind } from '../../domain/stored-trace.ts';
import type { TransactionState } from '../../domain/transaction-states.ts';
import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage, type Hl7Message } from '../../formats/hl7v2/message.ts';
import type { CompiledMapping } from '../../mapping/compile-mapping.ts';
import type { Sealer } from '../../security/sealing.ts';
import type { MappingRow } from '../../store/queries/message-detail.ts';
import type { ReplayRow, TransactionRow } from '../../store/queries/message-rows.ts';
import { int8Text, maybeInt8Text } from '../../store/queries/values.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { FailureView } from '../errors/failure-view.ts';
import { openChanges } from '../patients/patient-reader.ts';
import { changeViews, type FieldChangeView } from './change-view.ts';
import { mappingView, type MappingView } from './mapping-view.ts';
import { idInstant, type MessageFacts } from './message-item.ts';
import { endedState, waitingState } from './message-state.ts';
import { attemptViews, stepViews, type StepView } from './step-views.ts';
import type { Viewer } from './viewer.ts';

/** One processing of a message, from the worker's taking it to its end. */
export interface TransactionView {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly state: TransactionState;
  readonly failure: FailureView | null;
  readonly attempts: number;
  readonly node: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly mapping: { readonly key: string; readonly version: number } | null;
  readonly patient_id: string | null;
  readonly steps: StepView[];
  readonly changes: FieldChangeView[];
  readonly requested_by: string | null;
  readonly note: string;
}

export interface TransactionSources {
  readonly facts: MessageFacts;
  readonly sealer: Sealer;
  readonly viewer: Viewer;
  readonly receivedMs: number;
  readonly traces: ReadonlyMap<string, Buffer>;
  readonly changes: ReadonlyMap<string, Buffer>;
  readonly mappings: ReadonlyMap<string, MappingRow>;
  readonly nodes: ReadonlyMap<number, string>;
  /** The message as it came; undefined when it cannot be read. */
  readonly original: Hl7Message | undefined;
  /** Repaired contents by the processing that they were made for. */
  readonly repairs: ReadonlyMap<string, Buffer>;
  readonly compile: (row: MappingRow) => CompiledMapping;
}

/** Every processing of a message, oldest first; the one that still waits is the last. */
export function transactionViews(sources: TransactionSources): TransactionView[] {
  const replays = new Map(sources.facts.replays.map((row) => [int8Text(row.transaction_id), row]));
  const ended = sources.facts.transactions.map((row) => endedView(row, replays.get(int8Text(row.id)), sources));
  const waiting = waitingView(sources, replays);
  return waiting === undefined ? ended : [...ended, waiting];
}

function endedView(row: TransactionRow, replay: ReplayRow | undefined, sources: TransactionSources): TransactionView {
  const id = int8Text(row.id);
  const trace = traceOf(sources, id);
  const mappingRow = row.mapping_id === null ? undefined : sources.mappings.get(int8Text(row.mapping_id));
  const sealedChanges = sources.changes.get(id);
  const changes = sealedChanges === undefined ? [] : changeViews(openChanges(sources.sealer, id, sealedChanges));
  const patientId = sources.viewer.seesPatients ? maybeInt8Text(row.patient_id) : null;
  const discarded = row.error_state === 'discarded';
  return {
    id,
    kind: kindName(row.kind),
    ...endedState(row),
    attempts: Math.max(1, row.attempts),
    node: sources.nodes.get(row.node) ?? `node ${row.node}`,
    started_at: new Date(trace?.at ?? row.finished_at.getTime() - row.took_us / 1000).toISOString(),
    finished_at: row.finished_at.toISOString(),
    mapping: mappingRow === undefined ? null : { key: mappingRow.key, version: mappingRow.version },
    patient_id: patientId,
    steps:
      trace === undefined
        ? []
        : stepViews(trace, {
            receivedMs: sources.receivedMs,
            mapping: tracedMapping(row, trace, mappingRow, sources),
            patientId,
            changed: changes.map((change) => change.label),
          }),
    changes,
    requested_by: replay?.requested_by ?? null,
    note: discarded ? `Discarded by ${row.closed_by ?? 'a person'}: ${row.close_reason ?? ''}` : (replay?.reason ?? ''),
  };
}

function waitingView(
  sources: TransactionSources,
  replays: ReadonlyMap<string, ReplayRow>,
): TransactionView | undefined {
  const { message } = sources.facts;
  const state = waitingState(message);
  if (state === null || message.waiting_transaction_id === null) return undefined;
  const id = int8Text(message.waiting_transaction_id);
  const replay = replays.get(id);
  return {
    id,
    kind: kindName(message.waiting_kind ?? 0),
    ...state,
    attempts: message.waiting_attempts ?? 0,
    node: '',
    started_at: replay?.created_at.toISOString() ?? idInstant(message.id),
    finished_at: null,
    mapping: null,
    patient_id: null,
    steps: attemptViews(message.failures ?? [], sources.receivedMs),
    changes: [],
    requested_by: replay?.requested_by ?? null,
    note: noteOf(message.waits_for, message.due_at, replay),
  };
}

function noteOf(waitsFor: string | null, dueAt: Date | null, replay: ReplayRow | undefined): string {
  if (waitsFor === 'lane') return 'Waits behind an earlier message about the same patient.';
  if (waitsFor === 'retry' && dueAt !== null) return `Next attempt at ${dueAt.toISOString()}.`;
  return replay?.reason ?? '';
}

function kindName(kind: number): TransactionKind {
  return kind === TRANSACTION_KINDS.repair ? 'repair' : kind === TRANSACTION_KINDS.replay ? 'replay' : 'first';
}

function traceOf(sources: TransactionSources, id: string): StoredTrace | undefined {
  const sealed = sources.traces.get(id);
  if (sealed === undefined) return undefined;
  return JSON.parse(
    sources.sealer.open(SEALED_COLUMNS.transactionTrace, BigInt(id), sealed).toString('utf8'),
  ) as StoredTrace;
}

/** Goes through the mapping again with the content and the version of then; undefined when one of them is gone. */
function tracedMapping(
  row: TransactionRow,
  trace: StoredTrace,
  mapping: MappingRow | undefined,
  sources: TransactionSources,
): MappingView | undefined {
  const step = trace.steps.find((one) => one.s === 'map' && one.d !== undefined);
  if (step === undefined || mapping === undefined) return undefined;
  const message = row.kind === TRANSACTION_KINDS.repair ? repairedMessage(row, sources) : sources.original;
  if (message === undefined) return undefined;
  try {
    return mappingView(sources.compile(mapping), message, step.d);
  } catch (error) {
    // A version that this program no longer compiles: the stored values are shown instead.
    if ((error as { code?: unknown }).code === 'mapping.bad-document') return undefined;
    throw error;
  }
}

function repairedMessage(row: TransactionRow, sources: TransactionSources): Hl7Message | undefined {
  const bytes = sources.repairs.get(int8Text(row.id));
  if (bytes === undefined) return undefined;
  try {
    return parseMessage(bytes);
  } catch (error) {
    if (error instanceof Hl7Error) return undefined;
    throw error;
  }
}
