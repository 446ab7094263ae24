import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { z } from 'zod/mini';
import { ApiError } from './api/api-error.ts';
import { call } from './api/call.ts';
import { queryClient } from './api/query-client.ts';
import { currentSession, mayIn } from './api/session.ts';
import { Frame } from './frame/frame.tsx';
import { NotFound, PageFault, ProgramFault } from './frame/page-fault.tsx';
import { PLACES } from './frame/places.ts';
import { readSearch, writeSearch } from './search-text.ts';
import {
  analyzerSearch,
  auditSearch,
  credentialsSearch,
  dashboardSearch,
  environmentSearch,
  errorsSearch,
  listenersSearch,
  signInSearch,
  systemSearch,
  systemsSearch,
  tracerSearch,
  usersSearch,
} from './search-params.ts';

const root = createRootRoute({ component: Outlet, errorComponent: ProgramFault, notFoundComponent: NotFound });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./places/access/setup-page.tsx'), 'SetupPage'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./places/access/sign-in-page.tsx'), 'SignInPage'),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  validateSearch: environmentSearch,
  search: { middlewares: [retainSearchParams(['env'])] },
  component: Frame,
  beforeLoad: async ({ location }) => {
    if (currentSession() !== undefined) return;
    try {
      await queryClient.query({ queryKey: ['session'], queryFn: () => call('session', {}), staleTime: 'static' });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const { needed } = await call('setupState', {});
      if (needed) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
});

const start = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    const session = currentSession();
    const first = PLACES.flatMap((group) => group.places).find((place) => mayIn(session, place.permission));
    throw redirect({ to: first?.to ?? '/nothing-here', replace: true } as never);
  },
});
const nothingHere = createRoute({
  getParentRoute: () => frame,
  path: '/nothing-here',
  component: lazyRouteComponent(() => import('./places/access/nothing-here-page.tsx'), 'NothingHerePage'),
});

const overview = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations',
  component: lazyRouteComponent(() => import('./places/overview/overview-page.tsx'), 'OverviewPage'),
});
const environments = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/environments',
  component: lazyRouteComponent(() => import('./places/environments/environments-page.tsx'), 'EnvironmentsPage'),
});
const newEnvironment = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/environments/new',
  component: lazyRouteComponent(() => import('./places/environments/new-environment-page.tsx'), 'NewEnvironmentPage'),
});
const environment = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/environments/$id',
  component: lazyRouteComponent(() => import('./places/environments/environment-page.tsx'), 'EnvironmentPage'),
});
const credentials = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/credentials',
  validateSearch: credentialsSearch,
  component: lazyRouteComponent(() => import('./places/credentials/credentials-page.tsx'), 'CredentialsPage'),
});
const systems = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/systems',
  validateSearch: systemsSearch,
  component: lazyRouteComponent(() => import('./places/systems/systems-page.tsx'), 'SystemsPage'),
});
const newSystem = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/systems/new',
  component: lazyRouteComponent(() => import('./places/systems/new-system-page.tsx'), 'NewSystemPage'),
});
const system = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/systems/$id',
  validateSearch: systemSearch,
  component: lazyRouteComponent(() => import('./places/systems/system-page.tsx'), 'SystemPage'),
});
const hl7 = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/hl7',
  validateSearch: listenersSearch,
  component: lazyRouteComponent(() => import('./places/hl7/listeners-page.tsx'), 'ListenersPage'),
});
const analyzer = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/hl7/analyzer',
  validateSearch: analyzerSearch,
  component: lazyRouteComponent(() => import('./places/analyzer/analyzer-page.tsx'), 'AnalyzerPage'),
});
const dashboard = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/monitoring/dashboard',
  validateSearch: dashboardSearch,
  component: lazyRouteComponent(() => import('./places/dashboard/dashboard-page.tsx'), 'DashboardPage'),
});
const tracer = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/diagnostics/tracer',
  validateSearch: tracerSearch,
  component: lazyRouteComponent(() => import('./places/tracer/tracer-page.tsx'), 'TracerPage'),
});
const tracerMessage = createRoute({
  getParentRoute: () => tracer,
  path: '/$id',
  component: lazyRouteComponent(() => import('./places/tracer/message-panel.tsx'), 'MessagePanel'),
});
const errors = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/errors',
  validateSearch: errorsSearch,
  component: lazyRouteComponent(() => import('./places/errors/errors-page.tsx'), 'ErrorsPage'),
});
const errorGroup = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations/errors/$fingerprint',
  component: lazyRouteComponent(() => import('./places/errors/error-group-page.tsx'), 'ErrorGroupPage'),
});
const patients = createRoute({
  getParentRoute: () => frame,
  path: '/patients',
  component: lazyRouteComponent(() => import('./places/patients/patients-page.tsx'), 'PatientsPage'),
});
const patient = createRoute({
  getParentRoute: () => frame,
  path: '/patients/$id',
  validateSearch: z.object({ tab: z.catch(z.optional(z.enum(['record', 'clinical', 'history'])), undefined) }),
  component: lazyRouteComponent(() => import('./places/patients/patient-page.tsx'), 'PatientPage'),
});
const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./places/audit/audit-page.tsx'), 'AuditPage'),
});
const users = createRoute({
  getParentRoute: () => frame,
  path: '/settings/users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('./places/users/users-page.tsx'), 'UsersPage'),
});

const routeTree = root.addChildren([
  setup,
  signIn,
  frame.addChildren([
    start,
    nothingHere,
    overview,
    environments,
    newEnvironment,
    environment,
    credentials,
    systems,
    newSystem,
    system,
    hl7,
    analyzer,
    dashboard,
    tracer.addChildren([tracerMessage]),
    errors,
    errorGroup,
    patients,
    patient,
    audit,
    users,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  // What the pages read is kept by the query client.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: PageFault,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
