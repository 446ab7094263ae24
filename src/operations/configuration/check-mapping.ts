import { compileMapping } from '../../mapping/compile-mapping.ts';
import type { CodeTable } from '../../mapping/code-table.ts';
import { MappingError, type MappingFault } from '../../mapping/mapping-error.ts';
import { parseMapping, type MappingDocument } from '../../mapping/mapping-format.ts';

export type CheckedMapping =
  | { readonly ok: true; readonly document: MappingDocument }
  | { readonly ok: false; readonly faults: readonly MappingFault[] };

/** Whether a mapping document can be used: its form, its targets, functions and paths, and the code tables it names. */
export function checkMapping(body: unknown, codeTables: readonly CodeTable[]): CheckedMapping {
  try {
    const document = parseMapping(body);
    compileMapping(document, codeTables);
    return { ok: true, document };
  } catch (error) {
    if (error instanceof MappingError) return { ok: false, faults: error.faults };
    throw error;
  }
}
