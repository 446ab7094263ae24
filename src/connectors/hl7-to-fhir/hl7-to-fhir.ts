import { type ToFhirConverter, compileToFhir } from '../../mapping/to-fhir/convert.ts';
import type { CodeMap, ToFhirTables } from '../../mapping/to-fhir/to-fhir-format.ts';
import * as administrative from './code-maps/administrative.ts';
import * as clinical from './code-maps/clinical.ts';
import * as orders from './code-maps/orders.ts';
import * as own from './code-maps/own.ts';
import * as specimens from './code-maps/specimens.ts';
import * as visits from './code-maps/visit.ts';
import { IDENTIFIER_TYPES } from './data-types/identifiers.ts';
import { PERSON_TYPES } from './data-types/persons.ts';
import { PLACE_TYPES } from './data-types/places.ts';
import { ADT_A01, ADT_A40 } from './messages/adt.ts';
import { DFT_P03 } from './messages/dft.ts';
import { MDM_T02 } from './messages/mdm.ts';
import { ORM_O01 } from './messages/orders.ts';
import { ORU_R01 } from './messages/oru.ts';
import { SIU_S12 } from './messages/siu.ts';
import { VXU_V04 } from './messages/vxu.ts';
import { COVERAGE_SEGMENTS } from './segments/coverage.ts';
import { DOCUMENT_SEGMENTS } from './segments/documents.ts';
import { HEADER_SEGMENTS } from './segments/header.ts';
import { IMMUNIZATION_SEGMENTS } from './segments/immunization.ts';
import { ORDER_SEGMENTS } from './segments/orders.ts';
import { PATIENT_SEGMENTS } from './segments/patient.ts';
import { RESULT_SEGMENTS } from './segments/results.ts';
import { SCHEDULE_SEGMENTS } from './segments/schedule.ts';
import { VISIT_SEGMENTS } from './segments/visit.ts';

const CODE_MAPS: readonly CodeMap[] = [administrative, clinical, orders, own, specimens, visits].flatMap((maps) =>
  Object.values<CodeMap>(maps),
);

/** All tables that turn HL7 v2 into FHIR R4, each by the name of the published table that it follows. */
export const HL7_TO_FHIR_TABLES: ToFhirTables = {
  messages: [ADT_A01, ADT_A40, ORU_R01, ORM_O01, MDM_T02, VXU_V04, SIU_S12, DFT_P03],
  segments: [
    ...HEADER_SEGMENTS,
    ...PATIENT_SEGMENTS,
    ...VISIT_SEGMENTS,
    ...COVERAGE_SEGMENTS,
    ...ORDER_SEGMENTS,
    ...RESULT_SEGMENTS,
    ...DOCUMENT_SEGMENTS,
    ...IMMUNIZATION_SEGMENTS,
    ...SCHEDULE_SEGMENTS,
  ],
  dataTypes: [...IDENTIFIER_TYPES, ...PERSON_TYPES, ...PLACE_TYPES],
  codeMaps: CODE_MAPS,
};

let converter: ToFhirConverter | undefined;

/** The converter over all tables, compiled when it is first asked for. */
export function hl7ToFhir(): ToFhirConverter {
  converter ??= compileToFhir(HL7_TO_FHIR_TABLES);
  return converter;
}
