import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MessageDetail } from '../../../src/contract/messages.ts';
import { useMay } from '../../api/use-session.ts';
import { ChangesTable, countLines } from '../../parts/changes-table.tsx';
import { formatMany } from '../../parts/format.ts';
import { Time } from '../../parts/time.tsx';

/** What the message changed: the record, field by field, before and after. */
export function ChangesTab(props: { message: MessageDetail }): ReactNode {
  const maySeePatients = useMay('patients.read');
  const changing = props.message.transactions.filter((each) => each.changes.length > 0);
  if (changing.length === 0) {
    return (
      <p className="quiet">
        {props.message.state === 'delivered'
          ? 'Nothing changed: the record said the same already.'
          : 'This message has changed nothing.'}
      </p>
    );
  }
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {changing.map((transaction) => (
        <section key={transaction.id} aria-label="Changes of one processing">
          <p style={{ marginBottom: 4 }}>
            {formatMany(countLines(transaction.changes), 'field')} of{' '}
            {transaction.patient_id !== null && maySeePatients ? (
              <Link to="/patients/$id" params={{ id: transaction.patient_id }} search={{ tab: 'history' }}>
                {props.message.patient_name ?? 'the patient'}
              </Link>
            ) : (
              'a patient'
            )}
            <span className="quiet">
              {' '}
              at <Time at={transaction.finished_at ?? transaction.started_at} />
            </span>
          </p>
          <ChangesTable changes={transaction.changes} label="Fields before and after" />
        </section>
      ))}
    </div>
  );
}
