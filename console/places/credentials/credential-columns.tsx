import type { ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import { ExpiryMark } from '../../parts/expiry-mark.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import type { Column } from '../../table/column.ts';
import { KIND_WORDS } from './kinds.ts';

/** How a credential stands: how long it lasts, or that its certificate has not come yet. */
export function CredentialState(props: { credential: Credential }): ReactNode {
  const { active } = props.credential;
  return active === null ? (
    <StateMark state="unknown" word="Requested" reason="The certificate has not come yet." />
  ) : (
    <ExpiryMark daysLeft={active.days_left} state={active.state} at={active.not_after} />
  );
}

export const credentialColumns: readonly Column<Credential>[] = [
  {
    key: 'name',
    title: 'Credential',
    width: 170,
    grow: 2,
    cell: (row) => <strong>{row.name}</strong>,
    sort: (row) => row.name,
  },
  { key: 'kind', title: 'Kind', width: 180, cell: (row) => KIND_WORDS[row.kind], sort: (row) => row.kind },
  {
    key: 'state',
    title: 'State',
    width: 180,
    cell: (row) => <CredentialState credential={row} />,
    sort: (row) => row.active?.not_after ?? '',
  },
  {
    key: 'subject',
    title: 'Subject',
    width: 180,
    grow: 2,
    cell: (row) => {
      const more = (row.active?.certificates.length ?? 0) - 1;
      const first = row.active?.certificates[0]?.subject ?? '';
      return row.kind === 'ca_bundle' && more > 0 ? `${first} and ${more} more` : first;
    },
    sort: (row) => row.active?.certificates[0]?.subject ?? '',
  },
  {
    key: 'used',
    title: 'Used by',
    width: 150,
    grow: 1,
    cell: (row) =>
      row.used_by.length === 0 ? (
        <span className="quiet">nothing</span>
      ) : (
        row.used_by.map(({ name }) => name).join(', ')
      ),
    sort: (row) => row.used_by.length,
  },
  { key: 'key', title: 'Key', width: 130, mono: true, cell: (row) => row.key, extra: true },
];
