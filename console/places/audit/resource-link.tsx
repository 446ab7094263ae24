import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditItem } from '../../../src/contract/audit.ts';

const PAGES: Readonly<Record<string, string>> = {
  environment: '/settings/integrations/environments/$id',
  system: '/settings/integrations/systems/$id',
  message: '/settings/integrations/diagnostics/tracer/$id',
  patient: '/patients/$id',
};

/** What an entry is about, as a link where there is a page for it. */
export function ResourceLink(props: { resource: AuditItem['resource'] }): ReactNode {
  const { resource } = props;
  if (resource === null || resource.kind === 'none') return <span className="quiet">–</span>;
  const label = resource.kind.replaceAll('_', ' ');
  const page = PAGES[resource.kind];
  if (resource.id === null || page === undefined) {
    return (
      <span>
        {label} {resource.id === null ? null : <code>{resource.id}</code>}
      </span>
    );
  }
  return (
    <Link to={page as '/patients/$id'} params={{ id: resource.id }}>
      {label} <code>{resource.id}</code>
    </Link>
  );
}
