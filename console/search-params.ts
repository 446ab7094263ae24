import { z } from 'zod/mini';

/**
 * What the URLs of the pages hold: filters, tab, selection and sort, so that a view can be sent to a colleague. Never
 * what a person typed to find a patient. A part that is not understood is left out instead of failing the page.
 */
function part<T extends z.ZodMiniType>(type: T) {
  return z.catch(z.optional(type), undefined);
}
const id = z.string().check(z.regex(/^\d{1,19}$/));
const text = (max: number) => z.string().check(z.maxLength(max));
const instant = z.iso.datetime({ offset: true });

export const environmentSearch = z.object({ env: part(text(60)) });
export const signInSearch = z.object({ next: part(text(2000)), ended: part(z.literal('1')) });
export const credentialsSearch = z.object({ credential: part(text(20)), sort: part(text(200)) });
export const systemsSearch = z.object({ sort: part(text(200)) });
export const systemSearch = z.object({ tab: part(z.enum(['overview', 'settings', 'mapping', 'listeners'])) });
export const listenersSearch = z.object({ listener: part(text(20)), system: part(id), sort: part(text(200)) });
export const analyzerSearch = z.object({
  tab: part(z.enum(['overview', 'fields', 'mapping', 'codes', 'dry-run'])),
  analysis: part(id),
});
export const dashboardSearch = z.object({
  range: part(z.enum(['15m', '1h', '6h', '24h', '7d'])),
  view: part(z.enum(['chart', 'table'])),
});
export const RANGES = ['15m', '1h', '24h', '7d', 'all', 'custom'] as const;
export const tracerSearch = z.object({
  state: part(text(120)),
  system: part(id),
  listener: part(id),
  patient: part(id),
  cause: part(text(40)),
  type: part(text(20)),
  range: part(z.enum(RANGES)),
  from: part(instant),
  to: part(instant),
  tab: part(z.enum(['content', 'steps', 'changes', 'acknowledgment'])),
});
export const errorsSearch = z.object({ cause: part(text(40)), system: part(id), sort: part(text(200)) });
export const auditSearch = z.object({
  who: part(z.enum(['people', 'all'])),
  action: part(text(60)),
  kind: part(text(60)),
  resource: part(id),
  range: part(z.enum(RANGES)),
  from: part(instant),
  to: part(instant),
  entry: part(id),
});
export const usersSearch = z.object({
  tab: part(z.enum(['users', 'tokens'])),
  dialog: part(z.enum(['invite', 'token'])),
});
export type TracerSearch = z.infer<typeof tracerSearch>;
