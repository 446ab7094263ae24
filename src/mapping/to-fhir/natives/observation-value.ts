import type { FhirObject } from '../../../formats/fhir/fhir-types.ts';
import { packName } from '../../../formats/hl7v2/segment-index.ts';
import { readDateTime, readTime } from '../date-time.ts';
import { type Part, childPart, childText, fieldParts, partText, wholeText } from '../part.ts';
import { type Run, warn } from '../run.ts';
import { codeableConcept } from './coded.ts';
import { quantityUnits, quantityValue } from './numbers.ts';

/** One of the elements `value[x]`: its name and what it is. */
export interface ChosenValue {
  readonly element: string;
  readonly value: unknown;
}

const OBX = packName('OBX');
const ORIGINAL_TEXT = 'http://hl7.org/fhir/StructureDefinition/originalText';
const concept = codeableConcept({
  codes: undefined,
  listUnmapped: false,
  allowed: undefined,
  required: false,
  codeMap: () => undefined,
});
const COMPARED = /^\s*(<=|>=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$/;

/**
 * OBX-5 by the value type of OBX-2, with the units of OBX-6: what `OBX[Observation]` says of both. A number that is none
 * ("<5", "negative") is kept: as a quantity with a comparator where it can be, else as text.
 */
export function observationValue(run: Run, part: Part): ChosenValue | undefined {
  const segment = run.latest.get(OBX);
  if (segment === undefined) return undefined;
  const typePart = fieldParts(run, segment, 2)[0];
  const type = typePart === undefined ? undefined : partText(run, typePart);
  switch (type ?? '') {
    case 'NM':
    case 'MO':
      return numeric(run, part, segment);
    case 'SN':
      return structured(run, part, segment);
    case 'CE':
    case 'CWE':
    case 'CNE':
    case 'CF':
    case 'IS':
    case 'ID':
      return chosen('valueCodeableConcept', concept(run, part));
    case 'DT':
    case 'TS':
    case 'DTM':
      return dateTime(run, part);
    case 'TM':
      return chosen('valueTime', readTime(run, part));
    case 'DR':
      return chosen('valuePeriod', period(run, part));
    case 'NR':
      return chosen('valueRange', range(run, part, segment));
    case 'NA':
      return sampledData(run, part);
    case 'VR':
      return text(joined(run, part, '-'));
    case 'ED':
    case 'RP':
      // Documents become resources of their own.
      return undefined;
    case 'ST':
    case 'TX':
    case 'FT':
      return text(wholeText(run, part));
    case 'XPN':
    case 'XAD':
    case 'XCN':
    case 'XON':
    case 'XTN':
    case 'CX':
    case 'EI':
    case 'HD':
      return text(joined(run, part, ' '));
    default:
      warn(run, 'to-fhir.value-type-unknown');
      return text(wholeText(run, part));
  }
}

function chosen(element: string, value: unknown): ChosenValue | undefined {
  return value === undefined ? undefined : { element, value };
}

function text(value: string | undefined): ChosenValue | undefined {
  return chosen('valueString', value);
}

function numeric(run: Run, part: Part, segment: number): ChosenValue | undefined {
  const written = wholeText(run, part);
  if (written === undefined) return undefined;
  const quantity: FhirObject = {};
  const compared = COMPARED.exec(written);
  if (!quantityValue(compared?.[2] ?? written, quantity)) {
    warn(run, 'to-fhir.number-unreadable');
    return text(withUnits(run, written, segment));
  }
  if (compared?.[1] !== undefined) quantity['comparator'] = compared[1];
  quantityUnits(run, units(run, segment), quantity);
  return { element: 'valueQuantity', value: quantity };
}

/** `SN[Quantity]`, `SN[Range]`, `SN[Ratio]`; what is none of them stays text. */
function structured(run: Run, part: Part, segment: number): ChosenValue | undefined {
  const [comparator, first, separator, second] = [1, 2, 3, 4].map((n) => childText(run, part, n));
  const original = [comparator, first, separator, second].filter((each) => each !== undefined).join(' ');
  const low: FhirObject = {};
  const high: FhirObject = {};
  const hasLow = first !== undefined && quantityValue(first, low);
  const hasHigh = second !== undefined && quantityValue(second, high);
  const isComparator = comparator === undefined || comparator === '=' || ['<', '>', '<=', '>='].includes(comparator);
  if (!isComparator || (first !== undefined && !hasLow) || (second !== undefined && !hasHigh) || !hasLow) {
    return text(original === '' ? undefined : withUnits(run, original, segment));
  }
  const extension = [{ url: ORIGINAL_TEXT, valueString: original }];
  const marked = comparator !== undefined && comparator !== '=';
  if (marked) low['comparator'] = comparator;
  quantityUnits(run, units(run, segment), low);
  if (!hasHigh) {
    return separator === undefined ? { element: 'valueQuantity', value: low } : text(withUnits(run, original, segment));
  }
  quantityUnits(run, units(run, segment), high);
  if (separator === '-') {
    delete low['comparator'];
    const value = marked ? { extension, low, high } : { low, high };
    return { element: 'valueRange', value };
  }
  if (separator === ':' || separator === '/')
    return { element: 'valueRatio', value: { numerator: low, denominator: high } };
  return text(withUnits(run, original, segment));
}

function dateTime(run: Run, part: Part): ChosenValue | undefined {
  const value = readDateTime(run, part);
  return value === undefined ? text(wholeText(run, part)) : { element: 'valueDateTime', value };
}

function period(run: Run, part: Part): FhirObject | undefined {
  const result: FhirObject = {};
  for (const [n, name] of [
    [1, 'start'],
    [2, 'end'],
  ] as const) {
    const inner = childPart(run, part, n);
    const value = inner === undefined ? undefined : readDateTime(run, inner);
    if (value !== undefined) result[name] = value;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function range(run: Run, part: Part, segment: number): FhirObject | undefined {
  const result: FhirObject = {};
  for (const [n, name] of [
    [1, 'low'],
    [2, 'high'],
  ] as const) {
    const written = childText(run, part, n);
    const quantity: FhirObject = {};
    if (written === undefined || !quantityValue(written, quantity)) continue;
    quantityUnits(run, units(run, segment), quantity);
    result[name] = quantity;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

/** A row of numbers: their distance in time is not told, so 1 ms stands for it. */
function sampledData(run: Run, part: Part): ChosenValue | undefined {
  const written = joined(run, part, ' ');
  if (written === undefined) return undefined;
  if (!/^(?:[+-]?[\d.]+(?:[eE][+-]?\d+)?)(?: [+-]?[\d.]+(?:[eE][+-]?\d+)?)*$/.test(written)) return text(written);
  return { element: 'valueSampledData', value: { origin: { value: 0 }, period: 1, dimensions: 1, data: written } };
}

function joined(run: Run, part: Part, separator: string): string | undefined {
  const written = wholeText(run, part);
  const { component } = run.message.delimiters;
  if (written === undefined || component === '') return written;
  const parts = written.split(component).map((each) => each.trim());
  const result = parts.filter((each) => each !== '').join(separator);
  return result === '' ? undefined : result;
}

function units(run: Run, segment: number): Part | undefined {
  return fieldParts(run, segment, 6)[0];
}

function withUnits(run: Run, written: string, segment: number): string {
  const part = units(run, segment);
  const unit = part === undefined ? undefined : (childText(run, part, 2) ?? partText(run, part));
  return unit === undefined ? written : `${written} ${unit}`;
}
