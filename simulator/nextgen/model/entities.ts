import type { Allergy } from '../../codes/allergies.ts';
import type { Coded } from '../../codes/coded.ts';
import type { DocumentKind } from '../../codes/document-kinds.ts';
import type { LabPanel } from '../../codes/lab-tests.ts';
import type { Culture, Organism } from '../../codes/microbiology.ts';
import type { Procedure } from '../../codes/procedures.ts';
import type { VisitReason } from '../../codes/visit-reasons.ts';
import type { Vaccine } from '../../codes/vaccines.ts';
import type { Person } from '../../people.ts';

// Times here are the practice's local ones, YYYYMMDDHHMMSS.

export interface Provider {
  readonly id: string;
  /** Of the range that is not given out (it begins with 2), with a right check digit. */
  readonly npi: string;
  readonly family: string;
  readonly given: string;
  readonly credential: string;
}

/** What a health centre that charges by income knows of a patient. */
export interface SlidingFee {
  readonly class: 'A' | 'B' | 'C' | 'D' | 'E';
  /** Of the federal poverty level. */
  readonly percentOfPoverty: number;
  readonly householdSize: number;
  /** Dollars a year. */
  readonly income: number;
  /** YYYYMMDD */
  readonly from: string;
  readonly to: string;
  readonly grant: string;
  readonly homeless: boolean;
  readonly agriculturalWorker: boolean;
  readonly publicHousing: boolean;
  readonly veteran: boolean;
}

export interface Visit {
  /** The financial number: the second identifier of a registration. */
  readonly number: string;
  readonly location: string;
  readonly provider: Provider;
  readonly at: string;
  readonly admitted: boolean;
  readonly reason: VisitReason;
}

export interface Patient {
  readonly mrn: string;
  readonly portalId: string;
  person: Person;
  visit: Visit;
  readonly allergies: readonly Allergy[];
  readonly slidingFee: SlidingFee | undefined;
}

export interface Appointment {
  /** Given by NextGen. */
  readonly id: string;
  patient: Patient;
  readonly reason: VisitReason;
  readonly provider: Provider;
  readonly location: string;
  readonly start: string;
  readonly note: string;
}

export interface Order {
  readonly placer: string;
  patient: Patient;
  readonly provider: Provider;
  readonly visit: Visit;
  readonly at: string;
  /** What is wanted: a panel, a culture, or a picture. */
  readonly service: Coded;
  readonly panel: LabPanel | undefined;
  readonly culture: Culture | undefined;
  readonly urgent: boolean;
  readonly diagnosis: Coded;
}

/** HL7 table 0123. */
export type ResultStatus = 'P' | 'F' | 'C' | 'X';

export interface Result {
  readonly code: Coded;
  readonly alternate: Coded | undefined;
  readonly unit: string;
  readonly value: string;
  readonly range: string;
  /** HL7 table 0078. */
  readonly flag: string;
  readonly numeric: boolean;
  readonly status: ResultStatus;
  readonly notes: readonly string[];
}

/** What grew in a culture, with its susceptibilities. */
export interface Isolate {
  readonly organism: Organism;
  readonly count: string;
  readonly tests: readonly {
    readonly code: Coded;
    readonly alternate: Coded;
    readonly concentration: string;
    readonly verdict: 'S' | 'I' | 'R';
  }[];
}

export interface LabReport {
  readonly order: Order;
  readonly filler: string;
  readonly collected: string;
  readonly received: string;
  readonly reported: string;
  readonly status: ResultStatus;
  readonly results: readonly Result[];
  readonly isolates: readonly Isolate[];
  readonly notes: readonly string[];
  /** The report as a document in OBX-5, with so many bytes at least. */
  readonly pdf: { readonly title: string; readonly bytes: number } | undefined;
}

export interface ClinicalDocument {
  readonly id: string;
  patient: Patient;
  readonly kind: DocumentKind;
  readonly author: Provider;
  readonly visit: Visit;
  readonly at: string;
  readonly text: readonly string[];
  readonly parent: string;
  /** HL7 table 0271. */
  readonly completion: 'DI' | 'PA' | 'AU';
  /** HL7 table 0273. */
  readonly availability: 'AV' | 'UN' | 'CA' | 'OB';
  readonly bytes: number;
}

export interface Charge {
  readonly id: string;
  readonly procedure: Procedure;
  readonly diagnoses: readonly Coded[];
  readonly at: string;
  /** CR takes back what CG charged. */
  readonly kind: 'CG' | 'CR';
}

export interface Bill {
  readonly batch: string;
  patient: Patient;
  readonly visit: Visit;
  readonly charges: readonly Charge[];
}

export interface Shot {
  readonly id: string;
  readonly vaccine: Vaccine;
  readonly provider: Provider;
  readonly at: string;
  readonly lot: string;
  /** YYYYMMDD */
  readonly expires: string;
  readonly site: Coded;
  readonly funding: Coded;
  /** HL7 table 0206. */
  readonly action: 'A' | 'U' | 'D';
  /** Given elsewhere and only told: NIP001 01, else 00. */
  readonly historical: boolean;
  readonly refusal: Coded | undefined;
}
