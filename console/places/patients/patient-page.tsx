import { Button, SimpleGrid } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PatientDetail } from '../../../src/contract/patients.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useFollowEnvironment } from '../../frame/environment.tsx';
import { ChangesTable, countLines } from '../../parts/changes-table.tsx';
import { CopyId } from '../../parts/copy-id.tsx';
import { formatCount, formatInstant, formatMany } from '../../parts/format.ts';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { Loading, Page, Section } from '../../parts/page.tsx';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { usePages } from '../../table/use-pages.ts';
import { ClinicalTab } from './clinical-tab.tsx';
import { identifierText, inGroups } from './identifiers.ts';
import { MoreIdentifiers } from './more-identifiers.tsx';

const CRUMBS = [{ label: 'Patients', to: '/patients' }] as const;

export function PatientPage(): ReactNode {
  const { id } = useParams({ from: '/frame/patients/$id' });
  const search = useSearch({ from: '/frame/patients/$id' });
  const navigate = useNavigate();
  const maySeeMessages = useMay('messages.read');
  const maySeeClinical = useMay('clinical.read');
  // Read at every opening: an update may have come since the last one, and each look is in the audit log.
  const read = useRead('getPatient', { params: { id } }, { staleTime: 0 });
  useFollowEnvironment(read.data?.environment_id);
  const data = read.data;
  if (data === undefined) {
    return (
      <Page title="Patient" purpose="One record, with the source of every field." crumbs={CRUMBS}>
        {read.error === null ? (
          <Loading label="Loading the patient" lines={8} />
        ) : (
          <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
        )}
      </Page>
    );
  }
  const about = [
    data.date_of_birth === null ? '' : `born ${data.date_of_birth}`,
    data.gender_label ?? '',
    data.city ?? '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  return (
    <Page
      title={data.name}
      // The title of a window is seen on shared screens and kept in the browser's history.
      documentTitle="Patient"
      purpose={about === '' ? 'No particulars yet' : about}
      crumbs={CRUMBS}
      action={
        maySeeMessages ? (
          <Button
            variant="default"
            component={Link}
            to="/settings/integrations/diagnostics/tracer"
            search={{ patient: data.id, range: 'all' } as never}
          >
            Show the messages
          </Button>
        ) : undefined
      }
    >
      <div style={{ display: 'flex', gap: '4px 20px', flexWrap: 'wrap' }}>
        {data.identifiers.map((identifier) => (
          <CopyId key={identifierText(identifier)} value={identifierText(identifier)} label="identifier" />
        ))}
        <MoreIdentifiers patient={data} />
        <span className="quiet">
          version {data.version}, changed <Time at={data.updated_at} />
        </span>
      </div>
      <MergeNotice patient={data} />
      {data.more.map((list) => (
        <p key={list.group} role="status">
          <strong>{list.group} is a very long list.</strong> The first ones are shown; there are{' '}
          {formatCount(list.count)} more.
        </p>
      ))}
      <TabsPanel
        label="Parts of the record"
        value={search.tab ?? 'record'}
        onChange={(tab) =>
          void navigate({
            from: '/patients/$id',
            search: (old) => ({ ...old, tab: tab === 'record' ? undefined : tab }),
            replace: true,
          })
        }
        tabs={[
          { value: 'record', label: 'Record', content: <RecordTab patient={data} /> },
          ...(maySeeClinical
            ? [{ value: 'clinical' as const, label: 'Clinical', content: <ClinicalTab patient={id} /> }]
            : []),
          { value: 'history', label: 'History', content: <HistoryTab id={id} /> },
        ]}
      />
    </Page>
  );
}

/** Says that the record was merged into another one, or took others in. */
function MergeNotice(props: { patient: PatientDetail }): ReactNode {
  const { merged_into: into, merged } = props.patient;
  return (
    <>
      {into === null ? null : (
        <p role="status">
          <strong>Merged into another patient.</strong> This is the record as it was then; its numbers and clinical
          records lead to{' '}
          <Link to="/patients/$id" params={{ id: into }}>
            the patient who stayed
          </Link>
          .
        </p>
      )}
      {merged.map((one) => (
        <p key={one.patient_id} className="quiet">
          Took in{' '}
          <Link to="/patients/$id" params={{ id: one.patient_id }}>
            another record
          </Link>{' '}
          <Time at={one.at} />.
        </p>
      ))}
    </>
  );
}

function RecordTab(props: { patient: PatientDetail }): ReactNode {
  const maySeeRaw = useMay('messages.raw');
  const groups = inGroups(props.patient.fields);
  const systems = new Set(props.patient.fields.map((field) => field.source?.system_id));
  if (groups.length === 0) {
    return <EmptyState title="An empty record">No message has filled a field of it yet.</EmptyState>;
  }
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
      {groups.map(({ group, fields }) => (
        <Section key={group} title={group}>
          <table className="plain" style={{ tableLayout: 'fixed' }}>
            <caption className="visually-hidden">{group}</caption>
            <thead>
              <tr>
                <th scope="col" style={{ width: '30%' }}>
                  Field
                </th>
                <th scope="col">Value</th>
                <th scope="col" style={{ width: 150 }}>
                  Source
                </th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field.path}>
                  <td className="quiet" title={field.path}>
                    {field.label}
                  </td>
                  <td>{field.text}</td>
                  <td>
                    <FieldSource source={field.source} named={systems.size > 1} link={maySeeRaw} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ))}
    </SimpleGrid>
  );
}

/** When and by which message a field was filled; the system's name too where several fill the record. */
function FieldSource(props: {
  source: PatientDetail['fields'][number]['source'];
  named: boolean;
  link: boolean;
}): ReactNode {
  const { source } = props;
  if (source === null) return <span className="quiet">–</span>;
  const text = formatInstant(source.at).slice(0, 16);
  return (
    <span title={`${source.system_name}, ${formatInstant(source.at)}`}>
      {props.link ? (
        <Link to="/settings/integrations/diagnostics/tracer/$id" params={{ id: source.message_id }}>
          {text}
        </Link>
      ) : (
        text
      )}
      {props.named ? <div className="quiet">{source.system_name}</div> : null}
    </span>
  );
}

function HistoryTab(props: { id: string }): ReactNode {
  const maySeeRaw = useMay('messages.raw');
  const pages = usePages('getPatientHistory', props.id, (cursor) => ({
    params: { id: props.id },
    query: cursor === undefined ? { limit: 50 } : { limit: 50, cursor },
  }));
  if (pages.error !== null) return <ErrorNotice error={pages.error} onRetry={pages.again} />;
  if (pages.rows === undefined) return <Loading label="Loading the history" />;
  if (pages.rows.length === 0)
    return <EmptyState title="No changes recorded">The record has not been touched.</EmptyState>;
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      {pages.rows.map((entry) => (
        <Section
          key={entry.id}
          title={`Version ${entry.version}: ${formatMany(countLines(entry.changes), 'field')}`}
          action={
            <span className="quiet">
              <Time at={entry.at} />, {entry.system_name ?? entry.actor}
              {entry.message_id !== null && maySeeRaw ? (
                <>
                  {', '}
                  <Link to="/settings/integrations/diagnostics/tracer/$id" params={{ id: entry.message_id }}>
                    message
                  </Link>
                </>
              ) : null}
            </span>
          }
        >
          <ChangesTable changes={entry.changes} label={`Changes of version ${entry.version}`} />
        </Section>
      ))}
      {pages.hasMore ? (
        <Button variant="default" loading={pages.loadingMore} onClick={pages.more}>
          Show earlier changes
        </Button>
      ) : null}
    </div>
  );
}
