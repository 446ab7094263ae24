import { searchTokenInput } from '../../matching/blind-inputs.ts';
import type { BlindIndex } from '../../security/blind-index.ts';
import type { WantedHashes } from '../../store/queries/message-candidates.ts';

/** What a text asks for: of each entry one token has to be there. */
export type WantedTokens = readonly (readonly string[])[];

/** The keyed hashes of wanted tokens in these environments: a record carries those of its own environment. */
export function searchHashes(index: BlindIndex, wanted: WantedTokens, environments: readonly string[]): WantedHashes {
  return wanted.map((tokens) =>
    index
      .batch64(environments.flatMap((environment) => tokens.map((token) => searchTokenInput(environment, token))))
      .map(String),
  );
}
