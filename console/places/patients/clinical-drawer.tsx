import { Anchor, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ClinicalDetail } from '../../../src/contract/clinical.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { CopyId } from '../../parts/copy-id.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page.tsx';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { Time } from '../../parts/time.tsx';
import { clinicalDate, statusWords } from './clinical-words.ts';

/** One clinical record: in words, as FHIR, and what it was before. */
export function ClinicalDrawer(props: { id: string | undefined; onClose: () => void }): ReactNode {
  return (
    <Drawer opened={props.id !== undefined} onClose={props.onClose} position="right" size="lg" title="Clinical record">
      {props.id === undefined ? null : <Content key={props.id} id={props.id} />}
    </Drawer>
  );
}

function Content(props: { id: string }): ReactNode {
  const [tab, setTab] = useState('words');
  // Read at every opening, as each look is in the audit log.
  const read = useRead('getClinicalResource', { params: { id: props.id } }, { staleTime: 0 });
  if (read.data === undefined) {
    return read.error === null ? (
      <Loading label="Loading the record" />
    ) : (
      <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
    );
  }
  const data = read.data;
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <h2>{data.title}</h2>
      <p>
        {data.summary === '' ? null : <strong>{data.ended ? <s>{data.summary}</s> : data.summary} </strong>}
        <span className="quiet">
          {statusWords(data.status)}, {clinicalDate(data.date)}
        </span>
      </p>
      <TabsPanel
        label="Ways to read the record"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'words', label: 'In words', content: <Words record={data} /> },
          { value: 'json', label: 'FHIR', content: <Json value={data.resource} label="The record as FHIR R4" /> },
          {
            value: 'history',
            label: data.history.length === 0 ? 'History' : `History ${data.history.length}`,
            content: <History record={data} />,
          },
        ]}
      />
    </div>
  );
}

function Words(props: { record: ClinicalDetail }): ReactNode {
  const { record } = props;
  return (
    <dl className="facts">
      {record.facts.map((fact) => (
        <div key={fact.label} style={{ display: 'contents' }}>
          <dt>{fact.label}</dt>
          <dd style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{fact.value}</dd>
        </div>
      ))}
      <dt>Version</dt>
      <dd>
        {record.version}, <Time at={record.updated_at} />, {record.system_name}
        <Source message={record.message_id} />
      </dd>
      <dt>Record</dt>
      <dd>
        <CopyId value={record.id} label="record id" />
      </dd>
    </dl>
  );
}

function Source(props: { message: string }): ReactNode {
  if (!useMay('messages.raw')) return null;
  return (
    <>
      {', '}
      <Link to="/settings/integrations/diagnostics/tracer/$id" params={{ id: props.message }}>
        source message
      </Link>
    </>
  );
}

function History(props: { record: ClinicalDetail }): ReactNode {
  const [open, setOpen] = useState<number | undefined>(undefined);
  const { history } = props.record;
  if (history.length === 0) return <p className="quiet">No other message has changed it since it came.</p>;
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      {history.map((version) => (
        <section key={version.version} aria-label={`Version ${version.version}`}>
          <strong>Version {version.version}</strong>{' '}
          <span className="quiet">
            {statusWords(version.status)}
            {version.summary === '' ? '' : `, ${version.summary}`}, <Time at={version.at} />
            <Source message={version.message_id} />
          </span>{' '}
          <Anchor
            component="button"
            type="button"
            aria-expanded={open === version.version}
            onClick={() => setOpen(open === version.version ? undefined : version.version)}
          >
            {open === version.version ? 'hide' : 'show'}
          </Anchor>
          {open === version.version ? <Json value={version.resource} label={`Version ${version.version}`} /> : null}
        </section>
      ))}
    </div>
  );
}

function Json(props: { value: unknown; label: string }): ReactNode {
  return (
    <ScrollBox className="mono" label={props.label}>
      <pre style={{ margin: 0 }}>{JSON.stringify(props.value, shortened, 2)}</pre>
    </ScrollBox>
  );
}

const LONGEST_DATA = 200;

/** Embedded documents are megabytes of base64: their beginning is enough to see that they are there. */
function shortened(key: string, value: unknown): unknown {
  if (key !== 'data' || typeof value !== 'string' || value.length <= LONGEST_DATA) return value;
  return `${value.slice(0, LONGEST_DATA)}… (${value.length} characters)`;
}
