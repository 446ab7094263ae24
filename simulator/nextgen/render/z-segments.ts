import type { Patient } from '../model/entities.ts';
import type { RenderContext } from './context.ts';
import { segment } from './hl7-text.ts';
import { slidingFeeText } from './visit.ts';

/**
 * What a health centre adds to its feed: ZSF (class, share of the poverty level, household, income, from, to), ZGR (grant)
 * and ZUD (UDS: homeless, agricultural worker, public housing, veteran, language other than English). The sliding fee
 * itself stands where the option says, which may be a field of one of these or a Z-segment of its own.
 */
export function zSegments(context: RenderContext, patient: Patient): string[] {
  const { slidingFee: fee } = patient;
  const { slidingFee: place } = context;
  const found = new Map<string, Record<number, string>>();
  if (context.zSegments && fee !== undefined) {
    const yes = (value: boolean) => (value ? 'Y' : 'N');
    found.set('ZSF', {
      1: '1',
      2: fee.class,
      3: String(fee.percentOfPoverty),
      4: String(fee.householdSize),
      5: String(fee.income),
      6: fee.from,
      7: fee.to,
    });
    found.set('ZGR', { 1: '1', 2: fee.grant });
    found.set('ZUD', {
      1: '1',
      2: yes(fee.homeless),
      3: yes(fee.agriculturalWorker),
      4: yes(fee.publicHousing),
      5: yes(fee.veteran),
      6: yes(patient.person.language !== 'ENG'),
    });
  }
  if (place !== undefined && place.segment !== 'PV1' && fee !== undefined) {
    const fields = found.get(place.segment) ?? { 1: '1' };
    fields[place.field] = slidingFeeText(context, patient);
    found.set(place.segment, fields);
  }
  return [...found].map(([name, fields]) => segment(name, fields));
}
