/*
 * The format of the tables that turn HL7 v2 into FHIR R4. docs/hl7-to-fhir.md explains it with examples. A table is data:
 * it is checked against the structure of R4 and compiled to functions once, when the tables are loaded.
 */

/**
 * Fills one element. Exactly one of `as`, `value` and `make` says how, or none: then the element's own data type does.
 * An element that does not repeat keeps the first value that it is given; one that repeats takes all.
 */
export interface ToFhirRule {
  /** The element below the table's target: `maritalStatus`, `hospitalization.admitSource`, `_birthDate`. */
  readonly to: string;
  /**
   * Where the value is: a field (`PID-5`, `ORC-2.1`), in a data type or `make` a part of what is being read (`.1`, `.4.2`)
   * or all of it (`.`). Of several the first that is filled counts. A field that repeats gives as many values as the element
   * takes.
   */
  readonly from?: string | readonly string[];
  /** The data type's table, or one of the functions that no table can replace. */
  readonly as?: string;
  /** The code map that the code goes through. */
  readonly codes?: string;
  /** List the code among the unmapped when no coding of a standard system comes out. */
  readonly listUnmapped?: boolean;
  /** Further texts for an element that does not repeat are added to it, each on a line of its own. */
  readonly join?: boolean;
  /** A fixed value. */
  readonly value?: unknown;
  /** Makes an object; one of fixed values only is none. */
  readonly make?: readonly ToFhirRule[];
  /** The rule counts only when this holds; see compile-condition.ts. */
  readonly if?: string;
  /** The rule counts only while this element, a path like `to`, is not filled. */
  readonly unless?: string;
}

/** How a data type becomes an element (`type`), or a resource that is referred to (`resource`). */
export interface DataTypeMap {
  /** The published table's name, such as `CX[Identifier]`; by it rules refer to this one. */
  readonly table: string;
  readonly type?: string;
  readonly resource?: string;
  readonly rules: readonly ToFhirRule[];
  /** Nothing comes of a value without these elements. */
  readonly needs?: readonly string[];
  /** The element, or the name of a function, whose text is shown with a reference. */
  readonly display?: string;
}

/** How a segment fills a resource. */
export interface SegmentMap {
  /** The published table's name, such as `OBX[Observation]`; own ones say so in `own`. */
  readonly table: string;
  /** Why there is a table that is not published. */
  readonly own?: string;
  readonly segment: string;
  readonly resource: string;
  readonly rules: readonly ToFhirRule[];
}

/** Which codes lead to which. */
export interface CodeMap {
  /** The published concept map's name. */
  readonly table: string;
  /** The v2 table: `0002`. */
  readonly from: string;
  /** The system that the codes lead to. */
  readonly to: string;
  /** `code: 'target'`, `'target|Display'` or `'target|Display|system'` for one of another system. */
  readonly codes?: Readonly<Record<string, string>>;
  /** Codes that stay as they are, separated by blanks. */
  readonly same?: string;
  /** What feeds write in the place of a code; ours, in no published table. */
  readonly also?: Readonly<Record<string, string>>;
}

/** What a resource is to the receiver. */
export const RESOURCE_ROLES = Object.freeze({
  /** The patient that the message is about. */
  patient: 'patient',
  /** The patient that a merge does away with. */
  replaced: 'replaced',
  /** What the message reports: stored, and replaced by later messages with the same key. */
  subject: 'subject',
  /** What it mentions of something that another message reports: stored when it is not there yet. */
  context: 'context',
  /** Practitioners, organizations, locations, devices. */
  support: 'support',
  /** About the message itself: MessageHeader, Provenance. */
  message: 'message',
} as const);
export type ResourceRole = keyof typeof RESOURCE_ROLES;

/** Parts of a key: paths, `@slot` for the key of another resource, a trailing `?` for what may be missing. */
export interface KeyMap {
  readonly scope: 'sender' | 'patient';
  readonly parts: readonly string[];
}

/** What one segment does in a message. The steps of a segment are tried in order; all that apply are taken. */
export interface SegmentStep {
  /** The tables to apply, each to the latest segment of its kind in the group. */
  readonly maps: readonly string[];
  /** Makes a resource of this type and puts it into the slot. */
  readonly makes?: string;
  /** The slot that the resource goes into, or that is added to. */
  readonly slot: string;
  /** A second slot that the resource goes into. */
  readonly marks?: string;
  /** Adds to what is in the slot; with `makes`, only when this table has been applied to it already is another one made. */
  readonly adds?: boolean;
  readonly role?: ResourceRole;
  readonly if?: string;
  /** Applies only while all of these slots are filled. */
  readonly inside?: readonly string[];
  /** Applies only while none of these slots is filled. */
  readonly outside?: readonly string[];
  /** Applies only when the latest segment that was no note was one of these. */
  readonly after?: readonly string[];
  /** References from the resource to what is, or will next be, in a slot: `subject: 'patient'`. */
  readonly links?: Readonly<Record<string, string>>;
  /** References from what is in a slot to the new resource: `report: 'result'`. */
  readonly listedIn?: Readonly<Record<string, string>>;
  /** How it is known again, best first. */
  readonly keys?: readonly KeyMap[];
}

export interface MessageMap {
  /** The published table's name, such as `ORU_R01`; own ones say so in `own`. */
  readonly table: string;
  readonly own?: string;
  /** `ORU^R01`; `ADT^*` for every event that no other map names. */
  readonly messages: readonly string[];
  readonly segments: Readonly<
    Record<
      string,
      {
        /** Slots that end where the segment begins. */
        readonly closes?: readonly string[];
        /** Segments of the group before that are not looked at any more. */
        readonly forgets?: readonly string[];
        /** Segments that are used up by it. */
        readonly uses?: readonly string[];
        readonly steps: readonly SegmentStep[];
      }
    >
  >;
  /** Functions that run when all segments are through. */
  readonly finish?: readonly string[];
}

/** All tables together. */
export interface ToFhirTables {
  readonly messages: readonly MessageMap[];
  readonly segments: readonly SegmentMap[];
  readonly dataTypes: readonly DataTypeMap[];
  readonly codeMaps: readonly CodeMap[];
}
