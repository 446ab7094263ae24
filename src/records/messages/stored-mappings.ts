import { DEFAULT_CODE_TABLES } from '../../connectors/code-tables/default-code-tables.ts';
import { compileMapping, type CompiledMapping } from '../../mapping/compile-mapping.ts';
import { parseMapping } from '../../mapping/mapping-format.ts';
import { positionsKey, positionsOf, type SystemPositions } from '../settings/system-positions.ts';
import type { MappingRow } from '../../store/queries/message-detail.ts';
import { int8Text } from '../../store/queries/values.ts';

/** What of a system a mapping depends on. */
export interface MappedSystem {
  readonly country: string;
  readonly positions: SystemPositions;
}

export interface StoredMappings {
  /** A stored version as the engine compiles it for a system. Throws `mapping.bad-document`. */
  compiled(row: MappingRow, system: MappedSystem): CompiledMapping;
}

/** Versions that are kept compiled; the oldest gives way. */
const MAX_KEPT = 50;

/** Compiles stored mappings once for each kind of system: a version never changes. */
export function createStoredMappings(): StoredMappings {
  const kept = new Map<string, CompiledMapping>();
  return {
    compiled(row, { country, positions }) {
      const key = `${int8Text(row.id)}|${country}|${positionsKey(positions)}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const document = parseMapping(row.body);
      const options = { country, positions: positionsOf(document, positions) };
      const mapping = compileMapping(document, DEFAULT_CODE_TABLES, options);
      const [oldest] = kept.keys();
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, mapping);
      return mapping;
    },
  };
}
