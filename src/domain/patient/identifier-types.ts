/**
 * What a type of identifier means for a person's identity.
 * - `person`: one person has one within its authority, so that it may say by itself who is meant.
 * - `national`: one person has one, but it is too often wrong, borrowed or a placeholder to link by itself.
 * - `episode`: belongs to a visit or an account; a new one takes the place of the old.
 * - `other`: kept and searchable, says nothing by itself.
 */
export type IdentifierScope = 'person' | 'national' | 'episode' | 'other';

interface IdentifierType {
  readonly label: string;
  readonly scope: IdentifierScope;
}

/** Identifier types (HL7 table 0203, as far as patients' identifiers use it). */
export const IDENTIFIER_TYPES: Readonly<Record<string, IdentifierType>> = Object.freeze({
  MR: { label: 'Medical record number', scope: 'person' },
  PI: { label: 'Patient internal identifier', scope: 'person' },
  PT: { label: 'Patient external identifier', scope: 'person' },
  PN: { label: 'Person number', scope: 'person' },
  PE: { label: 'Living subject enterprise number', scope: 'person' },
  MA: { label: 'Patient Medicaid number', scope: 'other' },
  MC: { label: "Patient's Medicare number", scope: 'other' },
  MB: { label: 'Member number', scope: 'other' },
  SN: { label: 'Subscriber number', scope: 'other' },
  SS: { label: 'Social Security number', scope: 'national' },
  DL: { label: "Driver's license number", scope: 'national' },
  PPN: { label: 'Passport number', scope: 'national' },
  RI: { label: 'Resource identifier', scope: 'other' },
  SR: { label: 'State registry ID', scope: 'other' },
  U: { label: 'Unspecified identifier', scope: 'other' },
  AN: { label: 'Account number', scope: 'episode' },
  VN: { label: 'Visit number', scope: 'episode' },
  BR: { label: 'Birth registry number', scope: 'national' },
  NI: { label: 'National unique individual identifier', scope: 'national' },
  MI: { label: 'Military ID number', scope: 'national' },
});

/** What an identifier's type means for identity; a type that the table does not know says nothing. */
export function identifierScope(type: string | undefined): IdentifierScope {
  return (type === undefined ? undefined : IDENTIFIER_TYPES[type]?.scope) ?? 'other';
}
