import { coded, SYSTEM, type Coded } from './coded.ts';
import type { PanelName } from './lab-tests.ts';
import type { CultureName } from './microbiology.ts';
import type { ProcedureName } from './procedures.ts';

/** Why somebody comes, with what usually follows from it. */
export interface VisitReason {
  readonly words: string;
  /** The practice's own appointment type. */
  readonly appointmentType: Coded;
  readonly minutes: number;
  /** The first is the main one. */
  readonly diagnoses: readonly [Coded, ...Coded[]];
  readonly procedures: readonly [ProcedureName, ...ProcedureName[]];
  readonly panels: readonly PanelName[];
  readonly cultures: readonly CultureName[];
  /** CPT code of pictures taken, '' for none. */
  readonly imaging: string;
  readonly ages: readonly [from: number, to: number];
  readonly sex: 'F' | 'any';
}

const icd = (code: string, text: string): Coded => coded(code, text, SYSTEM.icd10);
const type = (code: string, text: string): Coded => coded(code, text, SYSTEM.local);
const TYPES = {
  followUp: type('FU', 'Follow up'),
  physical: type('PE', 'Annual physical'),
  wellChild: type('WCC', 'Well child check'),
  sick: type('SICK', 'Sick visit'),
  behavioral: type('BH', 'Behavioral health'),
  nurse: type('NURSE', 'Nurse visit'),
  prenatal: type('OB', 'Prenatal'),
} as const;

const ANY = { panels: [], cultures: [], imaging: '', ages: [0, 99], sex: 'any', minutes: 20 } as const;

export const VISIT_REASONS: readonly VisitReason[] = [
  {
    ...ANY,
    words: 'Diabetes follow up',
    appointmentType: TYPES.followUp,
    diagnoses: [
      icd('E11.65', 'Type 2 diabetes mellitus with hyperglycemia'),
      icd('I10', 'Essential (primary) hypertension'),
      icd('E78.5', 'Hyperlipidemia, unspecified'),
    ],
    procedures: ['moderate', 'blood'],
    panels: ['a1c', 'cmp', 'lipid'],
    ages: [30, 99],
  },
  {
    ...ANY,
    words: 'Blood pressure check',
    appointmentType: TYPES.followUp,
    diagnoses: [icd('I10', 'Essential (primary) hypertension')],
    procedures: ['low', 'ecg'],
    panels: ['bmp'],
    ages: [30, 99],
  },
  {
    ...ANY,
    words: 'Annual physical',
    appointmentType: TYPES.physical,
    minutes: 40,
    diagnoses: [icd('Z00.00', 'Encounter for general adult medical examination without abnormal findings')],
    procedures: ['wellAdult', 'blood'],
    panels: ['cbc', 'cmp', 'lipid', 'tsh'],
    ages: [18, 99],
  },
  {
    ...ANY,
    words: 'Well child check',
    appointmentType: TYPES.wellChild,
    minutes: 30,
    diagnoses: [
      icd('Z00.129', 'Encounter for routine child health examination without abnormal findings'),
      icd('Z23', 'Encounter for immunization'),
    ],
    procedures: ['wellChild'],
    panels: ['lead', 'cbc'],
    ages: [0, 17],
  },
  {
    ...ANY,
    words: 'Cough for a week',
    appointmentType: TYPES.sick,
    diagnoses: [icd('J20.9', 'Acute bronchitis, unspecified'), icd('R05.1', 'Acute cough')],
    procedures: ['low'],
    imaging: '71046',
  },
  {
    ...ANY,
    words: 'Sore throat & fever',
    appointmentType: TYPES.sick,
    diagnoses: [icd('J02.9', 'Acute pharyngitis, unspecified'), icd('R50.9', 'Fever, unspecified')],
    procedures: ['low', 'rapidStrep'],
    cultures: ['throat'],
    ages: [3, 50],
  },
  {
    ...ANY,
    words: 'Burning with urination',
    appointmentType: TYPES.sick,
    diagnoses: [icd('N39.0', 'Urinary tract infection, site not specified'), icd('R30.0', 'Dysuria')],
    procedures: ['low', 'dipstick', 'ceftriaxone', 'injection'],
    panels: ['urinalysis'],
    cultures: ['urine'],
    ages: [12, 99],
  },
  {
    ...ANY,
    words: 'Wound check, left leg',
    appointmentType: TYPES.nurse,
    diagnoses: [icd('L03.116', 'Cellulitis of left lower limb')],
    procedures: ['minor'],
    cultures: ['wound'],
    ages: [18, 99],
  },
  {
    ...ANY,
    words: 'Low back pain',
    appointmentType: TYPES.sick,
    diagnoses: [icd('M54.50', 'Low back pain, unspecified')],
    procedures: ['low'],
    imaging: '72100',
    ages: [18, 99],
  },
  {
    ...ANY,
    words: 'Anxiety, therapy session',
    appointmentType: TYPES.behavioral,
    minutes: 50,
    diagnoses: [
      icd('F41.1', 'Generalized anxiety disorder'),
      icd('F33.1', 'Major depressive disorder, recurrent, moderate'),
    ],
    procedures: ['therapy', 'screening'],
    ages: [14, 80],
  },
  {
    ...ANY,
    words: 'Asthma review',
    appointmentType: TYPES.followUp,
    diagnoses: [icd('J45.909', 'Unspecified asthma, uncomplicated')],
    procedures: ['low', 'spirometry'],
    ages: [6, 80],
  },
  {
    ...ANY,
    words: 'Thyroid follow up',
    appointmentType: TYPES.followUp,
    diagnoses: [icd('E03.9', 'Hypothyroidism, unspecified')],
    procedures: ['low', 'blood'],
    panels: ['tsh'],
    ages: [20, 99],
  },
  {
    ...ANY,
    words: 'Warfarin check',
    appointmentType: TYPES.nurse,
    minutes: 10,
    diagnoses: [
      icd('Z79.01', 'Long term (current) use of anticoagulants'),
      icd('I48.91', 'Unspecified atrial fibrillation'),
    ],
    procedures: ['minor', 'blood'],
    panels: ['inr'],
    ages: [50, 99],
  },
  {
    ...ANY,
    words: 'Contraceptive injection',
    appointmentType: TYPES.nurse,
    minutes: 15,
    diagnoses: [icd('Z30.42', 'Encounter for surveillance of injectable contraceptive')],
    procedures: ['injection', 'depoProvera'],
    ages: [15, 45],
    sex: 'F',
  },
  {
    ...ANY,
    words: 'Prenatal visit',
    appointmentType: TYPES.prenatal,
    diagnoses: [icd('Z34.92', 'Encounter for supervision of normal pregnancy, unspecified, second trimester')],
    procedures: ['low', 'dipstick'],
    panels: ['urinalysis', 'cbc'],
    ages: [18, 44],
    sex: 'F',
  },
  {
    ...ANY,
    words: 'Wart on hand',
    appointmentType: TYPES.sick,
    diagnoses: [icd('B07.9', 'Viral wart, unspecified')],
    procedures: ['withProcedure', 'lesion'],
  },
];

export const IMAGING: Readonly<Record<string, Coded>> = {
  '71046': coded('71046', 'Chest x-ray, 2 views', SYSTEM.cpt),
  '72100': coded('72100', 'Lumbar spine x-ray, 2 or 3 views', SYSTEM.cpt),
};
