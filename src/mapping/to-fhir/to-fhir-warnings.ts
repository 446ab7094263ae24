/** What a conversion may have to say about a message: the reason and what to do. Neither holds what a field says. */
export const TO_FHIR_WARNINGS = Object.freeze({
  'to-fhir.no-map': {
    reason: 'There is no table for this message type; nothing was converted.',
    hint: 'docs/hl7-to-fhir.md lists the messages that are converted.',
  },
  'to-fhir.no-patient': {
    reason: 'The message has no patient (PID), and what it says cannot be filed without one.',
    hint: 'Look at the message: the PID segment may be missing or misspelled.',
  },
  'to-fhir.left-out': {
    reason: 'The resource lacks an element that FHIR requires, and was left out.',
    hint: 'Have the sender fill the fields of this segment that identify it.',
  },
  'to-fhir.time-zone-assumed': {
    reason: 'The message tells times without an offset, and no time zone is set for the sender; UTC was taken.',
    hint: "Set the sender's time zone.",
  },
  'to-fhir.local-time-unclear': {
    reason: "The local time does not exist or exists twice in the sender's time zone; only its date was taken.",
    hint: 'Have the sender write times with their offset.',
  },
  'to-fhir.date-unreadable': {
    reason: 'The value is not a date or time that exists, in the form of HL7; it was left out.',
    hint: 'Correct the date at the sender and let it send the message again.',
  },
  'to-fhir.number-unreadable': {
    reason: 'The value is not a number, though its data type says so; it was kept as text where that is possible.',
    hint: 'Have the sender use ST or SN for results that are no plain numbers.',
  },
  'to-fhir.code-required': {
    reason: 'The code leads to none of the codes that FHIR allows here; the element was left out or set to unknown.',
    hint: 'Add the code to the code map, or have the sender use the HL7 table.',
  },
  'to-fhir.flag-unreadable': {
    reason: 'The value is neither yes nor no; it was left out.',
    hint: 'Have the sender use Y and N (HL7 table 0136).',
  },
  'to-fhir.document-unreadable': {
    reason: 'The embedded document is not encoded as it says; it was left out.',
    hint: 'Look at OBX-5: the fourth component names the encoding (Base64, Hex, A).',
  },
  'to-fhir.value-type-unknown': {
    reason: 'The value type (OBX-2) is missing or not known; the value was kept as text.',
    hint: 'Have the sender fill OBX-2.',
  },
  'to-fhir.parent-missing': {
    reason: 'The parent result that it belongs to is not in this message; the link holds its identifiers only.',
    hint: 'Nothing to do when the parent came in an earlier message.',
  },
  'to-fhir.appointment-without-time': {
    reason: 'The appointment has no start; FHIR knows it only as proposed or cancelled then.',
    hint: 'Have the sender fill SCH-11.4 or TQ1-7.',
  },
  'to-fhir.document-empty': {
    reason: 'The document notification brings no content.',
    hint: 'Nothing to do when the content follows or is fetched elsewhere.',
  },
} as const satisfies Readonly<Record<string, { readonly reason: string; readonly hint: string }>>);
export type ToFhirWarningCode = keyof typeof TO_FHIR_WARNINGS;

/** Something a conversion has to say: what, and where in the message (`OBX[3]-5`). */
export interface ToFhirWarning {
  readonly code: ToFhirWarningCode;
  readonly place: string;
  readonly reason: string;
  readonly hint: string;
}
