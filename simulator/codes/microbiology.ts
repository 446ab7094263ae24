import { coded, SYSTEM, type Coded } from './coded.ts';
import { SPECIMENS, type LabPanel } from './lab-tests.ts';

export interface Organism {
  readonly name: Coded;
  /** Names of ANTIBIOTICS that it is tested against, with the share of strains that resist. */
  readonly resists: Readonly<Partial<Record<AntibioticName, number>>>;
}

export interface Antibiotic {
  readonly loinc: Coded;
  readonly local: Coded;
  /** Minimum inhibitory concentration in ug/mL up to which a strain is susceptible, and from which it is resistant. */
  readonly susceptible: number;
  readonly resistant: number;
}

const antibiotic = (
  loinc: string,
  name: string,
  local: string,
  susceptible: number,
  resistant: number,
): Antibiotic => ({
  loinc: coded(loinc, `${name} [Susceptibility] by Minimum inhibitory concentration (MIC)`, SYSTEM.loinc),
  local: coded(local, name, SYSTEM.local),
  susceptible,
  resistant,
});

export const ANTIBIOTICS = {
  ampicillin: antibiotic('28-1', 'Ampicillin', 'AMP', 8, 32),
  ceftriaxone: antibiotic('141-2', 'cefTRIAXone', 'CRO', 1, 4),
  ciprofloxacin: antibiotic('185-9', 'Ciprofloxacin', 'CIP', 0.25, 1),
  gentamicin: antibiotic('267-5', 'Gentamicin', 'GEN', 2, 8),
  nitrofurantoin: antibiotic('363-2', 'Nitrofurantoin', 'NIT', 32, 128),
  trimethoprim: antibiotic('516-5', 'Trimethoprim+Sulfamethoxazole', 'SXT', 2, 4),
} as const satisfies Record<string, Antibiotic>;
export type AntibioticName = keyof typeof ANTIBIOTICS;

const organism = (code: string, name: string, resists: Organism['resists']): Organism => ({
  name: coded(code, name, SYSTEM.snomed),
  resists,
});
const GRAM_NEGATIVE = {
  ampicillin: 0.5,
  ceftriaxone: 0.1,
  ciprofloxacin: 0.25,
  gentamicin: 0.1,
  nitrofurantoin: 0.05,
  trimethoprim: 0.3,
};

export interface Culture extends LabPanel {
  readonly organisms: readonly Organism[];
}

const culture = (
  [loinc, name, local, cpt]: readonly [string, string, string, string],
  specimen: LabPanel['specimen'],
  organisms: readonly Organism[],
): Culture => ({
  loinc: coded(loinc, name, SYSTEM.loinc),
  local: coded(local, name, SYSTEM.local),
  cpt,
  section: 'MB',
  specimen,
  analytes: [],
  organisms,
});

export const CULTURES = {
  urine: culture(['630-4', 'Bacteria identified in Urine by Culture', 'UCX', '87086'], SPECIMENS.urine, [
    organism('112283007', 'Escherichia coli', GRAM_NEGATIVE),
    organism('56415008', 'Klebsiella pneumoniae', { ...GRAM_NEGATIVE, ampicillin: 1, nitrofurantoin: 0.4 }),
    organism('73457008', 'Proteus mirabilis', { ...GRAM_NEGATIVE, nitrofurantoin: 1 }),
    organism('78065002', 'Enterococcus faecalis', { ampicillin: 0.02, ciprofloxacin: 0.3, nitrofurantoin: 0.02 }),
  ]),
  throat: culture(['626-2', 'Bacteria identified in Throat by Culture', 'TCX', '87070'], SPECIMENS.throat, [
    organism('80166006', 'Streptococcus pyogenes', {}),
  ]),
  wound: culture(['6462-6', 'Bacteria identified in Wound by Culture', 'WCX', '87070'], SPECIMENS.wound, [
    organism('3092008', 'Staphylococcus aureus', { gentamicin: 0.05, ciprofloxacin: 0.3, trimethoprim: 0.05 }),
  ]),
} as const;
export type CultureName = keyof typeof CULTURES;

export const SUSCEPTIBILITY_PANEL: Coded = coded('29576-6', 'Bacterial susceptibility panel', SYSTEM.loinc);
