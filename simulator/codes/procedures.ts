import { coded, SYSTEM, type Coded } from './coded.ts';

/** Something that is charged for; the words are the practice's own. */
export interface Procedure {
  readonly code: Coded;
  /** Cents of a US dollar. */
  readonly fee: number;
  readonly modifiers: readonly string[];
  /** The drug given, 11 digits in 5-4-2 form, where the charge is for one. */
  readonly ndc?: string;
  readonly units: number;
}

const cpt = (code: string, text: string, dollars: number, modifiers: readonly string[] = []): Procedure => ({
  code: coded(code, text, SYSTEM.cpt),
  fee: dollars * 100,
  modifiers,
  units: 1,
});
const drug = (code: string, text: string, dollars: number, units: number, ndc: string): Procedure => ({
  code: coded(code, text, SYSTEM.hcpcs),
  fee: dollars * 100,
  // Bought under the 340B program.
  modifiers: ['UD'],
  ndc,
  units,
});

export const PROCEDURES = {
  newLow: cpt('99203', 'New patient, low complexity', 165),
  newModerate: cpt('99204', 'New patient, moderate complexity', 245),
  minor: cpt('99212', 'Established patient, minor problem', 85),
  low: cpt('99213', 'Established patient, low complexity', 125),
  moderate: cpt('99214', 'Established patient, moderate complexity', 185),
  withProcedure: cpt('99213', 'Established patient, low complexity', 125, ['25']),
  high: cpt('99215', 'Established patient, high complexity', 260),
  wellInfant: cpt('99391', 'Well visit, under 1 year', 150),
  wellToddler: cpt('99392', 'Well visit, 1 to 4 years', 160),
  wellChild: cpt('99393', 'Well visit, 5 to 11 years', 160),
  wellTeen: cpt('99394', 'Well visit, 12 to 17 years', 175),
  wellYoung: cpt('99395', 'Well visit, 18 to 39 years', 180),
  wellAdult: cpt('99396', 'Well visit, 40 to 64 years', 195),
  wellSenior: cpt('99397', 'Well visit, 65 years and over', 205),
  therapy: cpt('90834', 'Psychotherapy, 45 minutes', 155),
  screening: cpt('96127', 'Behavioral screening, scored', 12, ['59']),
  ecg: cpt('93000', 'Electrocardiogram with report', 55),
  spirometry: cpt('94010', 'Spirometry', 70),
  rapidStrep: cpt('87880', 'Rapid strep test', 28, ['QW']),
  dipstick: cpt('81003', 'Urine dipstick, automated', 10, ['QW']),
  blood: cpt('36415', 'Venous blood draw', 15),
  injection: cpt('96372', 'Injection, subcutaneous or intramuscular', 38),
  lesion: cpt('17110', 'Wart destruction, up to 14', 165),
  clinicVisit: {
    ...cpt('T1015', 'Clinic visit, all inclusive', 210),
    code: coded('T1015', 'Clinic visit, all inclusive', SYSTEM.hcpcs),
  },
  depoProvera: drug('J1050', 'Medroxyprogesterone acetate, 1 mg', 1, 150, '59762453701'),
  ceftriaxone: drug('J0696', 'Ceftriaxone sodium, 250 mg', 4, 2, '00409733201'),
} as const satisfies Record<string, Procedure>;
export type ProcedureName = keyof typeof PROCEDURES;
