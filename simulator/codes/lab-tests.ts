import { coded, SYSTEM, type Coded } from './coded.ts';

/** One measured value of a panel. Ranges are those of adults, in the unit given. */
export interface Analyte {
  /** Undefined where the laboratory has only its own code: a receiver must list it for mapping. */
  readonly loinc: Coded | undefined;
  readonly local: Coded;
  /** UCUM; '' where the value is text or has none. */
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly decimals: number;
  /** In place of a number: what is normal first, then what is not. */
  readonly words?: readonly [string, ...string[]];
}

export interface LabPanel {
  readonly loinc: Coded;
  readonly local: Coded;
  readonly cpt: string;
  /** HL7 table 0074. */
  readonly section: 'CH' | 'HM' | 'UR' | 'MB' | 'TX' | 'IMM' | 'COAG';
  readonly specimen: Specimen;
  readonly analytes: readonly Analyte[];
}

export interface Specimen {
  readonly snomed: Coded;
  /** HL7 table 0070, which 2.3 uses. */
  readonly hl7: string;
}

const specimen = (code: string, text: string, hl7: string): Specimen => ({
  snomed: coded(code, text, SYSTEM.snomed),
  hl7,
});
export const SPECIMENS = {
  serum: specimen('119364003', 'Serum specimen', 'SER'),
  blood: specimen('119297000', 'Blood specimen', 'BLD'),
  plasma: specimen('119361006', 'Plasma specimen', 'PLAS'),
  urine: specimen('122575003', 'Urine specimen', 'UR'),
  throat: specimen('258529004', 'Throat swab', 'THRT'),
  wound: specimen('258531006', 'Wound swab', 'WND'),
} as const;

type Row = readonly [
  loinc: string,
  name: string,
  local: string,
  unit: string,
  low: number,
  high: number,
  decimals: number,
];

function measured([loinc, name, local, unit, low, high, decimals]: Row): Analyte {
  return {
    loinc: loinc === '' ? undefined : coded(loinc, name, SYSTEM.loinc),
    local: coded(local, name.split(' [')[0] ?? name, SYSTEM.local),
    unit,
    low,
    high,
    decimals,
  };
}

function worded(loinc: string, name: string, local: string, words: readonly [string, ...string[]]): Analyte {
  return { ...measured([loinc, name, local, '', 0, 0, 0]), words };
}

function panel(
  [loinc, name, local, cpt]: readonly [string, string, string, string],
  section: LabPanel['section'],
  of: Specimen,
  analytes: readonly Analyte[],
): LabPanel {
  return {
    loinc: coded(loinc, name, SYSTEM.loinc),
    local: coded(local, name.split(' - ')[0] ?? name, SYSTEM.local),
    cpt,
    section,
    specimen: of,
    analytes,
  };
}

const ELECTROLYTES: readonly Row[] = [
  ['2345-7', 'Glucose [Mass/volume] in Serum or Plasma', 'GLU', 'mg/dL', 70, 99, 0],
  ['3094-0', 'Urea nitrogen [Mass/volume] in Serum or Plasma', 'BUN', 'mg/dL', 7, 20, 0],
  ['2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'CREA', 'mg/dL', 0.6, 1.3, 2],
  ['2951-2', 'Sodium [Moles/volume] in Serum or Plasma', 'NA', 'mmol/L', 135, 145, 0],
  ['2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'K', 'mmol/L', 3.5, 5.1, 1],
  ['2075-0', 'Chloride [Moles/volume] in Serum or Plasma', 'CL', 'mmol/L', 98, 107, 0],
  ['2028-9', 'Carbon dioxide, total [Moles/volume] in Serum or Plasma', 'CO2', 'mmol/L', 22, 29, 0],
  ['17861-6', 'Calcium [Mass/volume] in Serum or Plasma', 'CA', 'mg/dL', 8.6, 10.3, 1],
];
const LIVER: readonly Row[] = [
  ['2885-2', 'Protein [Mass/volume] in Serum or Plasma', 'TP', 'g/dL', 6.1, 8.1, 1],
  ['1751-7', 'Albumin [Mass/volume] in Serum or Plasma', 'ALB', 'g/dL', 3.6, 5.1, 1],
  ['1975-2', 'Bilirubin.total [Mass/volume] in Serum or Plasma', 'TBIL', 'mg/dL', 0.2, 1.2, 1],
  ['6768-6', 'Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma', 'ALP', 'U/L', 40, 115, 0],
  ['1742-6', 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'ALT', 'U/L', 9, 46, 0],
  ['1920-8', 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'AST', 'U/L', 10, 35, 0],
];
const BLOOD_COUNT: readonly Row[] = [
  ['6690-2', 'Leukocytes [#/volume] in Blood by Automated count', 'WBC', '10*3/uL', 3.8, 10.8, 1],
  ['789-8', 'Erythrocytes [#/volume] in Blood by Automated count', 'RBC', '10*6/uL', 3.8, 5.8, 2],
  ['718-7', 'Hemoglobin [Mass/volume] in Blood', 'HGB', 'g/dL', 11.7, 17.1, 1],
  ['4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count', 'HCT', '%', 35, 50, 1],
  ['787-2', 'MCV [Entitic mean volume] in Red Blood Cells by Automated count', 'MCV', 'fL', 80, 100, 1],
  ['785-6', 'MCH [Entitic mass] by Automated count', 'MCH', 'pg', 27, 33, 1],
  ['786-4', 'MCHC [Mass/volume] in Red Blood Cells by Automated count', 'MCHC', 'g/dL', 32, 36, 1],
  ['788-0', 'Erythrocyte [DistWidth] in Blood by Automated count', 'RDW', '%', 11, 15, 1],
  ['777-3', 'Platelets [#/volume] in Blood by Automated count', 'PLT', '10*3/uL', 140, 400, 0],
];
const LIPIDS: readonly Row[] = [
  ['2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma', 'CHOL', 'mg/dL', 100, 199, 0],
  ['2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma', 'TRIG', 'mg/dL', 40, 149, 0],
  ['2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'HDL', 'mg/dL', 40, 90, 0],
  ['13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', 'LDLC', 'mg/dL', 40, 99, 0],
];

export const LAB_PANELS = {
  bmp: panel(
    ['51990-0', 'Basic metabolic panel - Blood', 'BMP', '80048'],
    'CH',
    SPECIMENS.serum,
    ELECTROLYTES.map(measured),
  ),
  cmp: panel(
    ['24323-8', 'Comprehensive metabolic 2000 panel - Serum or Plasma', 'CMP', '80053'],
    'CH',
    SPECIMENS.serum,
    [...ELECTROLYTES, ...LIVER].map(measured),
  ),
  cbc: panel(
    ['58410-2', 'CBC panel - Blood by Automated count', 'CBC', '85027'],
    'HM',
    SPECIMENS.blood,
    BLOOD_COUNT.map(measured),
  ),
  lipid: panel(
    ['24331-1', 'Lipid 1996 panel - Serum or Plasma', 'LIPID', '80061'],
    'CH',
    SPECIMENS.serum,
    LIPIDS.map(measured),
  ),
  a1c: panel(['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'A1C', '83036'], 'CH', SPECIMENS.blood, [
    measured(['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'HBA1C', '%', 4, 5.6, 1]),
    // Calculated in the house, under a code of the house alone.
    measured(['', 'Est. average glucose', 'EAG', 'mg/dL', 68, 114, 0]),
  ]),
  tsh: panel(['3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma', 'TSH', '84443'], 'CH', SPECIMENS.serum, [
    measured(['3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma', 'TSHV', 'm[IU]/L', 0.4, 4.5, 2]),
  ]),
  lead: panel(['5671-3', 'Lead [Mass/volume] in Blood', 'LEAD', '83655'], 'TX', SPECIMENS.blood, [
    measured(['5671-3', 'Lead [Mass/volume] in Blood', 'PB', 'ug/dL', 0, 3.4, 1]),
  ]),
  inr: panel(
    ['34528-0', 'PT panel - Platelet poor plasma by Coagulation assay', 'PTINR', '85610'],
    'COAG',
    SPECIMENS.plasma,
    [
      measured(['5902-2', 'Prothrombin time (PT)', 'PT', 's', 9, 11.5, 1]),
      measured(['6301-6', 'INR in Platelet poor plasma by Coagulation assay', 'INR', '{INR}', 0.9, 1.1, 1]),
    ],
  ),
  urinalysis: panel(['24356-8', 'Urinalysis complete panel - Urine', 'UA', '81001'], 'UR', SPECIMENS.urine, [
    worded('5778-6', 'Color of Urine', 'UCOL', ['Yellow', 'Amber', 'Dark yellow']),
    worded('5767-9', 'Appearance of Urine', 'UAPP', ['Clear', 'Cloudy', 'Slightly cloudy']),
    measured(['5811-5', 'Specific gravity of Urine by Test strip', 'USG', '', 1.005, 1.03, 3]),
    measured(['5803-2', 'pH of Urine by Test strip', 'UPH', '[pH]', 5, 8, 1]),
    worded('5804-0', 'Protein [Mass/volume] in Urine by Test strip', 'UPRO', ['Negative', 'Trace', '30 mg/dL']),
    worded('5802-4', 'Nitrite [Presence] in Urine by Test strip', 'UNIT', ['Negative', 'Positive']),
    worded('5799-2', 'Leukocyte esterase [Presence] in Urine by Test strip', 'ULEU', ['Negative', '1+', '3+']),
    worded('5794-3', 'Hemoglobin [Presence] in Urine by Test strip', 'UBLD', ['Negative', 'Trace', '2+']),
    // Typed by the bench, never given a LOINC code.
    worded('', 'Urine comment', 'UCOM', ['See microscopy', 'Reflexed to culture']),
  ]),
} as const satisfies Record<string, LabPanel>;
export type PanelName = keyof typeof LAB_PANELS;
