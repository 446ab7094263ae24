import type { IdGenerator } from '../../domain/ids.ts';
import type { BlindIndex, BlindIndexPurpose } from '../../security/blind-index.ts';
import type { Sealer } from '../../security/sealing.ts';

/** What applying a batch needs from outside. */
export interface ApplyDeps {
  readonly ids: IdGenerator;
  readonly sealer: Sealer;
  readonly indexes: Readonly<Record<BlindIndexPurpose, BlindIndex>>;
}
