import { SegmentedControl } from '@mantine/core';
import { IconReportMedical } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { ClinicalGroup, ClinicalItem } from '../../../src/contract/clinical.ts';
import { useRead } from '../../api/use-api.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { Ago } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { usePages } from '../../table/use-pages.ts';
import { ClinicalDrawer } from './clinical-drawer.tsx';
import { clinicalDate, statusWords } from './clinical-words.ts';

const GROUPS: Readonly<Record<ClinicalGroup, { readonly label: string; readonly from: string }>> = {
  results: { label: 'Results', from: 'Results come with ORU messages, report by report and value by value.' },
  documents: { label: 'Documents', from: 'Documents come with MDM messages, or inside of results.' },
  orders: { label: 'Orders', from: 'Orders come with ORM and OML messages, and with the results that answer them.' },
  immunizations: { label: 'Immunizations', from: 'Vaccinations come with VXU messages.' },
  allergies: { label: 'Allergies', from: 'Allergies come in AL1 and IAM segments of any message.' },
  problems: { label: 'Problems', from: 'Diagnoses come in DG1 segments of any message.' },
  procedures: { label: 'Procedures', from: 'Procedures come in PR1 segments.' },
  visits: { label: 'Visits', from: 'Visits come with ADT A01, A03 and A11, and with what happened during them.' },
};
const ALL = Object.keys(GROUPS) as ClinicalGroup[];

const columns: readonly Column<ClinicalItem>[] = [
  {
    key: 'title',
    title: 'What',
    width: 220,
    grow: 2,
    cell: (row) => (row.ended ? <s>{row.title}</s> : <strong>{row.title}</strong>),
  },
  {
    key: 'summary',
    title: 'Says',
    width: 180,
    grow: 2,
    cell: (row) => (row.ended ? <s>{row.summary}</s> : row.summary),
  },
  { key: 'date', title: 'When', width: 150, cell: (row) => clinicalDate(row.date) },
  { key: 'status', title: 'Status', width: 130, cell: (row) => statusWords(row.status) },
  { key: 'type', title: 'Kind', width: 140, cell: (row) => <span className="quiet">{row.type}</span> },
  { key: 'system', title: 'From', width: 130, cell: (row) => row.system_name },
  {
    key: 'updated',
    title: 'Changed',
    width: 120,
    cell: (row) => (
      <>
        <Ago at={row.updated_at} />
        {row.version > 1 ? <span className="quiet">, version {row.version}</span> : null}
      </>
    ),
  },
];

/** A patient's clinical records, one group at a time, with the details of one beside them. */
export function ClinicalTab(props: { patient: string }): ReactNode {
  const [group, setGroup] = useState<ClinicalGroup>('results');
  const [open, setOpen] = useState<string | undefined>(undefined);
  const counts = useRead('getPatientClinical', { params: { id: props.patient }, query: { group, limit: 1 } });
  const pages = usePages('getPatientClinical', [props.patient, group], (cursor) => ({
    params: { id: props.patient },
    query: { group, limit: 100, ...(cursor === undefined ? {} : { cursor }) },
  }));
  const countOf = (each: ClinicalGroup): string => {
    const count = counts.data?.groups.find((one) => one.group === each)?.count ?? 0;
    return count === 0 ? '' : ` ${count}`;
  };
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      <ScrollBox label="Groups of clinical records">
        <SegmentedControl
          aria-label="Group"
          size="xs"
          value={group}
          onChange={(value) => setGroup(value)}
          data={ALL.map((value) => ({ value, label: `${GROUPS[value].label}${countOf(value)}` }))}
        />
      </ScrollBox>
      <div className="panel" style={{ minHeight: 220, height: 460, display: 'flex' }}>
        <DataTable
          name={group}
          rows={pages.rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.title}
          error={pages.error}
          onRetry={pages.again}
          onOpen={(row) => setOpen(row.id)}
          openKey={open}
          onLeave={() => setOpen(undefined)}
          hasMore={pages.hasMore}
          loadingMore={pages.loadingMore}
          onMore={pages.more}
          empty={
            <EmptyState icon={IconReportMedical} title={`No ${GROUPS[group].label.toLowerCase()} yet`}>
              {GROUPS[group].from}
            </EmptyState>
          }
        />
      </div>
      <ClinicalDrawer id={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}
