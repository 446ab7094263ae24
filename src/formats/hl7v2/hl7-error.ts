/** Why an HL7 v2 message, path or edit was refused. Stable: stored with the message and shown in the error queue. */
export const HL7_ERROR_CODES = {
  /** The bytes hold no segment at all. */
  EMPTY: 'hl7.empty',
  /** The first segment is not a message header (MSH). */
  NO_HEADER: 'hl7.no-header',
  /** The bytes begin with a file or batch header; they must be split into messages first. */
  IS_BATCH: 'hl7.is-batch',
  /** MSH-1 or MSH-2 cannot be used as delimiters. */
  BAD_DELIMITERS: 'hl7.bad-delimiters',
  /** More segments than the reader is willing to index. */
  TOO_MANY_SEGMENTS: 'hl7.too-many-segments',
  /** A path such as `PID-5.1` is not written as the path language wants it. */
  BAD_PATH: 'hl7.bad-path',
  /** An edit names a segment that the message does not have. */
  NO_SEGMENT: 'hl7.no-segment',
  /** An edit would change what the whole message's structure rests on, or would break it. */
  BAD_EDIT: 'hl7.bad-edit',
  /** The text has characters that the message's character set, or its lack of an escape character, cannot carry. */
  UNENCODABLE: 'hl7.unencodable',
  /** Bytes that shall go into a batch are not one message. */
  BAD_BATCH: 'hl7.bad-batch',
  /** An embedded document is not what its encoding (Base64, hexadecimal) allows. */
  BAD_DATA: 'hl7.bad-data',
  /** Fragments of a continued message do not fit together. */
  BAD_FRAGMENT: 'hl7.bad-fragment',
  /** An acknowledgment has no MSA segment, or one whose code is not of table 0008. */
  BAD_ACK: 'hl7.bad-ack',
} as const;

export type Hl7ErrorCode = (typeof HL7_ERROR_CODES)[keyof typeof HL7_ERROR_CODES];

/**
 * Where in a message something is, numbered from 1 as HL7 numbers it (and as ERR-2 tells it): `segment` is the name,
 * `sequence` the occurrence of that segment in the message. `offset` counts bytes from 0.
 */
export interface Hl7Place {
  readonly segment?: string;
  readonly sequence?: number;
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
  readonly subcomponent?: number;
  readonly offset?: number;
}

/** A place as people write it: `PID-3[2].4.1`, `OBX[3]-5`; the empty string when it names no segment. */
export function formatPlace(place: Hl7Place): string {
  if (place.segment === undefined) return place.offset === undefined ? '' : `byte ${place.offset}`;
  let text = place.segment;
  if (place.sequence !== undefined && place.sequence > 1) text += `[${place.sequence}]`;
  if (place.field === undefined) return text;
  text += `-${place.field}`;
  if (place.repetition !== undefined && place.repetition > 1) text += `[${place.repetition}]`;
  if (place.component !== undefined) text += `.${place.component}`;
  if (place.component !== undefined && place.subcomponent !== undefined) text += `.${place.subcomponent}`;
  return text;
}

/** The one error this folder throws. Its message names places and reasons only, never what a field holds. */
export class Hl7Error extends Error {
  readonly code: Hl7ErrorCode;
  readonly place: Hl7Place;

  constructor(code: Hl7ErrorCode, message: string, place: Hl7Place = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Hl7Error';
    this.code = code;
    this.place = place;
  }
}
