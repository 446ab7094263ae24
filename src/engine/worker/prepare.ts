import { isMessageCode, peekEnvelope } from '../../formats/hl7v2/envelope.ts';
import { formatPlace, Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { compilePath } from '../../formats/hl7v2/path.ts';
import { read } from '../../formats/hl7v2/read.ts';
import { cutOffSegment } from '../../formats/hl7v2/truncation.ts';
import type { StepProblem, StoredStep } from '../../domain/stored-trace.ts';
import type { PatientInput } from '../../domain/patient/patient-record.ts';
import type { SaidTime } from '../../domain/said-time.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { NO_RECORDS, type MessageRecords } from '../../records/record-input.ts';
import type { Sealer } from '../../security/sealing.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { MappingProblemCode } from '../../mapping/mapping-problems.ts';
import { identifierKeys } from '../../matching/identifier-keys.ts';
import type { Claimed } from './claim.ts';
import type { Failure } from './failure.ts';
import type { SystemSettings } from './settings.ts';
import { headerWarnings } from './header-warnings.ts';
import { readPrior, type PriorPatient } from './merge-patients.ts';
import { messageTime } from './message-time.ts';
import { RECORD_FAMILIES } from './record-families.ts';
import type { RecordContext } from './records/record-family.ts';
import { isProcessed, routeOf } from './route.ts';
import { structuralProblem } from './structure.ts';

const EVENT = compilePath('EVN-1');

/** Problems of the mapping that lie in what the sender says, not in how it is mapped. */
const VALIDATION_CODES: ReadonlySet<MappingProblemCode> = new Set<MappingProblemCode>([
  'mapping.required-missing',
  'mapping.control-character',
  'mapping.too-many-items',
]);

/** What a message says: about its patient, and in records. */
export interface PreparedPatient {
  readonly kind: 'patient';
  /** `update`: the patient becomes what the message says. `create`: only one who is not known yet is made from it. */
  readonly intent: 'update' | 'create';
  readonly input: PatientInput;
  readonly keys: readonly string[];
  readonly warnings: boolean;
  readonly said: SaidTime | undefined;
  readonly records: MessageRecords;
  /** Why no patient can be made of the message; it matters only when he is not known. */
  readonly unusable?: Failure;
  /** The patient who is merged into this one. */
  readonly prior?: PriorPatient;
}

/** A claimed message after everything that needs no database: opened, parsed, routed, mapped. */
export interface Prepared {
  readonly claimed: Claimed;
  readonly system: SystemSettings | undefined;
  readonly steps: StoredStep[];
  readonly result:
    | PreparedPatient
    | { readonly kind: 'filtered'; readonly reason: string }
    | {
        readonly kind: 'failed';
        readonly failure: Failure;
        /** What could be read of the patient, so that the failure is found by searching for him. */
        readonly input?: PatientInput;
      };
}

const micros = (from: number): number => Math.round((performance.now() - from) * 1000);

/** Prepares one message. Never throws: whatever goes wrong is that message's failure alone. */
export function prepareMessage(claimed: Claimed, system: SystemSettings | undefined, sealer: Sealer): Prepared {
  const steps: StoredStep[] = [];
  try {
    return { claimed, system, steps, result: prepare(claimed, system, sealer, steps) };
  } catch (error) {
    const failure: Failure =
      error instanceof Hl7Error
        ? { cause: 'message_format', code: error.code, place: formatPlace(error.place) || null }
        : { cause: 'internal', code: codeOf(error), place: null };
    steps.push({ s: steps.length === 0 ? 'unseal' : 'parse', us: 0, o: 'failed', m: failure.code });
    return { claimed, system, steps, result: { kind: 'failed', failure } };
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[a-z][a-z0-9_.-]{0,60}$/.test(code) ? code : 'internal.fault';
}

function prepare(
  claimed: Claimed,
  system: SystemSettings | undefined,
  sealer: Sealer,
  steps: StoredStep[],
): Prepared['result'] {
  let start = performance.now();
  const bytes =
    claimed.repaired === null
      ? sealer.open(SEALED_COLUMNS.messageContent, claimed.messageId, claimed.content)
      : sealer.open(SEALED_COLUMNS.replayContent, claimed.transactionId, claimed.repaired);
  steps.push({ s: 'unseal', us: micros(start) });

  start = performance.now();
  if (claimed.type === 'oversized' && claimed.repaired === null) {
    steps.push({ s: 'parse', us: 0, o: 'failed', m: 'Only the first bytes were kept.' });
    return failed('message_format', 'intake.frame-too-large', null);
  }
  const envelope = peekEnvelope(bytes);
  const message = parseMessage(bytes);
  const odd = headerWarnings(envelope);
  steps.push({
    s: 'parse',
    us: micros(start),
    m: `${message.segmentCount} segments`,
    ...(odd.length === 0 ? {} : { o: 'warning', p: odd }),
  });
  if (envelope.messageCode === undefined) return failed('message_format', 'intake.type-missing', 'MSH-9');
  if (!isMessageCode(envelope.messageCode)) return failed('message_format', 'intake.type-malformed', 'MSH-9');
  if (envelope.controlId === undefined && claimed.kind === 0) {
    return failed('message_format', 'intake.control-id-missing', 'MSH-10');
  }

  start = performance.now();
  if (system === undefined) {
    steps.push({ s: 'route', us: micros(start), o: 'failed', m: 'The system was removed.' });
    return failed('missing_reference', 'route.system-unknown', null);
  }
  // Before version 2.3.1 senders often tell the event in EVN-1 alone.
  const event = envelope.triggerEvent ?? read(message, EVENT) ?? undefined;
  if (event === undefined && envelope.messageCode === 'ADT') {
    steps.push({ s: 'route', us: micros(start), o: 'failed', m: 'Neither MSH-9.2 nor EVN-1 tells the event.' });
    return failed('message_format', 'intake.type-missing', 'MSH-9.2');
  }
  const route = routeOf(envelope.messageCode, event);
  if (route === undefined || !isProcessed(route)) {
    steps.push({ s: 'route', us: micros(start), o: 'skipped', m: 'This type of message is not routed anywhere.' });
    return { kind: 'filtered', reason: 'not-routed' };
  }
  steps.push({ s: 'route', us: micros(start), m: `${route.type} → ${route.target}` });

  start = performance.now();
  // What a person repaired has been looked at, and editors like to drop the last line end.
  const cutOff = claimed.repaired === null ? cutOffSegment(message, route.type) : undefined;
  if (cutOff !== undefined) {
    steps.push({ s: 'parse', us: micros(start), o: 'failed', m: 'The message breaks off before its end.' });
    return failed('message_format', 'hl7.truncated', /^[A-Z][A-Z0-9]{2}$/.test(cutOff) ? cutOff : null);
  }
  const problem = structuralProblem(message);
  if (problem !== undefined) {
    steps.push({ s: 'parse', us: micros(start), o: 'failed', m: problem.text });
    return failed('message_format', 'hl7.segment-sequence', formatPlace(problem.location) || null);
  }
  if (message.segmentIndexes('PID').length === 0) {
    steps.push({ s: 'map', us: micros(start), o: 'failed', m: 'There is no PID segment.' });
    return failed('message_format', 'hl7.segment-missing', 'PID');
  }
  if (system.mapping === undefined) {
    steps.push({ s: 'map', us: 0, o: 'failed', m: 'The field mapping in force cannot be used.' });
    return failed('mapping', 'mapping.unusable', null);
  }
  const mapped = system.mapping.evaluate(message);
  const errors = mapped.problems.filter((problem) => problem.severity === 'error');
  const problems: readonly StepProblem[] = mapped.problems.map(({ severity, code, place, reason, hint }) => ({
    severity,
    code,
    place,
    reason,
    hint,
  }));
  steps.push({
    s: 'map',
    us: micros(start),
    ...(errors.length > 0 ? { o: 'failed' } : problems.length > 0 ? { o: 'warning' } : {}),
    d: mapped.values,
    ...(problems.length > 0 ? { p: problems } : {}),
  });
  const [first] = errors;
  // What is wrong with the patient of a result is no reason to hold the result back, where the patient is known.
  const intent = route.target === 'patient' || route.target === 'merge' ? 'update' : 'create';
  let unusable: Failure | undefined;
  if (first !== undefined) {
    const cause = VALIDATION_CODES.has(first.code) ? 'validation' : 'mapping';
    unusable = { cause, code: first.code, place: first.place };
    if (intent === 'update') return { kind: 'failed', failure: unusable, input: mapped.input };
  }
  const keys = identifierKeys(mapped.input.lists.identifiers ?? [], String(system.id));
  if (keys.length === 0) {
    steps.push({ s: 'match', us: 0, o: 'failed', m: 'No identifier tells who the patient is.' });
    return { ...failed('validation', 'match.no-identifier', 'PID-3'), input: mapped.input };
  }
  const said = messageTime(message, system.timeZone);
  const converted = recordsOf(message, { route, timeZone: system.timeZone, said }, steps);
  if ('failure' in converted) return { kind: 'failed', failure: converted.failure, input: mapped.input };
  let prior: PriorPatient | undefined;
  if (route.target === 'merge') {
    const read = readPrior(message, system.mapping, String(system.id));
    if ('failure' in read) {
      steps.push({ s: 'match', us: 0, o: 'failed', m: 'MRG does not tell which patient is merged.' });
      return { kind: 'failed', failure: read.failure, input: mapped.input };
    }
    prior = read.prior;
  }
  return {
    kind: 'patient',
    intent,
    input: mapped.input,
    keys,
    warnings: odd.length > 0 || problems.length > 0 || converted.warnings,
    said,
    records: converted.records,
    ...(unusable === undefined ? {} : { unusable }),
    ...(prior === undefined ? {} : { prior }),
  };
}

/** The records of a message, from every family that has some; no step where none has. */
function recordsOf(
  message: Hl7Message,
  context: RecordContext,
  steps: StoredStep[],
): { readonly records: MessageRecords; readonly warnings: boolean } | { readonly failure: Failure } {
  let all = NO_RECORDS;
  const problems: StepProblem[] = [];
  const start = performance.now();
  for (const family of RECORD_FAMILIES) {
    if (!family.handles(context.route, message)) continue;
    const inputs = family.inputs(message, context);
    if ('failure' in inputs) {
      steps.push({ s: 'convert', us: micros(start), o: 'failed', m: inputs.failure.code });
      return inputs;
    }
    all = {
      records: [...all.records, ...inputs.records.records],
      patientNames: [...all.patientNames, ...inputs.records.patientNames],
    };
    problems.push(...inputs.problems);
  }
  if (all !== NO_RECORDS) {
    steps.push({
      s: 'convert',
      us: micros(start),
      m: countTypes(all),
      ...(problems.length === 0 ? {} : { o: 'warning', p: problems }),
    });
  }
  return { records: all, warnings: problems.length > 0 };
}

/** `DiagnosticReport, 3 Observation` */
function countTypes({ records }: MessageRecords): string {
  if (records.length === 0) return 'Nothing to record.';
  const counts = new Map<string, number>();
  for (const { type } of records) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => (count === 1 ? type : `${count} ${type}`)).join(', ');
}

function failed(
  cause: Failure['cause'],
  code: string,
  place: string | null,
): Extract<Prepared['result'], { kind: 'failed' }> {
  return { kind: 'failed', failure: { cause, code, place } };
}
