import type { ReactNode } from 'react';
import type { PatientItem } from '../../../src/contract/patients.ts';
import { formatCount } from '../../parts/format.ts';

/** How many identifiers there are beside those that are shown; nothing when all are. */
export function MoreIdentifiers(props: { patient: Pick<PatientItem, 'identifiers' | 'identifier_count'> }): ReactNode {
  const more = props.patient.identifier_count - props.patient.identifiers.length;
  return more > 0 ? <span className="quiet"> and {formatCount(more)} more</span> : null;
}
