import { auditRoutes } from './audit.ts';
import { clinicalRoutes } from './clinical.ts';
import { configurationRoutes } from './configuration.ts';
import { credentialRoutes } from './credentials.ts';
import { dashboardRoutes } from './dashboard.ts';
import { environmentRoutes } from './environments.ts';
import { errorRoutes } from './errors.ts';
import { feedAnalysisRoutes } from './feed-analysis.ts';
import { listenerRoutes } from './listeners.ts';
import { messageRoutes } from './messages.ts';
import { patientRoutes } from './patients.ts';
import { sessionRoutes } from './session.ts';
import { systemRoutes } from './systems.ts';
import { userRoutes } from './users.ts';

/** Every route of the HTTP API, by name. The API registers exactly these, the console calls them by name. */
export const routes = {
  ...sessionRoutes,
  ...environmentRoutes,
  ...systemRoutes,
  ...listenerRoutes,
  ...credentialRoutes,
  ...feedAnalysisRoutes,
  ...messageRoutes,
  ...errorRoutes,
  ...patientRoutes,
  ...clinicalRoutes,
  ...dashboardRoutes,
  ...auditRoutes,
  ...userRoutes,
  ...configurationRoutes,
} as const;
export type RouteName = keyof typeof routes;
