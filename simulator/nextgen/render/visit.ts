import type { Patient, Visit } from '../model/entities.ts';
import type { RenderContext } from './context.ts';
import { escape, segment } from './hl7-text.ts';
import { account, providerOf } from './patient.ts';

/** PV1 with the visit number in PV1-19 and, where the option says so, the sliding fee behind it. */
export function pv1(context: RenderContext, patient: Patient, visit: Visit): string {
  const { version, slidingFee: place } = context;
  const doctor = providerOf(version, visit.provider);
  const common = { 1: '1', 2: visit.admitted ? 'I' : 'O' };
  const fee = place?.segment === 'PV1' ? { [place.field]: slidingFeeText(context, patient) } : {};
  if (version === '2.3') {
    const fields = {
      ...common,
      3: `${escape(visit.location)}^^^FACILITY`,
      8: doctor,
      19: account(version, visit.number),
      44: visit.at,
      ...fee,
    };
    return `${segment('PV1', fields)}${(place?.field ?? 0) > 44 ? '' : '|'}`;
  }
  const code = (text: string, table: string) => (version === '2.8' ? `${text}^^${table}` : text);
  return segment('PV1', {
    ...common,
    3: `${escape(visit.location)}^ROOM1^A`,
    4: code('R', 'HL70007'),
    7: doctor,
    10: code('FAM', 'HL70069'),
    17: doctor,
    18: code('OUT', 'HL70018'),
    19: `VN${escape(visit.number)}`,
    44: visit.at,
    ...fee,
  });
}

/** What stands at the place of the sliding fee, '' for who has none. */
export function slidingFeeText({ slidingFee: place }: RenderContext, { slidingFee: fee }: Patient): string {
  if (fee === undefined || place === undefined) return '';
  return place.write === 'marker' ? 'SLIDING_FEE' : `SF-${fee.class}^${fee.from}`;
}
