import type { Analyte, LabPanel } from '../../codes/lab-tests.ts';
import { ANTIBIOTICS, type AntibioticName, type Culture, type Organism } from '../../codes/microbiology.ts';
import type { Random } from '../../random.ts';
import type { Isolate, Result, ResultStatus } from './entities.ts';

/** Values of a panel; most are normal, a few far off. */
export function resultsOf(random: Random, panel: LabPanel, status: ResultStatus): Result[] {
  return panel.analytes.map((analyte) => resultOf(random, analyte, status));
}

/** One or two values are put right, with a note of what was said before; the rest stands as it was. */
export function correct(random: Random, results: readonly Result[], panel: LabPanel | undefined): Result[] {
  const wrong = random.int(0, results.length - 1);
  return results.map((result, at) => {
    const analyte = panel?.analytes[at];
    if (at !== wrong || analyte === undefined) return result;
    const again = resultOf(random, analyte, 'C');
    const unit = result.unit === '' ? '' : ` ${result.unit}`;
    return { ...again, notes: [`Corrected result. Previously reported as ${result.value}${unit}.`] };
  });
}

function resultOf(random: Random, analyte: Analyte, status: ResultStatus): Result {
  const { loinc, local, unit, words } = analyte;
  // Whatever names the test first: the world's code or the house's.
  const worldFirst = random.chance(0.7);
  const code = loinc === undefined || !worldFirst ? local : loinc;
  const alternate = loinc === undefined ? undefined : worldFirst ? local : loinc;
  const common = { code, alternate, unit, status };
  if (status === 'X') return { ...common, value: '', range: rangeOf(analyte), flag: '', numeric: !words, notes: [] };
  if (words !== undefined) {
    const value = random.chance(0.8) ? words[0] : random.pick(words);
    return { ...common, value, range: words[0], flag: value === words[0] ? '' : 'A', numeric: false, notes: [] };
  }
  const value = valueOf(random, analyte);
  const flag = flagOf(Number(value), analyte);
  const critical = flag === 'HH' || flag === 'LL';
  return {
    ...common,
    value,
    range: rangeOf(analyte),
    flag,
    numeric: true,
    notes: critical ? ['Critical value, called & read back.'] : [],
  };
}

function valueOf(random: Random, { low, high, decimals }: Analyte): string {
  const width = high - low;
  const [from, to] = random.weighted([
    [[low, high], 80],
    [[low - width * 0.2, low], 8],
    [[high, high + width * 0.4], 10],
    [[high + width * 0.9, high + width * 1.5], 2],
  ] as const);
  const value = from + random.next() * (to - from);
  return Math.max(0, value).toFixed(decimals);
}

/** HL7 table 0078: beyond the range, or far beyond it. */
function flagOf(value: number, { low, high }: Analyte): string {
  const width = high - low;
  if (value > high + width * 0.8) return 'HH';
  if (value > high) return 'H';
  if (value < low - width * 0.8) return 'LL';
  return value < low ? 'L' : 'N';
}

function rangeOf({ low, high, decimals, words }: Analyte): string {
  if (words !== undefined) return words[0];
  return low === 0 ? `<=${high.toFixed(decimals)}` : `${low.toFixed(decimals)}-${high.toFixed(decimals)}`;
}

/** What grew: nothing in half of the cultures, else one organism or two. A preliminary report has no susceptibilities. */
export function isolatesOf(random: Random, culture: Culture, status: ResultStatus): Isolate[] {
  if (status === 'X' || random.chance(0.45)) return [];
  const first = random.pick(culture.organisms);
  const others = culture.organisms.filter((one) => one !== first);
  const found = others.length > 0 && random.chance(0.15) ? [first, random.pick(others)] : [first];
  return found.map((organism) => ({
    organism,
    count: random.pick(['>100,000 CFU/mL', '50,000-100,000 CFU/mL', '10,000-50,000 CFU/mL']),
    tests: status === 'P' ? [] : susceptibilities(random, organism),
  }));
}

/** What a preliminary report found, with its susceptibilities; where it found nothing, now and then something did grow. */
export function finish(random: Random, culture: Culture, found: readonly Isolate[]): Isolate[] {
  if (found.length > 0) return found.map((one) => ({ ...one, tests: susceptibilities(random, one.organism) }));
  return random.chance(0.15) ? isolatesOf(random, culture, 'F') : [];
}

function susceptibilities(random: Random, { resists }: Organism): Isolate['tests'] {
  return (Object.entries(resists) as [AntibioticName, number][]).map(([name, resisting]) => {
    const { loinc, local, susceptible, resistant } = ANTIBIOTICS[name];
    const verdict = random.chance(resisting) ? 'R' : random.chance(0.05) ? 'I' : 'S';
    const between = susceptible * 2;
    const concentration =
      verdict === 'R'
        ? `>=^${resistant}`
        : verdict === 'S' || between >= resistant
          ? `<=^${susceptible}`
          : `=^${between}`;
    return {
      code: loinc,
      alternate: local,
      concentration,
      verdict: verdict === 'I' && between >= resistant ? 'S' : verdict,
    };
  });
}
