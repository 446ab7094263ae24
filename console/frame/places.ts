import type { LinkProps } from '@tanstack/react-router';
import {
  IconActivity,
  IconAlertTriangle,
  IconBook,
  IconBuildingHospital,
  IconCertificate,
  IconLayoutDashboard,
  IconListSearch,
  IconPlugConnected,
  IconShieldCheck,
  IconStack,
  IconUserCog,
  IconUsers,
  IconZoomScan,
  type Icon,
} from '@tabler/icons-react';
import type { Permission } from '../../src/domain/permissions.ts';

/** A place of the navigation; shown only to those who may read what is there. */
export interface Place {
  readonly label: string;
  readonly to: Exclude<LinkProps['to'], undefined>;
  readonly icon: Icon;
  readonly permission: Permission;
  /** The way there, as the documents name it. */
  readonly path: string;
  readonly words: string;
  /** Lit up only on exactly this page. */
  readonly exact?: boolean;
}
export interface PlaceGroup {
  readonly label: string;
  readonly places: readonly Place[];
}

export const PLACES: readonly PlaceGroup[] = [
  {
    label: 'Integrations',
    places: [
      {
        label: 'Overview',
        to: '/settings/integrations',
        icon: IconLayoutDashboard,
        permission: 'overview.read',
        path: 'Settings › Integrations',
        words: 'health systems start home',
        exact: true,
      },
      {
        label: 'Environments',
        to: '/settings/integrations/environments',
        icon: IconStack,
        permission: 'environments.read',
        path: 'Settings › Integrations › Environments',
        words: 'development test production parameters hand-over',
      },
      {
        label: 'Credentials',
        to: '/settings/integrations/credentials',
        icon: IconCertificate,
        permission: 'credentials.read',
        path: 'Settings › Integrations › Credentials',
        words: 'vault certificate tls key authority ca csr expiry secret',
      },
      {
        label: 'PMS systems',
        to: '/settings/integrations/systems',
        icon: IconBuildingHospital,
        permission: 'systems.read',
        path: 'Settings › Integrations › PMS Systems',
        words: 'nextgen epic cerner connection vendor field mapping',
      },
      {
        label: 'HL7',
        to: '/settings/integrations/hl7',
        icon: IconPlugConnected,
        permission: 'listeners.read',
        path: 'Settings › Integrations › HL7',
        words: 'listener mllp port acknowledgment',
        exact: true,
      },
      {
        label: 'Sample-feed analyzer',
        to: '/settings/integrations/hl7/analyzer',
        icon: IconZoomScan,
        permission: 'mappings.read',
        path: 'Settings › Integrations › HL7 › Sample-feed analyzer',
        words: 'sample feed profile fill rate mapping proposal z-segment sliding fee specification dry run',
      },
    ],
  },
  {
    label: 'Watch and repair',
    places: [
      {
        label: 'Dashboard',
        to: '/settings/integrations/monitoring/dashboard',
        icon: IconActivity,
        permission: 'overview.read',
        path: 'Settings › Integrations › Monitoring › Dashboard',
        words: 'monitoring throughput latency queue figures',
      },
      {
        label: 'Message tracer',
        to: '/settings/integrations/diagnostics/tracer',
        icon: IconListSearch,
        permission: 'messages.read',
        path: 'Settings › Integrations › Diagnostics › Message Tracer',
        words: 'diagnostics messages raw replay',
      },
      {
        label: 'Error management',
        to: '/settings/integrations/errors',
        icon: IconAlertTriangle,
        permission: 'errors.read',
        path: 'Settings › Integrations › Error Management',
        words: 'failed queue causes resolve discard',
      },
    ],
  },
  {
    label: 'Practice',
    places: [
      {
        label: 'Patients',
        to: '/patients',
        icon: IconUsers,
        permission: 'patients.read',
        path: 'Patients',
        words: 'people mrn record history',
      },
    ],
  },
  {
    label: 'Administration',
    places: [
      {
        label: 'Audit',
        to: '/audit',
        icon: IconShieldCheck,
        permission: 'audit.read',
        path: 'Audit',
        words: 'log who did what verify chain',
      },
      {
        label: 'Users',
        to: '/settings/users',
        icon: IconUserCog,
        permission: 'users.manage',
        path: 'Settings › Users',
        words: 'roles invite api tokens',
      },
    ],
  },
];

/** Outside of the console's pages: the document of the HTTP API. */
export const API_DOCUMENT = { label: 'API documentation', href: '/api/docs', icon: IconBook } as const;
