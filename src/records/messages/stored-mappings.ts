import { DEFAULT_CODE_TABLES } from '../../connectors/code-tables/default-code-tables.ts';
import { compileMapping, type CompiledMapping } from '../../mapping/compile-mapping.ts';
import { parseMapping } from '../../mapping/mapping-format.ts';
import type { MappingRow } from '../../store/queries/message-detail.ts';
import { int8Text } from '../../store/queries/values.ts';

export interface StoredMappings {
  /** A stored version as the engine compiles it for systems of a country. Throws `mapping.bad-document`. */
  compiled(row: MappingRow, country: string): CompiledMapping;
}

/** Versions that are kept compiled; the oldest gives way. */
const MAX_KEPT = 50;

/** Compiles stored mappings once: a version never changes. */
export function createStoredMappings(): StoredMappings {
  const kept = new Map<string, CompiledMapping>();
  return {
    compiled(row, country) {
      const key = `${int8Text(row.id)}|${country}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const mapping = compileMapping(parseMapping(row.body), DEFAULT_CODE_TABLES, { country });
      const [oldest] = kept.keys();
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, mapping);
      return mapping;
    },
  };
}
