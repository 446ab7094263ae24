import type { LeafField } from './leaf-fields.ts';
import { percent, type Reason, weigh } from './weigh.ts';

/** Words by which health centers name a sliding fee, or the poverty guideline that it follows. */
const NAMES_IT = /slid|sfs|sfds|^sf[_ -]?[a-z0-9]{0,2}$|fpl|fpg|poverty|nominal[_ -]?fee/i;
/** Steps of a scale: A to F, 0 to 6, and per cents. */
const STEP =
  /^(?:[A-F]|[0-6]|(?:0|20|25|40|50|60|75|80|100|125|150|175|200)\s?%?|(?:class|level|slide|tier)[ _-]?[A-F0-6])$/i;
const Z_NAMES = /^Z(?:FS|SF|SL|FQ|FP|UD|HC)/;
/** A candidate below this is not worth a look. */
const LEAST = 0.35;

export interface PlaceCandidate {
  readonly leaf: LeafField;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
}

/**
 * Where a health center may send the sliding-fee class: PV1-20 (financial class), a field behind the visit number, or a
 * Z-segment. Judged by what the values say, what scale they form, and where they stand. Best first.
 */
export function slidingFeePlaces(leaves: readonly LeafField[]): PlaceCandidate[] {
  return leaves
    .map((leaf): PlaceCandidate => {
      const reasons = reasonsFor(leaf);
      return { leaf, reasons, confidence: weigh(reasons) };
    })
    .filter(({ confidence }) => confidence >= LEAST)
    .sort((a, b) => b.confidence - a.confidence || b.leaf.rate - a.leaf.rate);
}

function reasonsFor({ segment, field, profile, rate }: LeafField): Reason[] {
  const isZ = segment.startsWith('Z');
  if (!isZ && segment !== 'PV1' && segment !== 'PV2' && segment !== 'GT1' && segment !== 'IN1') return [];
  // What HL7 defines for something else is not looked at, but for the fields that practices are known to use.
  const isVisit = segment === 'PV1' && field >= 20 && field <= 24;
  const values = profile.values.length > 0 ? profile.values : profile.examples;
  const total = values.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || ['date', 'timestamp', 'phone', 'email', 'ssn'].includes(profile.kind)) return [];
  const share = (fits: (text: string) => boolean): number =>
    values
      .filter(({ value, label }) => fits(value) || (label !== undefined && fits(label)))
      .reduce((sum, { count }) => sum + count, 0) / total;
  const named = share((text) => NAMES_IT.test(text));
  const steps = share((text) => STEP.test(text));
  if (named === 0 && steps < 0.8) return [];
  const reasons: Reason[] = [];
  if (named > 0) {
    const weight = 0.35 + 0.5 * named;
    reasons.push({ weight, words: `${percent(named)} of its values name a sliding fee or the poverty guideline.` });
  }
  if (steps >= 0.8 && profile.values.length >= 2 && profile.values.length <= 12) {
    reasons.push({
      weight: isZ || isVisit ? 0.3 : 0.1,
      words: `Its ${profile.values.length} values form a scale (letters, steps or per cents).`,
    });
  }
  if (isVisit) {
    const words =
      field === 20
        ? 'PV1-20 is the financial class.'
        : 'It stands behind the visit number (PV1-19), where health centers put such values.';
    reasons.push({ weight: 0.2, words });
  } else if (Z_NAMES.test(segment)) {
    reasons.push({
      weight: 0.45,
      words: `The segment ${segment} is named as health centers name the one with the sliding fee.`,
    });
  } else if (isZ) reasons.push({ weight: 0.12, words: `${segment} is a segment of the customer’s own.` });
  if (reasons.length > 0 && rate >= 0.2) {
    reasons.push({ weight: 0.1, words: `It is filled in ${percent(rate)} of the messages.` });
  }
  if (profile.values.length === 0 && profile.distinct > 40) {
    // Hundreds of different values are no class, whatever some of them say.
    return reasons.map((reason) => ({ ...reason, weight: reason.weight / 3 }));
  }
  return reasons;
}
