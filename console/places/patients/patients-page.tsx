import { Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PatientItem } from '../../../src/contract/patients.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useMemory } from '../../table/memory.ts';
import { useFilterKey } from '../../table/use-filter-key.ts';
import { usePages } from '../../table/use-pages.ts';
import { identifierText } from './identifiers.ts';
import { MoreIdentifiers } from './more-identifiers.tsx';

const columns: readonly Column<PatientItem>[] = [
  { key: 'name', title: 'Patient', width: 200, grow: 2, cell: (row) => <strong>{row.name}</strong> },
  { key: 'born', title: 'Born', width: 100, cell: (row) => row.date_of_birth ?? <span className="quiet">–</span> },
  { key: 'gender', title: 'Gender', width: 80, cell: (row) => row.gender_label ?? <span className="quiet">–</span> },
  { key: 'phone', title: 'Phone', width: 130, cell: (row) => row.phone ?? <span className="quiet">–</span> },
  { key: 'city', title: 'City', width: 130, grow: 1, cell: (row) => row.city ?? <span className="quiet">–</span> },
  {
    key: 'identifiers',
    title: 'Identifiers',
    width: 240,
    grow: 2,
    mono: true,
    cell: (row) => (
      <>
        {row.identifiers.map(identifierText).join('  ')}
        <MoreIdentifiers patient={row} />
      </>
    ),
  },
  { key: 'updated', title: 'Changed', width: 100, cell: (row) => <Ago at={row.updated_at} /> },
];

export function PatientsPage(): ReactNode {
  const navigate = useNavigate();
  const { filter, ready } = useEnvironment();
  // What is typed here names patients: it stays in this tab's memory and goes to the program in the body of a request.
  const [text, setText] = useMemory('patients-text', '');
  const [soundsLike, setSoundsLike] = useMemory('patients-sounds', false);
  const [typed] = useDebouncedValue(text.trim(), 300);
  const filterKey = useFilterKey<HTMLInputElement>();
  const pages = usePages(
    'searchPatients',
    JSON.stringify([filter, typed, soundsLike]),
    (cursor) => ({
      body: {
        ...filter,
        text: typed,
        sounds_like: soundsLike,
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      },
    }),
    { enabled: ready },
  );
  return (
    <Page title="Patients" purpose="The practice’s one record of each patient, with the source of every field." full>
      <search style={{ display: 'flex', gap: 14, alignItems: 'center' }} aria-label="Search patients">
        <TextInput
          ref={filterKey}
          aria-label="Search patients"
          placeholder="Name, identifier, birth date or phone; words narrow each other  /"
          leftSection={<IconSearch size={14} aria-hidden />}
          size="sm"
          style={{ flex: 1, maxWidth: 560 }}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label="Also names that sound alike"
          checked={soundsLike}
          onChange={(event) => setSoundsLike(event.currentTarget.checked)}
        />
      </search>
      <div className="panel" style={{ flex: '0 1 auto', minHeight: 150, display: 'flex' }}>
        <DataTable
          name="patients"
          rows={pages.rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          error={pages.error}
          onRetry={pages.again}
          onOpen={(row) => void navigate({ to: '/patients/$id', params: { id: row.id } })}
          hasMore={pages.hasMore}
          loadingMore={pages.loadingMore}
          onMore={pages.more}
          summary={
            pages.rows === undefined
              ? null
              : pages.total === undefined
                ? `${formatCount(pages.rows.length)} shown${pages.hasMore ? ', more below' : ''}; the newest record first`
                : `${formatCount(pages.rows.length)} of ${formatCount(pages.total)}, by name`
          }
          empty={
            typed === '' ? (
              <EmptyState icon={IconUsers} title="No patients yet">
                Patients appear with the first registration (ADT A01 or A04) that a system sends. Each field keeps the
                message that it came from.
              </EmptyState>
            ) : (
              <EmptyState icon={IconUsers} title="Nobody fits">
                Try fewer words, a birth date as 1980-05-15, or names that sound alike. Only the chosen environment is
                searched.
              </EmptyState>
            )
          }
        />
      </div>
    </Page>
  );
}
