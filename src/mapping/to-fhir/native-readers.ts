import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import type { CompiledCodeMap } from './code-map.ts';
import { localUri, universalUri, codingSystem } from './coding-systems.ts';
import { readDate, readDateTime, readInstant, readTime } from './date-time.ts';
import { encapsulatedData, mediaType, referencePointer } from './natives/attachment.ts';
import { contactPoint } from './natives/contact-point.ts';
import { code, codeableConcept, codedText, coding } from './natives/coded.ts';
import { personLocation } from './natives/location.ts';
import { compositeQuantity, decimal, integer, money, quantityUnits, quantityValue } from './natives/numbers.ts';
import { observationValue } from './natives/observation-value.ts';
import { minutes, resourcePeriod } from './natives/schedule.ts';
import { usCoreCategories } from './natives/us-core.ts';
import { type Part, childText, fieldParts, partText, wholeText } from './part.ts';
import { type Run, warn } from './run.ts';

/** What a rule says beside the function's name. */
export interface NativeOptions {
  readonly codes: CompiledCodeMap | undefined;
  readonly listUnmapped: boolean;
  /** The codes that R4 allows in the element. */
  readonly allowed: ReadonlySet<string> | undefined;
  /** Whether R4 requires the element. */
  readonly required: boolean;
  /** The code map of a name, for data types that have their own. */
  readonly codeMap: (name: string) => CompiledCodeMap | undefined;
}

/** Makes a value of a part; undefined when it says nothing. */
export type NativeReader = (run: Run, part: Part) => unknown;

const always = (reader: NativeReader) => (): NativeReader => reader;

/**
 * What no table can say: how texts become FHIR's primitives, coded values with their systems, values by OBX-2, documents.
 * Under the name of an R4 data type stands what a rule without `as` gets.
 */
export const NATIVE_READERS: Readonly<Record<string, ((options: NativeOptions) => NativeReader) | undefined>> =
  Object.freeze({
    string: always(firstText),
    markdown: always(whole),
    text: always(whole),
    lines: always(lines),
    minutes: always(minutes),
    'AIx[Period]': always(resourcePeriod),
    'ID[media-type]': always((run, part) => {
      const text = partText(run, part);
      return mediaType(text, text);
    }),
    'RXA-6[Quantity]': always(dose),
    code,
    uri: always(uri),
    boolean: always(flag),
    date: always(readDate),
    dateTime: always(readDateTime),
    instant: always(readInstant),
    time: always(readTime),
    decimal: always(decimal),
    integer: always(integer(-2_147_483_648)),
    positiveInt: always(integer(1)),
    unsignedInt: always(integer(0)),
    CodeableConcept: codeableConcept,
    Coding: coding,
    Money: always(money),
    Quantity: always(compositeQuantity),
    'CWE[string]': always(codedText),
    'CWE[system]': always((run, part) => systemOf(run, partText(run, part))),
    'HD[uri]': always(authority),
    'HD[universal]': always((run, part) => universalValue(partText(run, part))),
    'EI[system]': always((run, part) => universalSystem(partText(run, part))),
    'DLN[system]': always(licenceSystem),
    'HD[endpoint]': always(endpoint),
    'XTN[ContactPoint]': contactPoint(undefined),
    'XTN[ContactPoint-home]': contactPoint('home'),
    'XTN[ContactPoint-work]': contactPoint('work'),
    'US-Core[race]': usCoreCategories('race'),
    'US-Core[ethnicity]': usCoreCategories('ethnicity'),
    'PL[Location]': always(personLocation),
    'ED[Attachment]': always(encapsulatedData),
    'RP[Attachment]': always(referencePointer),
    'OBX-5[value]': always(observationValue),
    'ST[CodeableConcept]': always((run, part) => wrap(wholeText(run, part))),
  });

function firstText(run: Run, part: Part): string | undefined {
  return partText(run, part);
}

function whole(run: Run, part: Part): string | undefined {
  return wholeText(run, part);
}

/** All repetitions of the field at work, a line each. */
function lines(run: Run): string | undefined {
  const parts = fieldParts(run, run.segment, run.field);
  const text = parts
    .map((part) => wholeText(run, part) ?? '')
    .join('\n')
    .trim();
  return text === '' ? undefined : text;
}

/** RXA-6 with its units in RXA-7. */
function dose(run: Run, part: Part): FhirObject | undefined {
  const text = partText(run, part);
  const quantity: FhirObject = {};
  if (text === undefined || !quantityValue(text, quantity)) return undefined;
  quantityUnits(run, fieldParts(run, run.segment, 7)[0], quantity);
  return quantity;
}

function uri(run: Run, part: Part): string | undefined {
  const text = partText(run, part);
  return text === undefined || /\s/.test(text) ? undefined : text;
}

function wrap(text: string | undefined): { text: string } | undefined {
  return text === undefined ? undefined : { text };
}

/** Y and N (`ID[boolean]`, YesNoIndicator), and what is written in their place. */
function flag(run: Run, part: Part): boolean | undefined {
  const text = partText(run, part)?.toUpperCase();
  if (text === undefined) return undefined;
  if (text === 'Y' || text === 'YES' || text === 'TRUE' || text === '1') return true;
  if (text === 'N' || text === 'NO' || text === 'FALSE' || text === '0') return false;
  warn(run, 'to-fhir.flag-unreadable');
  return undefined;
}

function systemOf(run: Run, name: string | undefined): string | undefined {
  return name === undefined ? undefined : codingSystem(name, run.options.systems).uri;
}

/** An assigning authority as the system of an identifier (`HD[uri]`): its universal id, else a URI that keeps its name. */
function authority(run: Run, part: Part): string | undefined {
  const name = partText(run, part);
  const id = childText(run, part, 2);
  const type = childText(run, part, 3);
  const own = name === undefined ? undefined : run.options.systems?.[name];
  if (own !== undefined) return own;
  const universal = id === undefined ? undefined : universalUri(id, type);
  if (universal !== undefined) return universal;
  if (name === undefined) return undefined;
  return universalUri(name) ?? localUri('namespace', name);
}

/** A universal id as it stands in an identifier of the system urn:ietf:rfc:3986. */
function universalValue(id: string | undefined): string | undefined {
  return id === undefined ? undefined : (universalUri(id) ?? id);
}

function universalSystem(id: string | undefined): string | undefined {
  return id === undefined ? undefined : universalUri(id);
}

/** The issuer of a driver's licence as a system of its own: the same number may be given by two states. */
function licenceSystem(run: Run, part: Part): string | undefined {
  const issuer = partText(run, part);
  return issuer === undefined ? undefined : (universalUri(issuer) ?? localUri('namespace', `DL-${issuer}`));
}

/** An application as an endpoint (`HD[MessageHeader.source-endpoint]`); undefined when it has no universal id. */
function endpoint(run: Run, part: Part): string | undefined {
  const id = childText(run, part, 2);
  return id === undefined ? undefined : universalUri(id, childText(run, part, 3));
}
