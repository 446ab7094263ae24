/** A code with its system as HL7 table 0396 names it. */
export interface Coded {
  readonly code: string;
  readonly text: string;
  readonly system: string;
}

/** Names of coding systems (HL7 table 0396). */
export const SYSTEM = {
  loinc: 'LN',
  icd10: 'I10',
  cpt: 'C4',
  hcpcs: 'HCPCS',
  cvx: 'CVX',
  mvx: 'MVX',
  ndc: 'NDC',
  snomed: 'SCT',
  rxnorm: 'RXNORM',
  ucum: 'UCUM',
  local: 'L',
} as const;

export function coded(code: string, text: string, system: string): Coded {
  return { code, text, system };
}
