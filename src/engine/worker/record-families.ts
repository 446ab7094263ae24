import { clinicalFamily } from './records/clinical-family.ts';
import type { RecordFamily } from './records/record-family.ts';

/** All kinds of records that messages make, in the order in which they are read and written. */
export const RECORD_FAMILIES: readonly RecordFamily[] = Object.freeze([clinicalFamily]);
