import { fieldPart } from './field-view.ts';
import type { Run } from './run.ts';

/** Reads one repetition (from 0) of a field as a whole. */
type CompositeReader = (run: Run, segment: number, repetition: number) => string | null | undefined;

/**
 * Reads a telephone (HL7 XTN, chapter 2A): the number as written out (XTN.1, since 2.7 XTN.12), otherwise put together
 * from country, area and local number (XTN.5 to 7); the extension (XTN.8) behind an `x`.
 */
export function readTelephone(field: string): CompositeReader {
  const written = fieldPart(`${field}.1`);
  const unformatted = fieldPart(`${field}.12`);
  const country = fieldPart(`${field}.5`);
  const area = fieldPart(`${field}.6`);
  const local = fieldPart(`${field}.7`);
  const extension = fieldPart(`${field}.8`);
  return (run, segment, repetition) => {
    const { view } = run;
    let number = view.read(segment, written, repetition);
    if (number === null) return null;
    if (number === undefined || number.includes('@')) {
      number = view.read(segment, unformatted, repetition) ?? undefined;
      if (number === undefined) {
        const localPart = view.read(segment, local, repetition) ?? undefined;
        if (localPart === undefined) return undefined;
        const areaPart = view.read(segment, area, repetition) ?? '';
        const countryPart = view.read(segment, country, repetition) ?? '';
        // A country code without an area code leads nowhere in the plans that have area codes.
        const prefix = countryPart === '' || areaPart === '' ? '' : `+${countryPart.replace(/^\+/, '')} `;
        number = prefix + areaPart + localPart;
      }
    }
    const extensionPart = view.read(segment, extension, repetition);
    return typeof extensionPart === 'string' ? `${number} x${extensionPart}` : number;
  };
}

/** Reads an e-mail address from a telecommunication (HL7 XTN): XTN.4, or XTN.1 where an old sender puts it. */
export function readEmail(field: string): CompositeReader {
  const address = fieldPart(`${field}.4`);
  const written = fieldPart(`${field}.1`);
  return (run, segment, repetition) => {
    const value = run.view.read(segment, address, repetition);
    if (value !== undefined) return value;
    const text = run.view.read(segment, written, repetition);
    return typeof text === 'string' && text.includes('@') ? text : undefined;
  };
}
