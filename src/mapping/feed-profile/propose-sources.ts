import type { CodeTable } from '../code-table.ts';
import type { ValueKind } from './value-kind.ts';
import type { LeafField } from './leaf-fields.ts';
import type { MappingCoverage } from './mapping-coverage.ts';
import { percent, type Reason, weigh } from './weigh.ts';

export interface SourceCandidate {
  readonly target: string;
  readonly leaf: LeafField;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
}

/** A field that the mapping finds more often than this needs no further source. */
const SELDOM = 0.5;
const LEAST = 0.5;

/** Fields of the patient that a kind of value by itself gives away. */
const BY_KIND: Readonly<Partial<Record<ValueKind, string>>> = { email: 'email', ssn: 'ssn' };

/**
 * Further places for fields of the patient that the mapping seldom finds: fields of the feed that nobody reads and whose
 * values are of the right kind, or known to the code table of the field. Best first, one for each target.
 */
export function furtherSources(
  unread: readonly LeafField[],
  coverage: MappingCoverage,
  codeTables: readonly CodeTable[],
): SourceCandidate[] {
  const found = new Map<string, SourceCandidate>();
  const offer = (target: string, leaf: LeafField, reasons: readonly Reason[]): void => {
    const said = coverage.filled.get(target);
    const rate = said === undefined || said.of === 0 ? 0 : said.filled / said.of;
    if (said === undefined || rate >= SELDOM || leaf.rate <= rate) return;
    const missing: Reason = {
      weight: 0.2,
      words: `The mapping finds a value in ${percent(rate)} of the messages, this field has one in ${percent(leaf.rate)}.`,
    };
    const all = [...reasons, missing];
    const candidate = { target, leaf, reasons: all, confidence: weigh(all) };
    if (candidate.confidence < LEAST) return;
    const known = found.get(target);
    if (known === undefined || candidate.confidence > known.confidence) found.set(target, candidate);
  };
  for (const leaf of unread) {
    const byKind = BY_KIND[leaf.profile.kind];
    if (byKind !== undefined) {
      offer(byKind, leaf, [
        { weight: 0.6, words: `At least four of five values are written as ${KIND_WORDS[leaf.profile.kind] ?? ''}.` },
      ]);
    }
    for (const use of coverage.codes) {
      if (use.target.includes('.')) continue;
      const table = codeTables.find(({ key }) => key === use.table);
      const reason = table === undefined ? undefined : knownCodes(leaf, use.translate, table);
      if (reason !== undefined) offer(use.target, leaf, [reason]);
    }
  }
  return [...found.values()].sort((a, b) => b.confidence - a.confidence);
}

const KIND_WORDS: Readonly<Partial<Record<ValueKind, string>>> = {
  email: 'e-mail addresses',
  ssn: 'Social Security numbers',
};

/** Words say what they are about; single letters mean something in every table. */
function knownCodes(
  leaf: LeafField,
  translate: (code: string) => string | undefined,
  table: CodeTable,
): Reason | undefined {
  const { values } = leaf.profile;
  const telling = values.filter(({ value }) => value.length >= 4);
  if (telling.length < 2) return undefined;
  const total = values.reduce((sum, { count }) => sum + count, 0);
  const known = telling.filter(({ value }) => translate(value) !== undefined);
  const share = known.reduce((sum, { count }) => sum + count, 0) / total;
  if (known.length < 2 || share < 0.6) return undefined;
  return {
    weight: 0.7 * share,
    words: `The code table “${table.title}” knows ${known.length} of its ${values.length} values (${percent(share)} of the messages).`,
  };
}
