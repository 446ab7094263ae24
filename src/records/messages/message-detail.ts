import { idTimeMs } from '../../domain/ids.ts';
import type { Sealer } from '../../security/sealing.ts';
import {
  countLaterApplied,
  isReplyHeld,
  readChanges,
  readMappings,
  readMessageContent,
  readNodeNames,
  readRepairedContents,
  readTraces,
  readUnsentAcknowledgment,
  type MappingRow,
} from '../../store/queries/message-detail.ts';
import { readPatientRows } from '../../store/queries/patient-rows.ts';
import { readPlaces, type Places } from '../../store/queries/places.ts';
import { int8Text, maybeInt8Text } from '../../store/queries/values.ts';
import type { Database, Queryable } from '../../store/queryable.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import { boundedRead } from '../bounded-read.ts';
import { patientNames } from '../patients/patient-reader.ts';
import { acknowledgmentView, type AcknowledgmentView } from './acknowledgment-view.ts';
import { messageItem, type MessageFacts, type MessageItemView } from './message-item.ts';
import { messageTree, type TreeNodeView } from './message-tree.ts';
import { readMessageFacts } from './read-facts.ts';
import type { StoredMappings } from './stored-mappings.ts';
import { transactionViews, type TransactionView } from './transaction-views.ts';
import { itemFor, type Viewer } from './viewer.ts';

export interface MessageDetailDeps {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly mappings: StoredMappings;
}

export interface MessageDetailView extends MessageItemView {
  readonly listener_name: string | null;
  readonly peer: string;
  readonly hl7_version: string;
  readonly charset: string;
  readonly raw_base64: string;
  readonly repaired_base64: string | null;
  readonly tree: TreeNodeView[];
  readonly tree_problem: string | null;
  readonly acknowledgment: AcknowledgmentView;
  readonly duplicate_of: string | null;
  readonly later_applied: number;
  readonly transactions: TransactionView[];
}

/** Repairs whose steps are shown rule by rule; older ones show the values that were stored. */
const MAX_REPAIRS = 5;
/** Later messages are counted so far. */
const MAX_LATER = 1_000;
/** A system that was removed. */
const UNKNOWN_SYSTEM = { country: 'US', positions: {} };

/** What the database holds of one message, read in one snapshot. */
interface Stored {
  readonly places: Places;
  readonly facts: MessageFacts;
  readonly content: Buffer;
  readonly repaired: ReadonlyMap<string, Buffer>;
  readonly traces: ReadonlyMap<string, Buffer>;
  readonly changes: ReadonlyMap<string, Buffer>;
  readonly mappings: ReadonlyMap<string, MappingRow>;
  readonly nodes: ReadonlyMap<number, string>;
  readonly unsentReason: string | undefined;
  readonly held: boolean;
  readonly laterApplied: number;
  readonly names: ReadonlyMap<string, string>;
}

/** Everything about one message; undefined when there is no such message. */
export async function readMessageDetail(
  deps: MessageDetailDeps,
  id: string,
  viewer: Viewer,
): Promise<MessageDetailView | undefined> {
  const stored = await boundedRead(deps.db, (tx) => readStored(deps.sealer, tx, id, viewer.seesPatients));
  if (stored === undefined) return undefined;
  const { facts, places } = stored;
  const { message } = facts;
  const raw = deps.sealer.open(SEALED_COLUMNS.messageContent, BigInt(id), stored.content);
  const parsed = messageTree(raw);
  const item = itemFor(viewer, messageItem(facts, places));
  const listener = places.listeners.get(int8Text(message.listener_id));
  const first = facts.transactions.find((row) => int8Text(row.id) === id);
  const repairs = new Map<string, Buffer>();
  for (const [transactionId, sealed] of stored.repaired) {
    repairs.set(transactionId, deps.sealer.open(SEALED_COLUMNS.replayContent, BigInt(transactionId), sealed));
  }
  const [latestRepair] = repairs.values();
  return {
    ...item,
    patient_name: item.patient_id === null ? null : (stored.names.get(item.patient_id) ?? null),
    listener_name: listener?.name ?? null,
    peer: message.peer,
    hl7_version: parsed.version,
    charset: parsed.charset,
    raw_base64: raw.toString('base64'),
    repaired_base64: latestRepair?.toString('base64') ?? null,
    tree: parsed.tree,
    tree_problem: parsed.problem,
    acknowledgment: acknowledgmentView({
      code: message.ack_code,
      ackWhen: listener?.ackWhen,
      held: stored.held,
      unsentReason: stored.unsentReason,
      firstOutcome: first?.state,
      state: item.state,
    }),
    later_applied: stored.laterApplied,
    duplicate_of: maybeInt8Text(first?.duplicate_of ?? null),
    transactions: transactionViews({
      ...stored,
      sealer: deps.sealer,
      viewer,
      receivedMs: idTimeMs(BigInt(id)),
      original: parsed.message,
      repairs,
      compile: (row) => deps.mappings.compiled(row, places.systems.get(int8Text(message.system_id)) ?? UNKNOWN_SYSTEM),
    }),
  };
}

async function readStored(
  sealer: Sealer,
  tx: Queryable,
  id: string,
  seesPatients: boolean,
): Promise<Stored | undefined> {
  const [facts] = await readMessageFacts(tx, [id]);
  const content = await readMessageContent(tx, id);
  if (facts === undefined || content === undefined) return undefined;
  const { transactions } = facts;
  const withPatient = transactions.flatMap(({ id: transaction, patient_id }) =>
    patient_id === null ? [] : [{ patientId: int8Text(patient_id), transactionId: int8Text(transaction) }],
  );
  const ids = transactions.map((row) => int8Text(row.id));
  const mappingIds = new Set(transactions.flatMap((row) => maybeInt8Text(row.mapping_id) ?? []));
  const traces = await readTraces(tx, ids);
  const changes = await readChanges(tx, withPatient);
  const mappings = await readMappings(tx, [...mappingIds]);
  const repaired = await readRepairedContents(tx, id, MAX_REPAIRS);
  const patients = seesPatients
    ? await readPatientRows(tx, [...new Set(withPatient.map((pair) => pair.patientId))])
    : [];
  const patient = withPatient.at(-1)?.patientId;
  return {
    places: await readPlaces(tx),
    facts,
    content,
    repaired: new Map(repaired.map((row) => [int8Text(row.transaction_id), row.content])),
    traces: new Map(traces.flatMap((row) => (row.trace === null ? [] : [[int8Text(row.id), row.trace]]))),
    changes: new Map(changes.map((row) => [int8Text(row.id), row.changes])),
    mappings: new Map(mappings.map((row) => [int8Text(row.id), row])),
    nodes: await readNodeNames(tx),
    unsentReason: (await readUnsentAcknowledgment(tx, id))?.reason,
    held: await isReplyHeld(tx, id),
    laterApplied: patient === undefined ? 0 : await countLaterApplied(tx, patient, id, MAX_LATER),
    names: patientNames(sealer, patients),
  };
}
