/** Where messages go, by type and trigger event. What is not here is stored, acknowledged and shown as not routed. */
export const ROUTES = Object.freeze({
  'ADT^A01': 'patient',
  'ADT^A04': 'patient',
  'ADT^A08': 'patient',
} as const);

/** The route of a message type; undefined when there is none. */
export function routeOf(
  code: string,
  trigger: string | undefined,
): { readonly type: string; readonly target: 'patient' } | undefined {
  const type = `${code}^${trigger ?? ''}`;
  const target = (ROUTES as Readonly<Record<string, 'patient' | undefined>>)[type];
  return target === undefined ? undefined : { type, target };
}
