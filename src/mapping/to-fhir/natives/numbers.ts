import type { FhirObject } from '../../../formats/fhir/fhir-types.ts';
import { codingSystem } from '../coding-systems.ts';
import { type Part, childPart, childText, partText } from '../part.ts';
import { type Run, warn } from '../run.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const PRECISION = 'http://hl7.org/fhir/StructureDefinition/quantity-precision';

/** A number in text as JSON can hold it; undefined when it is none or has more digits than a JSON number keeps. */
export function toNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const digits = text
    .replace(/[eE].*$/, '')
    .replaceAll(/[^\d]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  const value = Number(text);
  return Number.isFinite(value) && digits.length <= 15 ? value : undefined;
}

/**
 * Puts a number into a Quantity. JSON drops zeros at the end, which tell how exactly was measured (7.0 is not 7): they are
 * told by the extension quantity-precision.
 */
export function quantityValue(text: string, quantity: FhirObject): boolean {
  const value = toNumber(text);
  if (value === undefined) return false;
  quantity['value'] = value;
  const decimals = /\.(\d+)$/.exec(text)?.[1];
  if (decimals?.endsWith('0') === true) {
    quantity['_value'] = { extension: [{ url: PRECISION, valueInteger: decimals.length }] };
  }
  return true;
}

/** Units (CWE) into a Quantity, as `CWE[Quantity]` says. UCUM is taken where the sender names it. */
export function quantityUnits(run: Run, units: Part | undefined, quantity: FhirObject): void {
  if (units === undefined) return;
  const code = partText(run, units);
  const unit = childText(run, units, 2) ?? code;
  const system = childText(run, units, 3);
  if (unit !== undefined) quantity['unit'] = unit;
  if (code !== undefined && system !== undefined) {
    quantity['system'] = codingSystem(system, run.options.systems).uri;
    quantity['code'] = code.replaceAll(/\s+/g, ' ');
  }
}

/** CQ: a quantity and its units (`CQ[Quantity]`). */
export function compositeQuantity(run: Run, part: Part): FhirObject | undefined {
  const text = childText(run, part, 1);
  const quantity: FhirObject = {};
  if (text === undefined) return undefined;
  if (!quantityValue(text, quantity)) {
    warn(run, 'to-fhir.number-unreadable');
    return undefined;
  }
  const units = childPart(run, part, 2);
  // The units' own parts are subcomponents here.
  quantityUnits(run, units, quantity);
  return quantity;
}

export function decimal(run: Run, part: Part): number | undefined {
  const text = partText(run, part);
  if (text === undefined) return undefined;
  const value = toNumber(text.replaceAll(/[$,]/g, ''));
  if (value === undefined) warn(run, 'to-fhir.number-unreadable');
  return value;
}

/** A whole number from `least`; anything else says nothing. */
export function integer(least: number): (run: Run, part: Part) => number | undefined {
  return (run, part) => {
    const text = partText(run, part);
    if (text === undefined) return undefined;
    const value = toNumber(text);
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= 2_147_483_647) return value;
    warn(run, 'to-fhir.number-unreadable');
    return undefined;
  };
}

/** An amount of money (CP, MO): US dollars unless it says otherwise. */
export function money(run: Run, part: Part): FhirObject | undefined {
  const text = partText(run, part);
  if (text === undefined) return undefined;
  const value = toNumber(text.replaceAll(/[$,]/g, ''));
  if (value === undefined) {
    warn(run, 'to-fhir.number-unreadable');
    return undefined;
  }
  const price = childPart(run, part, 1);
  const currency = price === undefined ? undefined : childText(run, price, 2);
  return { value, currency: currency !== undefined && /^[A-Z]{3}$/.test(currency) ? currency : 'USD' };
}
