import { finishAppointments } from './finish-appointments.ts';
import { finishDocuments } from './finish-documents.ts';
import { linkParents } from './link-parents.ts';
import { pointToSubjects } from './point-to-subjects.ts';
import type { Run } from './run.ts';

/** What runs when all segments of a message are through, by the names that message maps use. */
export const FINISHERS: Readonly<Record<string, ((run: Run) => void) | undefined>> = Object.freeze({
  /** Provenance targets and the header's focus. */
  subjects: pointToSubjects,
  /** Parent and child results (OBR-26, OBR-29), as microbiology sends them. */
  parents: linkParents,
  /** An appointment's patient and end. */
  appointments: finishAppointments,
  /** The texts of OBX segments as the content of a document. */
  documents: finishDocuments,
});
