import { createDashboard, type DashboardDeps } from '../operations/dashboard.ts';
import type { Handlers } from './handler.ts';

/** The dashboard. The live stream beside it (`events`) is the server's own. */
export function createDashboardHandlers(deps: DashboardDeps): Pick<Handlers, 'dashboard'> {
  const read = createDashboard(deps);
  return { dashboard: ({ query }) => read(query) };
}
