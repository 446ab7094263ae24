import { continuationView } from '../../formats/hl7v2/continuation.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import { compilePath } from '../../formats/hl7v2/path.ts';
import { read } from '../../formats/hl7v2/read.ts';
import { type CompiledMessage, compileMessages } from './compile-message.ts';
import { RuleCompiler } from './compile-rules.ts';
import { readInstant } from './date-time.ts';
import { dropIncomplete } from './drop-incomplete.ts';
import { fieldParts, startReading } from './part.ts';
import { type ConvertedResource, ResourceStore } from './resource-store.ts';
import { type Run, type ToFhirOptions, type UnmappedCode, warn } from './run.ts';
import type { ToFhirTables } from './to-fhir-format.ts';
import type { ToFhirWarning } from './to-fhir-warnings.ts';

/** What became of a message. */
export interface ToFhirResult {
  /** `ORU^R01`. */
  readonly messageType: string;
  /** The message map that was used; undefined when there is none for the type, and then there are no resources. */
  readonly table: string | undefined;
  /** MSH-10. */
  readonly controlId: string | undefined;
  /** MSH-7 as an instant, when it is as exact as one. */
  readonly sentAt: string | undefined;
  /** All resources, in the order of the message. They refer to each other by `url`. */
  readonly resources: readonly ConvertedResource[];
  /** The patient, the first one when there are several (ORU with several PID). */
  readonly patient: ConvertedResource | undefined;
  /** What the message reports: each is stored, and replaces what was stored under its key before. */
  readonly subjects: readonly ConvertedResource[];
  readonly warnings: readonly ToFhirWarning[];
  readonly unmappedCodes: readonly UnmappedCode[];
}

export interface ToFhirConverter {
  /** The message types that there are tables for: `ADT^A01`, `ADT^*`. */
  readonly messageTypes: readonly string[];
  /** Converts one message. Never throws for what a message holds; what was not understood is told by warnings. */
  convert(message: Hl7Message, options?: ToFhirOptions): ToFhirResult;
}

const TYPE = compilePath('MSH-9.1');
const EVENT = compilePath('MSH-9.2');
const CONTROL_ID = compilePath('MSH-10');

/**
 * Compiles the tables, once.
 *
 * @throws MappingError naming every fault of the tables and its place.
 */
export function compileToFhir(tables: ToFhirTables): ToFhirConverter {
  const rules = new RuleCompiler(tables);
  const messages = compileMessages(tables.messages, tables.segments, rules);
  rules.finish();
  return {
    messageTypes: [...messages.keys()],
    convert: (message, options = {}) => convert(messages, message, options),
  };
}

function convert(
  messages: ReadonlyMap<string, CompiledMessage>,
  original: Hl7Message,
  options: ToFhirOptions,
): ToFhirResult {
  // Segments that were cut are read as one; the bytes that ids are made of stay those of the wire.
  const { message } = continuationView(original);
  const code = (read(message, TYPE) ?? '').trim();
  const event = (read(message, EVENT) ?? '').trim();
  const messageType = event === '' ? code : `${code}^${event}`;
  const map = messages.get(messageType) ?? messages.get(`${code}^*`);
  const run: Run = {
    ...startReading(message),
    options,
    store: new ResourceStore(message),
    latest: new Map(),
    slots: new Map(),
    warnings: [],
    unmappedCodes: [],
    references: new Map(),
    places: undefined,
    segment: 0,
    field: 0,
    zone: undefined,
  };
  if (map === undefined) warn(run, 'to-fhir.no-map', 'MSH-9');
  else map.walk(run);
  const resources = dropIncomplete(run);
  const sent = fieldParts(run, 0, 7)[0];
  return {
    messageType,
    table: map?.table,
    controlId: read(message, CONTROL_ID)?.trim() || undefined,
    sentAt: sent === undefined ? undefined : readInstant({ ...run, warnings: [] }, sent),
    resources,
    patient: resources.find(({ role }) => role === 'patient'),
    subjects: resources.filter(({ role }) => role === 'subject'),
    warnings: run.warnings,
    unmappedCodes: run.unmappedCodes,
  };
}
