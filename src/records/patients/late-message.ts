import { identifierScope } from '../../domain/patient/identifier-types.ts';
import type { PatientFieldPath, PatientListName } from '../../domain/patient/patient-fields.ts';
import type { Heard, PatientInput, PatientRecord } from '../../domain/patient/patient-record.ts';
import type { SaidTime } from '../../domain/said-time.ts';

export interface TimelyInput {
  /** What nobody newer has spoken of. */
  readonly input: PatientInput;
  /** The message is older than what the same system said before. */
  readonly late: boolean;
  /** How many paths a newer message had spoken of, and that are therefore left alone. */
  readonly withheld: number;
}

/**
 * What of a message may still be applied. A message that is older than what its system said already (it was held up, or
 * is replayed) changes only what no newer message has spoken of. Identifiers are added also by an old message, as they stay
 * true; account and visit numbers are not, as each takes the place of the one before. Times are compared within one
 * system only, as two systems' clocks need not agree.
 */
export function timelyInput(
  record: PatientRecord | undefined,
  input: PatientInput,
  systemId: string,
  said: SaidTime | undefined,
): TimelyInput {
  const newer = said === undefined ? [] : (record?.heard ?? []).filter((one) => isNewer(one, systemId, said));
  if (newer.length === 0) return { input, late: false, withheld: 0 };
  const spoken = new Set(newer.flatMap(({ paths }) => paths));
  let withheld = 0;
  const fields: Record<string, unknown> = {};
  for (const path in input.fields) {
    if (spoken.has(path)) withheld += 1;
    else fields[path] = input.fields[path as PatientFieldPath];
  }
  const lists: Record<string, unknown> = {};
  for (const key in input.lists) {
    const name = key as PatientListName;
    if (name === 'identifiers') {
      lists[name] = input.lists[name]?.filter(({ type }) => identifierScope(type) !== 'episode');
    } else if (spoken.has(name)) withheld += 1;
    else lists[name] = input.lists[name];
  }
  return { input: { fields, lists }, late: true, withheld };
}

function isNewer(heard: Heard, systemId: string, said: SaidTime): boolean {
  return heard.systemId === systemId && said.to < heard.at;
}

/** What systems said last, after one more message. Each path stands once for a system, at its latest time. */
export function hear(
  heard: readonly Heard[] | undefined,
  input: PatientInput,
  systemId: string,
  said: SaidTime | undefined,
): readonly Heard[] | undefined {
  if (said === undefined) return heard;
  const own: Heard[] = [];
  const others: Heard[] = [];
  for (const one of heard ?? []) (one.systemId === systemId ? own : others).push(one);
  const paths = [...Object.keys(input.fields), ...Object.keys(input.lists)];
  const [only] = own;
  // The usual case: the system says the same paths each time, and later than before.
  if (own.length <= 1 && only !== undefined && only.at <= said.from && sameTexts(only.paths, paths)) {
    return [...others, { systemId, at: said.from, paths: only.paths }];
  }
  const later = new Set(own.filter(({ at }) => at > said.from).flatMap((one) => one.paths));
  const fresh = paths.filter((path) => !later.has(path));
  const covered = new Set(fresh);
  const kept = own.flatMap((one): Heard[] => {
    const left = one.at > said.from ? one.paths : one.paths.filter((path) => !covered.has(path));
    return left.length === 0 ? [] : [{ ...one, paths: left }];
  });
  if (fresh.length > 0) kept.push({ systemId, at: said.from, paths: fresh });
  return [...others, ...kept];
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
