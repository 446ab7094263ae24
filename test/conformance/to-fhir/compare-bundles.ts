/** Where two Bundles differ: a path of a resource type, such as `Patient.name.family`. */
export interface Difference {
  readonly path: string;
  /** `theirs`: only theirs has the element; `ours`: only ours; `value`: both have it, with other values. */
  readonly kind: 'theirs' | 'ours' | 'value';
}

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Readonly<Record<string, unknown>>;
}

export interface AnyBundle {
  readonly entry?: readonly Entry[];
}

/**
 * Compares two Bundles by what they say, not by how many resources they say it in: for each element of each resource type the set of
 * its values. References count by the type that they lead to. Ids and narratives are left out.
 */
export function compareBundles(ours: AnyBundle, theirs: AnyBundle): readonly Difference[] {
  const a = valuesOf(ours);
  const b = valuesOf(theirs);
  const differences: Difference[] = [];
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(path);
    const right = b.get(path);
    if (left === undefined) differences.push({ path, kind: 'theirs' });
    else if (right === undefined) differences.push({ path, kind: 'ours' });
    else if (left.size !== right.size || [...left].some((value) => !right.has(value))) {
      differences.push({ path, kind: 'value' });
    }
  }
  return differences.sort((x, y) => (x.path < y.path ? -1 : 1));
}

/** A time with an offset as the moment that it is: theirs are in the zone of the machine that made them. */
function sameInstant(value: unknown): unknown {
  const isTime =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})$/.test(value);
  return isTime ? new Date(Date.parse(value)).toISOString() : typeof value === 'string' ? value.trim() : value;
}

function valuesOf(bundle: AnyBundle): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, string>();
  for (const { fullUrl, resource } of bundle.entry ?? []) {
    const type = String(resource?.['resourceType']);
    if (fullUrl !== undefined) types.set(fullUrl, type);
    if (typeof resource?.['id'] === 'string') types.set(`${type}/${resource['id']}`, type);
  }
  const values = new Map<string, Set<string>>();
  const add = (path: string, value: unknown): void => {
    const set = values.get(path) ?? new Set();
    values.set(path, set.add(String(value)));
  };
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, path);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    } else if (path.endsWith('.reference')) add(path, types.get(String(value)) ?? String(value).split('/')[0]);
    else add(path, sameInstant(value));
  };
  for (const { resource } of bundle.entry ?? []) {
    if (resource === undefined) continue;
    const type = String(resource['resourceType']);
    for (const [key, value] of Object.entries(resource)) {
      if (key !== 'resourceType' && key !== 'id' && key !== 'text') walk(value, `${type}.${key}`);
    }
  }
  return values;
}

/** The elements that both Bundles have. */
export function elementsOf(ours: AnyBundle, theirs: AnyBundle): readonly string[] {
  const right = valuesOf(theirs);
  return [...valuesOf(ours).keys()].filter((path) => right.has(path));
}
