import type { RecordBody } from '../record-input.ts';
import { elementWords } from './element-words.ts';

/** The groups of a patient's clinical records, in the order in which they are listed. */
export const CLINICAL_GROUPS = {
  results: ['DiagnosticReport', 'Observation', 'Specimen', 'QuestionnaireResponse'],
  documents: ['DocumentReference'],
  orders: ['ServiceRequest', 'MedicationRequest'],
  immunizations: ['Immunization'],
  allergies: ['AllergyIntolerance'],
  problems: ['Condition'],
  procedures: ['Procedure'],
  visits: ['Encounter'],
} as const;
export type ClinicalGroup = keyof typeof CLINICAL_GROUPS;

const GROUP_OF = new Map<string, ClinicalGroup>(
  Object.entries(CLINICAL_GROUPS).flatMap(([group, types]) => types.map((type) => [type, group as ClinicalGroup])),
);

/** The group of a resource type; what belongs to none stands with the results. */
export function clinicalGroup(type: string): ClinicalGroup {
  return GROUP_OF.get(type) ?? 'results';
}

/** What a resource says, for people. */
export interface ResourceWords {
  /** What it is: `Glucose`, `Influenza vaccine`, `Progress note`. */
  readonly title: string;
  /** When it took place, as exactly as it was told. */
  readonly date: string | null;
  /** The value or the gist: `90 mg/dL`. */
  readonly summary: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

const TITLES = ['code', 'vaccineCode', 'medicationCodeableConcept', 'type', 'class', 'category'];
const DATES = [
  ...['effectiveDateTime', 'effectivePeriod', 'occurrenceDateTime', 'performedDateTime', 'performedPeriod', 'period'],
  ...['date', 'onsetDateTime', 'recordedDate', 'authoredOn', 'receivedTime', 'issued'],
];
const SUMMARIES = ['conclusion', 'description', 'interpretation', 'criticality', 'lotNumber', 'reason'];
/** Told elsewhere on the page, or of no use to a reader. */
const LEFT_OUT = new Set(['resourceType', 'id', 'meta', 'contained', 'subject', 'patient', 'status', 'extension']);

/** A resource in plain words: its title, date and gist, and every element that it fills. */
export function resourceWords(resource: RecordBody): ResourceWords {
  const words = (name: string): string => elementWords(resource[name], resource);
  const first = (names: readonly string[]): string => names.map(words).find((text) => text !== '') ?? '';
  const value = Object.keys(resource).find((name) => name.startsWith('value'));
  return {
    title: first(TITLES) || words('resourceType'),
    date: dateOf(resource),
    summary: value === undefined ? first(SUMMARIES) : words(value),
    facts: Object.keys(resource).flatMap((name) => {
      if (LEFT_OUT.has(name) || name.startsWith('_')) return [];
      const text = words(name);
      return text === '' ? [] : [{ label: labelOf(name), value: text }];
    }),
  };
}

function dateOf(resource: RecordBody): string | null {
  for (const name of DATES) {
    const value = resource[name];
    if (typeof value === 'string') return value;
    const start = (value as { start?: unknown } | undefined)?.start;
    if (typeof start === 'string') return start;
  }
  return null;
}

/** Elements whose type is part of their name. */
const TYPED =
  /^(value|effective|occurrence|performed|onset|abatement|medication|collected|reported|asNeeded|multipleBirth)[A-Z]\w*$/;

/** `effectiveDateTime` → `Effective`, `bodySite` → `Body site`. */
function labelOf(name: string): string {
  const spaced = name
    .replace(TYPED, '$1')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
