import type { FeedProposal, MappingDraftInput, MappingReviewView } from '../../../src/contract/feed-analysis.ts';

/** What the person has accepted so far. */
export interface Draft {
  /** Accepted proposals by id, with the path as the person left it. */
  readonly accepted: Readonly<Record<string, string>>;
  /** Fields that the person maps. */
  readonly own: readonly { readonly target: string; readonly path: string }[];
  /** Our code by code table and the sender's code. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const EMPTY_DRAFT: Draft = { accepted: {}, own: [], codes: {} };

/** From this confidence on a proposal is accepted with all others of its kind. */
export const CERTAIN = 0.8;

/** `PV1-20`, `ZFS-2.1`. */
export function isPath(text: string): boolean {
  return /^[A-Z][A-Z0-9]{2}-\d{1,3}(\.\d{1,3}){0,2}$/.test(text);
}

/** How many changes a draft makes. */
export function changesIn(draft: Draft): number {
  const codes = Object.values(draft.codes).reduce((sum, each) => sum + Object.keys(each).length, 0);
  return Object.keys(draft.accepted).length + draft.own.length + codes;
}

/** What is still missing before a draft can be tried. */
export function problemsIn(draft: Draft): string[] {
  const paths = [...Object.values(draft.accepted), ...draft.own.map(({ path }) => path)];
  return paths
    .filter((path) => !isPath(path))
    .map((path) => `“${path}” is no place in a message such as PV1-20 or ZFS-2.1.`);
}

/** The draft as the API takes it. */
export function draftInput(draft: Draft, review: MappingReviewView): MappingDraftInput {
  const byId = new Map(review.proposals.map((proposal) => [proposal.id, proposal]));
  const positions: Record<string, string> = {};
  const sources: { target: string; path: string; first: boolean }[] = [];
  for (const [id, path] of Object.entries(draft.accepted)) {
    const proposal = byId.get(id);
    if (proposal === undefined) continue;
    if (proposal.kind === 'position') positions[proposal.name] = path;
    // What is proposed stands in where the mapping finds nothing; what a person maps goes before it.
    else sources.push({ target: proposal.target, path, first: false });
  }
  for (const { target, path } of draft.own) sources.push({ target, path, first: true });
  return { base: { key: review.key, version: review.version }, positions, sources, codes: draft.codes };
}

export function accept(draft: Draft, proposal: Pick<FeedProposal, 'id' | 'path'>, yes: boolean): Draft {
  const { [proposal.id]: _old, ...others } = draft.accepted;
  return { ...draft, accepted: yes ? { ...others, [proposal.id]: proposal.path } : others };
}

/** Sets our code for a code of the sender; an empty one takes it out of the draft. */
export function setCode(draft: Draft, table: string, code: string, to: string): Draft {
  const { [code]: _old, ...others } = draft.codes[table] ?? {};
  const next = to === '' ? others : { ...others, [code]: to };
  const { [table]: _table, ...rest } = draft.codes;
  return { ...draft, codes: Object.keys(next).length === 0 ? rest : { ...rest, [table]: next } };
}

/** Every code with a proposal that is certain enough and shown as it is. */
export function certainCodes(review: MappingReviewView): { table: string; code: string; to: string }[] {
  return review.codes.flatMap(({ table, codes }) =>
    codes
      .filter(
        ({ to, proposed, confidence, masked }) => to === '' && proposed !== '' && confidence >= CERTAIN && !masked,
      )
      .map(({ value, proposed }) => ({ table, code: value, to: proposed })),
  );
}
