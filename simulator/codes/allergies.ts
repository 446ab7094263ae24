import { coded, SYSTEM, type Coded } from './coded.ts';

export interface Allergy {
  /** HL7 table 0127: drug, food, environment. */
  readonly kind: 'DA' | 'FA' | 'EA';
  readonly substance: Coded;
  /** HL7 table 0128. */
  readonly severity: 'MI' | 'MO' | 'SV';
  readonly reaction: string;
}

export const ALLERGIES: readonly Allergy[] = [
  { kind: 'DA', substance: coded('7980', 'penicillin G', SYSTEM.rxnorm), severity: 'SV', reaction: 'Hives' },
  { kind: 'DA', substance: coded('10180', 'sulfamethoxazole', SYSTEM.rxnorm), severity: 'MO', reaction: 'Rash' },
  { kind: 'DA', substance: coded('2670', 'codeine', SYSTEM.rxnorm), severity: 'MI', reaction: 'Nausea' },
  { kind: 'FA', substance: coded('762952008', 'Peanut', SYSTEM.snomed), severity: 'SV', reaction: 'Anaphylaxis' },
  { kind: 'EA', substance: coded('111088007', 'Latex', SYSTEM.snomed), severity: 'MO', reaction: 'Contact dermatitis' },
];
