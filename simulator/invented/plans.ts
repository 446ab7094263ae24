import type { Address } from '../people.ts';

/** An insurance plan; companies and numbers are invented. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly payerId: string;
  readonly payerName: string;
  readonly payerAddress: Address;
  readonly payerPhone: string;
  readonly product: string;
}

function plan(
  [id, name, product]: readonly [string, string, string],
  [payerId, payerName, phone]: readonly [string, string, string],
  [line1, city, state, zip, county]: readonly [string, string, string, string, string],
): Plan {
  const payerAddress = { line1, line2: '', city, state, zip, county };
  return { id, name, product, payerId, payerName, payerPhone: phone, payerAddress };
}

const HARBOR_PEAK = ['HPKINS', 'Harbor Peak Mutual', '8005550143'] as const;
const HARBOR_PEAK_AT = ['400 Lantern Plaza', 'Hartford', 'CT', '06103', 'Hartford'] as const;
const PRAIRIE = ['PRLINS', 'Prairie & Lakes Benefit', '8005550177'] as const;
const PRAIRIE_AT = ['PO Box 7731', 'Peoria', 'IL', '61602', 'Peoria'] as const;

export const PLANS: readonly Plan[] = [
  plan(['HP100', 'Harbor Peak Choice PPO', 'Family Plan'], HARBOR_PEAK, HARBOR_PEAK_AT),
  plan(['HP220', 'Harbor Peak Select HMO', 'HMO'], HARBOR_PEAK, HARBOR_PEAK_AT),
  plan(['PL010', 'Prairie & Lakes Open Access', 'PPO'], PRAIRIE, PRAIRIE_AT),
  plan(['PL055', 'Prairie & Lakes High Deductible', 'HSA'], PRAIRIE, PRAIRIE_AT),
  plan(
    ['CW300', 'Commonwell State Care', 'Medicaid Managed Care'],
    ['CMWINS', 'Commonwell Community Care', '8005550112'],
    ['12 Assembly Row', 'Columbus', 'OH', '43215', 'Franklin'],
  ),
  plan(
    ['SR065', 'Silver Reach Advantage', 'Medicare Advantage'],
    ['SLRINS', 'Silver Reach Health', '8005550165'],
    ['PO Box 1965', 'Tampa', 'FL', '33602', 'Hillsborough'],
  ),
];

const FOR_THE_OLD = PLANS.filter((one) => one.id === 'SR065');
const FOR_OTHERS = PLANS.filter((one) => one.id !== 'SR065');

/** The plans that people of an age (in years) can have. */
export function plansForAge(age: number): readonly Plan[] {
  return age >= 65 ? FOR_THE_OLD : FOR_OTHERS;
}
