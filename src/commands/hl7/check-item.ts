import { isProcessed, routeOf, type RouteTarget } from '../../engine/worker/route.ts';
import { formatPlace, Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage, type Hl7Message } from '../../formats/hl7v2/message.ts';
import { compilePath } from '../../formats/hl7v2/path.ts';
import { read } from '../../formats/hl7v2/read.ts';
import type { FileItem } from '../../formats/hl7v2/read-messages.ts';
import { isWrittenBack } from '../../formats/hl7v2/rebuild.ts';
import { validateMessage } from '../../formats/hl7v2/validate.ts';

/** Something to know about a message or a batch. Holds no patient data. */
export interface CheckWarning {
  /** `error`: the message would be refused or fail; `warning`: it can be processed, but look at it. */
  readonly severity: 'error' | 'warning';
  /** A code of the program (`hl7.no-header`) or of HL7 table 0357 (`101`). */
  readonly code: string;
  /** `PID-3`, `OBX[2]-5`, `byte 120`; empty where it is about all of it. */
  readonly place: string;
  readonly text: string;
}

/** What is told of one message. The names are those of `--json`. */
export interface MessageCheck {
  readonly kind: 'message';
  readonly file: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Where it begins, in bytes from 0. */
  readonly offset: number;
  readonly parsed: boolean;
  /** Written back byte for byte. */
  readonly identical: boolean;
  /** `ADT^A04`; null where it cannot be told. */
  readonly type: string | null;
  readonly version: string | null;
  /** What it is about; null: stored, acknowledged and shown as not routed. */
  readonly route: RouteTarget | null;
  /** Whether this version of the program processes that. */
  readonly processed: boolean;
  readonly warnings: readonly CheckWarning[];
}

/** What is wrong with the envelope around messages. */
export interface BatchCheck extends CheckWarning {
  readonly kind: 'batch';
  readonly file: string;
  readonly line: number;
  readonly offset: number;
}

const CODE = compilePath('MSH-9.1');
const EVENT = compilePath('MSH-9.2');
const EVENT_OLD = compilePath('EVN-1');
const VERSION = compilePath('MSH-12.1');

/** Checks one thing of a file; undefined for what is in order and no message, such as a header of a batch. */
export function checkItem(file: string, item: FileItem): MessageCheck | BatchCheck | undefined {
  const { line, offset } = item;
  if (item.kind === 'envelope') return undefined;
  if (item.kind === 'problem') {
    const { code, segment, text } = item;
    return { kind: 'batch', file, line, offset, severity: 'warning', code, place: segment, text };
  }
  const at = { kind: 'message', file, line, offset } as const;
  let message: Hl7Message;
  try {
    message = parseMessage(item.bytes);
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    const warning = {
      severity: 'error',
      code: error.code,
      place: formatPlace(error.place),
      text: error.message,
    } as const;
    const nothing = { type: null, version: null, route: null, processed: false };
    return { ...at, parsed: false, identical: false, ...nothing, warnings: [warning] };
  }
  const code = read(message, CODE) ?? '';
  const event = read(message, EVENT) ?? read(message, EVENT_OLD) ?? undefined;
  const route = routeOf(code, event);
  return {
    ...at,
    parsed: true,
    identical: isWrittenBack(message),
    type: route?.type ?? codeOnly(event === undefined ? code : `${code}^${event}`),
    version: codeOnly(read(message, VERSION) ?? ''),
    route: route?.target ?? null,
    processed: route !== undefined && isProcessed(route),
    warnings: validateMessage(message).map(({ severity, conditionCode, location, text }) => ({
      severity: severity === 'E' ? 'error' : 'warning',
      code: conditionCode,
      place: formatPlace(location),
      text,
    })),
  };
}

/** A code as it stands; null for what is none, as fields out of place may hold anything, names of people included. */
function codeOnly(text: string): string | null {
  const trimmed = text.trim();
  return /^[A-Za-z0-9._]{1,10}(?:\^[A-Za-z0-9]{1,10})?$/.test(trimmed) ? trimmed : null;
}
