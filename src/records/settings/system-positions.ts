import { compilePath } from '../../formats/hl7v2/path.ts';
import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';

/** Where a system has what its practice sends in a place of its own: HL7 paths by the name of the mapping's position. */
export type SystemPositions = Readonly<Record<string, string>>;

interface Positioned {
  readonly positions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The positions of a system that a version of a mapping knows. Others are passed over: an older version, or the next one of
 * a default mapping, may not have them, which must not stop the system's messages.
 */
export function positionsOf(mapping: Positioned, positions: SystemPositions | undefined): SystemPositions {
  const known = mapping.positions ?? {};
  return Object.fromEntries(Object.entries(positions ?? {}).filter(([name]) => Object.hasOwn(known, name)));
}

/** Stands for positions in the key of a cache. */
export function positionsKey(positions: SystemPositions | undefined): string {
  return JSON.stringify(Object.entries(positions ?? {}).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What is wrong with the positions of a system under the mapping in force: the name, and why. */
export function checkPositions(
  mapping: Positioned,
  positions: SystemPositions | undefined,
): { readonly name: string; readonly reason: string }[] {
  const known = Object.keys(mapping.positions ?? {});
  return Object.entries(positions ?? {}).flatMap(([name, path]) => {
    if (!known.includes(name)) {
      const offered = known.length === 0 ? 'it has none' : `only: ${known.join(', ')}`;
      return [{ name, reason: `The field mapping in force has no position “${name}”, ${offered}.` }];
    }
    try {
      compilePath(path);
      return [];
    } catch (error) {
      if (!(error instanceof Hl7Error)) throw error;
      return [{ name, reason: `“${path}” is no place in a message such as ZFS-3 or PV1-21.1.` }];
    }
  });
}
