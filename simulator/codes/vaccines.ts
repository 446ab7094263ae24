import { coded, SYSTEM, type Coded } from './coded.ts';

export interface Vaccine {
  readonly cvx: Coded;
  readonly maker: Coded;
  /** Carton or unit of use, 5-4-2. */
  readonly ndc: Coded;
  readonly cpt: Coded;
  /** mL */
  readonly dose: string;
  readonly route: Coded;
  /** Ages in years that get it. */
  readonly from: number;
  readonly to: number;
  /** Date of the information statement that goes with it, YYYYMMDD. */
  readonly statement: string;
}

const MAKERS: Readonly<Record<string, string>> = {
  MSD: 'Merck and Co., Inc.',
  PMC: 'Sanofi Pasteur',
  SKB: 'GlaxoSmithKline',
  PFR: 'Pfizer, Inc',
};
const IM = coded('C28161', 'Intramuscular', 'NCIT');
const SC = coded('C38299', 'Subcutaneous', 'NCIT');

type Row = readonly [
  cvx: string,
  name: string,
  maker: string,
  ndc: string,
  brand: string,
  cpt: string,
  dose: string,
  route: Coded,
  from: number,
  to: number,
  statement: string,
];
const ROWS: readonly Row[] = [
  ['08', 'Hep B, adolescent or pediatric', 'SKB', '58160-0820-52', 'ENGERIX-B', '90744', '0.5', IM, 0, 18, '20250131'],
  ['20', 'DTaP', 'SKB', '58160-0810-52', 'INFANRIX', '90700', '0.5', IM, 0, 6, '20250131'],
  ['10', 'IPV', 'PMC', '49281-0860-10', 'IPOL', '90713', '0.5', IM, 0, 17, '20250131'],
  ['03', 'MMR', 'MSD', '00006-4681-00', 'M-M-R II', '90707', '0.5', SC, 1, 40, '20250131'],
  ['21', 'varicella', 'MSD', '00006-4827-00', 'VARIVAX', '90716', '0.5', SC, 1, 40, '20250131'],
  ['83', 'Hep A, ped/adol, 2 dose', 'SKB', '58160-0825-52', 'HAVRIX', '90633', '0.5', IM, 1, 18, '20250131'],
  ['165', 'HPV9', 'MSD', '00006-4121-02', 'GARDASIL 9', '90651', '0.5', IM, 9, 45, '20210806'],
  ['115', 'Tdap', 'SKB', '58160-0842-52', 'BOOSTRIX', '90715', '0.5', IM, 10, 99, '20250131'],
  ['187', 'zoster recombinant', 'SKB', '58160-0823-11', 'SHINGRIX', '90750', '0.5', IM, 50, 99, '20220204'],
  [
    '216',
    'Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF',
    'PFR',
    '00005-2000-10',
    'PREVNAR 20',
    '90677',
    '0.5',
    IM,
    50,
    99,
    '20230512',
  ],
  [
    '33',
    'pneumococcal polysaccharide PPV23',
    'MSD',
    '00006-4837-03',
    'PNEUMOVAX 23',
    '90732',
    '0.5',
    IM,
    65,
    99,
    '20191030',
  ],
];

export const VACCINES: readonly Vaccine[] = ROWS.map(
  ([cvx, name, maker, ndc, brand, cpt, dose, route, from, to, statement]) => ({
    cvx: coded(cvx, name, SYSTEM.cvx),
    maker: coded(maker, MAKERS[maker] ?? maker, SYSTEM.mvx),
    ndc: coded(ndc, brand, SYSTEM.ndc),
    cpt: coded(cpt, `${name} vaccine`, SYSTEM.cpt),
    dose,
    route,
    from,
    to,
    statement,
  }),
);

/** Who pays for a vaccine of a child (HL7 table 0064). */
export const VACCINE_FUNDING = {
  private: coded('V01', 'Not VFC eligible', 'HL70064'),
  medicaid: coded('V02', 'VFC eligible-Medicaid/Medicaid Managed Care', 'HL70064'),
  uninsured: coded('V03', 'VFC eligible- Uninsured', 'HL70064'),
} as const;

export const REFUSALS: readonly Coded[] = [
  coded('00', 'Parental decision', 'NIP002'),
  coded('03', 'Patient decision', 'NIP002'),
];
