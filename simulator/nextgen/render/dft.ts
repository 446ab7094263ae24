import type { Coded } from '../../codes/coded.ts';
import type { Charge, Patient, Visit } from '../model/entities.ts';
import type { Happening } from '../model/happening.ts';
import { evn } from './adt.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { components, escape, money, segment } from './hl7-text.ts';
import { gt1, insurance } from './insurance.ts';
import { pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';
import { zSegments } from './z-segments.ts';

type Dft = Extract<Happening, { kind: 'dft' }>;

/** DFT P03: a charge is an FT1 with its PR1; diagnoses, guarantor and insurance stand once behind them. */
export function dftSegments(context: RenderContext, { patient, bill }: Dft): string[] {
  const { version } = context;
  const diagnoses = new Map(bill.charges.flatMap((charge) => charge.diagnoses.map((one) => [one.code, one] as const)));
  return [
    evn(context),
    pid(version, patient),
    pv1(context, patient, bill.visit),
    ...bill.charges.flatMap((charge, at) => [
      ft1(context, charge, bill.batch, bill.visit, patient, at + 1),
      pr1(context, charge, bill.visit, at + 1),
    ]),
    ...[...diagnoses.values()].map((diagnosis, at) => dg1(context, diagnosis, at + 1, bill.visit.at)),
    gt1(version, patient),
    ...insurance(version, patient, true),
    ...zSegments(context, patient),
  ];
}

function ft1(
  { version, at }: RenderContext,
  charge: Charge,
  batch: string,
  visit: Visit,
  patient: Patient,
  set: number,
): string {
  const { procedure, diagnoses } = charge;
  const { code, units, fee, modifiers, ndc } = procedure;
  const total = charge.kind === 'CR' ? -fee * units : fee * units;
  const amount = (cents: number) => (version === '2.3' ? money(cents) : `${money(cents)}&USD`);
  const by = providerOf(version, visit.provider, 'npi');
  const plan = patient.person.coverage?.plan;
  const coding = components(code.code, escape(code.text), code.system);
  return segment('FT1', {
    1: String(set),
    2: charge.id,
    3: batch,
    4: charge.at,
    5: at,
    6: charge.kind,
    7: coding,
    ...(version === '2.8' ? {} : { 8: escape(code.text) }),
    10: String(charge.kind === 'CR' ? -units : units),
    11: amount(total),
    12: amount(fee),
    13: version === '2.3' ? visit.location : components(visit.location, '', 'L'),
    14: plan === undefined ? '' : `${plan.id}^${escape(plan.name)}${version === '2.3' ? '' : '^L'}`,
    16: `${visit.location}^^^FACILITY`,
    // The class of the patient on the day of service goes with the charge.
    17:
      patient.slidingFee === undefined
        ? ''
        : version === '2.3'
          ? `SF-${patient.slidingFee.class}`
          : `SF-${patient.slidingFee.class}^^L`,
    18: version === '2.3' ? 'O' : 'O^^L',
    19: diagnoses.map((one) => components(one.code, escape(one.text), one.system)).join('~'),
    20: by,
    21: by,
    25: coding,
    26: modifiers.map((one) => (version === '2.3' ? one : `${one}^^${/^[A-Z]/.test(one) ? 'HCPCS' : 'C4'}`)).join('~'),
    ...(version === '2.3' || ndc === undefined ? {} : { 29: `${ndc}^^NDC` }),
  });
}

function pr1({ version }: RenderContext, { procedure, at }: Charge, visit: Visit, set: number): string {
  const { code, modifiers } = procedure;
  return segment('PR1', {
    1: String(set),
    2: version === '2.8' ? '' : code.system,
    3: components(code.code, escape(code.text), code.system),
    ...(version === '2.8' ? {} : { 4: escape(code.text) }),
    5: at,
    6: version === '2.8' ? 'P^^HL70230' : 'P',
    ...(version === '2.3' ? { 11: providerOf(version, visit.provider, 'npi') } : {}),
    16: modifiers.map((one) => (version === '2.3' ? one : `${one}^^C4`)).join('~'),
  });
}

export function dg1({ version }: RenderContext, diagnosis: Coded, set: number, at: string): string {
  const { authority } = PARTIES[version];
  return segment('DG1', {
    1: String(set),
    ...(version === '2.8' ? {} : { 2: 'I10' }),
    3: components(diagnosis.code, escape(diagnosis.text), diagnosis.system),
    ...(version === '2.8' ? {} : { 4: escape(diagnosis.text) }),
    5: at,
    6: version === '2.8' ? 'F^^HL70052' : 'F',
    15: String(set),
    ...(version === '2.8' ? { 20: `${set}^${authority}`, 21: 'A' } : {}),
  });
}
