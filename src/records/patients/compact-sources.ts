import type { PatientFieldPath, PatientListName } from '../../domain/patient/patient-fields.ts';
import type { PatientRecord, PatientSource, Sourced } from '../../domain/patient/patient-record.ts';

/**
 * Drops the sources that no value names any more and puts the one that most values name first, which then need not name
 * it. Keeps a record that has seen a thousand messages as small as one that has seen three.
 */
export function compactSources(record: PatientRecord): PatientRecord {
  const uses = new Array<number>(record.sources.length).fill(0);
  for (const path in record.fields) count(uses, record.provenance[path as PatientFieldPath]);
  for (const name in record.lists) {
    for (const item of record.lists[name as PatientListName] ?? []) count(uses, item.src);
  }
  let base = 0;
  for (let i = 1; i < uses.length; i++) if ((uses[i] ?? 0) > (uses[base] ?? 0)) base = i;
  if (base === 0 && !uses.includes(0)) return record;

  const sources: PatientSource[] = [];
  const renumbered = new Array<number>(uses.length).fill(0);
  const keep = (index: number): void => {
    const source = record.sources[index];
    if (source === undefined || ((uses[index] ?? 0) === 0 && index !== base)) return;
    renumbered[index] = sources.length;
    sources.push(source);
  };
  keep(base);
  for (let i = 0; i < uses.length; i++) if (i !== base) keep(i);

  const provenance: Record<string, number> = {};
  for (const path in record.fields) {
    const index = renumbered[record.provenance[path as PatientFieldPath] ?? 0] ?? 0;
    if (index !== 0) provenance[path] = index;
  }
  const lists: Record<string, readonly object[]> = {};
  for (const name in record.lists) {
    const items: readonly Sourced<object>[] = record.lists[name as PatientListName] ?? [];
    lists[name] = items.map((item) => renumber(item, renumbered));
  }
  return { ...record, lists, sources, provenance };
}

function count(uses: number[], index: number | undefined): void {
  const at = index ?? 0;
  uses[at] = (uses[at] ?? 0) + 1;
}

function renumber(item: Sourced<object>, renumbered: readonly number[]): object {
  const next = renumbered[item.src ?? 0] ?? 0;
  if (next === (item.src ?? 0)) return item;
  const { src: _, ...rest } = item;
  return next === 0 ? rest : { ...rest, src: next };
}
