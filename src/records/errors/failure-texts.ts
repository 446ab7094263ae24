import type { FailureCause } from '../../domain/failure-causes.ts';

/** Who has to act on a failure, as the console says it. */
export const WHO_ACTS = {
  us: 'We: this practice’s integration engineer.',
  vendor: 'The vendor of the sending system.',
  customer: 'The practice’s staff, at the sending system.',
  operator: 'We: the operator of this program.',
} as const;
export type WhoActs = keyof typeof WHO_ACTS;

/** What a failure means to a person: what happened and why it matters, what usually helps, who acts. Never a value. */
export interface FailureText {
  readonly sentence: string;
  readonly hint: string;
  readonly who: WhoActs;
}

const text = (who: WhoActs, sentence: string, hint: string): FailureText => ({ who, sentence, hint });

/** By cause, for codes that have no text of their own. */
const BY_CAUSE: Readonly<Record<FailureCause, FailureText>> = {
  authentication: text(
    'us',
    'The credentials were refused, so nothing gets through until they are right.',
    'Test the credential, renew it with the vendor, then replay.',
  ),
  connectivity: text(
    'us',
    'The other side could not be reached or did not answer in time.',
    'Run the connection tester; when it passes, replay. Short outages are retried by themselves.',
  ),
  rate_limit: text(
    'vendor',
    'The other side asked us to slow down.',
    'Wait and replay; if it stays, lower the rate of the system or ask the vendor for a higher limit.',
  ),
  rejected: text(
    'vendor',
    'The PMS refused the content.',
    'Read its reason in the processing steps, correct the data or the mapping, then replay.',
  ),
  message_format: text(
    'vendor',
    'The message is not what its format demands, so it cannot be read and no record was changed.',
    'Show the raw message to the vendor; a single message can be repaired here and replayed.',
  ),
  mapping: text(
    'us',
    'The field mapping could not turn the message into a record; no record was changed.',
    'Look at the place in the message, correct the field mapping or the message, then replay.',
  ),
  validation: text(
    'customer',
    'A value is outside what the record allows, so the message was not applied.',
    'Have the value corrected at the sending system, which sends the message again; or repair and replay it here.',
  ),
  matching: text(
    'customer',
    'It is not certain which patient is meant; applying the message could mix up two people.',
    'Compare the identifiers, correct them at the sending system, then replay.',
  ),
  conflict: text(
    'us',
    'Both sides changed the same field and no rule decides which one stands.',
    'Decide which value stands, correct the other side, then replay.',
  ),
  missing_reference: text(
    'us',
    'Something that the message refers to is not known here.',
    'Load or set up what is missing, then replay.',
  ),
  internal: text(
    'operator',
    'This program or its database failed; the message is stored and unharmed.',
    'Replay. If it fails again, send a support bundle with the code.',
  ),
};

/** By stable code. The vendor's and the customer's failures name what to say to them. */
const BY_CODE: Readonly<Record<string, FailureText>> = {
  'hl7.empty': text(
    'vendor',
    'The frame holds no segment at all, so there is nothing to process.',
    'Some senders test a connection with empty frames: ask the vendor to stop, then discard these.',
  ),
  'hl7.no-header': text(
    'vendor',
    'The message does not begin with a message header (MSH), so neither its type nor its patient can be told.',
    'Often another protocol or a cut-off message: check what is connected to this port, and its framing.',
  ),
  'hl7.is-batch': text(
    'vendor',
    'A file or batch header came where one message was expected; its messages were not processed.',
    'Ask the vendor to send single messages over MLLP, or to deliver the batch as a file.',
  ),
  'hl7.bad-delimiters': text(
    'vendor',
    'The delimiters in MSH-1 and MSH-2 cannot be used, so fields cannot be told apart.',
    'Ask the vendor to send the delimiters |^~\\&; repair the header here and replay what is urgent.',
  ),
  'hl7.too-many-segments': text(
    'vendor',
    'The message has more segments than one message may have.',
    'Ask the vendor whether messages run together: a missing end of frame does this.',
  ),
  'hl7.segment-missing': text(
    'vendor',
    'A segment that this type of message must have is missing, so it does not say whom it is about.',
    'Show the raw message to the vendor; repair it here and replay what is urgent.',
  ),
  'hl7.truncated': text(
    'vendor',
    'The message breaks off in the middle: its last line has no end and a segment that it must have is missing. It was not applied, as half values would overwrite whole ones.',
    'Have the sender send the message again, and look at what cuts it short on the way (size limits, a broken connection). Only repair it here if the rest is known.',
  ),
  'intake.frame-too-large': text(
    'vendor',
    'The message is larger than the listener accepts; it was refused and only its beginning was kept.',
    'Raise the limit of the listener if such messages are right, and let the vendor send it again; it cannot be replayed.',
  ),
  'intake.type-missing': text(
    'vendor',
    'The message does not say its type (MSH-9), so there is no telling what it is for.',
    'Ask the vendor to fill MSH-9; repair it here and replay what is urgent.',
  ),
  'intake.type-malformed': text(
    'vendor',
    'MSH-9 holds something else than a message type, so the fields of the header are not where they belong; the sender was told so.',
    'Have the vendor look at MSH-1 and MSH-2 (the delimiters) and count the fields of MSH.',
  ),
  'intake.control-id-missing': text(
    'vendor',
    'The message has no control id (MSH-10), so an acknowledgment could not name it and a resend would not be known.',
    'Ask the vendor to fill MSH-10; a replay processes the message without it.',
  ),
  'route.system-unknown': text(
    'us',
    'The system that this message came from was removed here.',
    'Set the system up again and replay, or discard the messages with a reason.',
  ),
  'match.no-identifier': text(
    'customer',
    'No identifier in PID-3 tells who the patient is; applying the message could mix up two people.',
    'Have the medical record number filled with its assigning authority at the sending system, then replay.',
  ),
  'match.ambiguous': text(
    'customer',
    'The identifiers of one message belong to two patients here; applying it would mix them up.',
    'Find out which number is wrong or whether the two are one person; correct it at the sending system, then replay.',
  ),
  'merge.no-identifier': text(
    'vendor',
    'A merge does not say which patient it takes away: MRG-1 holds no identifier that tells who it is. Nothing was merged.',
    'Ask the vendor to fill MRG-1 with the medical record number and its authority; repair it here and replay what is urgent.',
  ),
  'merge.same-identifier': text(
    'vendor',
    'A merge names the same number for the patient who stays and the one who goes, so nothing was merged.',
    'Ask which number was meant; repair PID-3 or MRG-1 here and replay, or discard it with a reason.',
  ),
  'merge.ambiguous': text(
    'customer',
    'The numbers of a merge belong to more than the two patients it is about; carrying it out could mix up people.',
    'Compare the patients behind the numbers in PID-3 and MRG-1; have them put right at the sending system, then replay.',
  ),
  'merge.patients-unknown': text(
    'us',
    'A merge names two patients of whom neither is known here, so there is nothing to merge.',
    'Load the patients first (their registrations may be waiting or have failed), then replay; or discard it with a reason.',
  ),
  'merge.several': text(
    'vendor',
    'One message merges several pairs of patients; it was not applied, as half of it might be wrong.',
    'Ask the vendor to send one merge per message; repair it here into one pair and replay.',
  ),
  'record.other-patient': text(
    'customer',
    "A result, document or order comes under a number that is known as another patient's; it was not filed, as one of the two is wrong.",
    'Find out whose it is. Have the wrong one withdrawn at the sending system, or the number corrected, then replay.',
  ),
  'record.several-patients': text(
    'vendor',
    'One message holds results of several patients; it was not applied, as they could be filed to the wrong one.',
    'Ask the vendor to send one patient per message; split it by hand here and replay what is urgent.',
  ),
  'store.conflict': text(
    'operator',
    'Another processing changed the same patient at the same moment, again and again.',
    'Replay. If it returns, two programs may be working on one database with the same node number.',
  ),
  'store.unavailable': text(
    'operator',
    'The database was away for longer than the attempts lasted; the message is stored and unharmed.',
    'Look at the database, then replay all.',
  ),
  'mapping.bad-document': text(
    'us',
    'The field mapping in force has faults, so that no message of the system can be processed.',
    'Open the field mapping, correct the faults that it lists (or go back to the version before), then replay all.',
  ),
  'mapping.required-missing': text(
    'customer',
    'A field that the record needs is empty, so the patient was not created or changed.',
    'Have the field filled at the sending system; where it never fills it, change the field mapping, then replay.',
  ),
  'mapping.date-impossible': text(
    'customer',
    'A date does not exist in the calendar, so the message was not applied.',
    'Have the date corrected at the sending system, which sends the message again; or repair and replay it here.',
  ),
  'mapping.date-unreadable': text(
    'us',
    'A date is in a form that the field mapping does not read.',
    'Name the form in the date step of the field mapping (hl7, iso, us), then replay all.',
  ),
  'mapping.code-refused': text(
    'us',
    'A code is not in the code table, and the field mapping demands that it is.',
    'Add the code to the code table, then replay all: one change solves the whole group.',
  ),
  'mapping.value-invalid': text(
    'customer',
    'A value breaks a validation rule of the field mapping, so the message was not applied.',
    'Have the value corrected at the sending system, or change the rule, then replay.',
  ),
  'mapping.control-character': text(
    'vendor',
    'A value holds control characters, so it was damaged on its way; the message was not applied.',
    'Have the sender send the message again; if it returns, check its character set and the connection.',
  ),
  'mapping.too-many-items': text(
    'vendor',
    'A list of the message (identifiers, contacts, insurances) has more than 200 items, so the message was not applied.',
    'Show the raw message to the vendor: something is repeated, or put where it does not belong. Repair and replay what is urgent.',
  ),
  'mapping.value-too-long': text(
    'vendor',
    'A value is longer than any field of a patient can be; most often a delimiter is missing.',
    'Show the raw message to the vendor; repair it here and replay what is urgent.',
  ),
};

/**
 * What to tell about a failure: by its code, else by its cause.
 */
export function failureText(cause: FailureCause, code: string): FailureText {
  return (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined) ?? BY_CAUSE[cause];
}
