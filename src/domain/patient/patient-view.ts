import type { PatientRecord } from './patient-record.ts';

/**
 * The record as a nested object with the canonical snake_case names, as the API and exports show it: `address.city`
 * becomes `{ address: { city } }`, lists keep their order; sources are left out (see `fieldSource`).
 */
export function patientView(record: PatientRecord): Record<string, unknown> {
  const view = nest(record.fields);
  for (const [name, items] of Object.entries(record.lists)) {
    view[name] = items.map((item) => {
      const { src: _, ...rest } = item;
      return nest(rest);
    });
  }
  return view;
}

function nest(flat: object): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const parts = path.split('.');
    const last = parts.pop() ?? path;
    let at = root;
    for (const part of parts) {
      const inner = (at[part] ?? {}) as Record<string, unknown>;
      at[part] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return root;
}
