import type { SegmentMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { THO, concept, typedIdentifier } from '../rule-builders.ts';

/** A person of the schedule segment, with what he does. */
function scheduler(field: string, type: object): ToFhirRule {
  return {
    to: 'participant',
    from: field,
    make: [
      { to: 'type', value: type },
      { to: 'actor', from: '.', as: 'XCN[Practitioner]' },
      { to: 'status', value: 'accepted' },
    ],
  };
}

/** Something that the appointment needs: a person, a place. Fields: id, type, start, filler status. */
function resource(id: string, as: string, type: string, start: string, status: string): ToFhirRule {
  return {
    to: 'participant',
    make: [
      { to: 'actor', from: id, as },
      { to: 'type', from: type },
      { to: 'status', from: status, codes: 'FillerStatusCodes[participant.status]' },
      { to: 'status', value: 'accepted' },
      { to: 'period', from: start, as: 'AIx[Period]' },
    ],
    if: `${id} valued`,
  };
}

export const SCHEDULE_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'SCH[Appointment]',
    segment: 'SCH',
    resource: 'Appointment',
    rules: [
      typedIdentifier('SCH-2', 'FILL'),
      typedIdentifier('SCH-1', 'PLAC'),
      { to: 'status', from: 'MSH-9.2', codes: 'Event[Appointment.status]', if: 'MSH-9.2 in S15 S16 S17 S26' },
      { to: 'status', from: 'SCH-25', codes: 'FillerStatusCodes[Appointment]' },
      { to: 'status', from: 'MSH-9.2', codes: 'Event[Appointment.status]' },
      { to: 'status', value: 'pending' },
      { to: 'cancelationReason', from: 'SCH-6', if: 'MSH-9.2 in S15 S16' },
      { to: 'appointmentType', from: 'SCH-8', codes: 'AppointmentTypeCodes' },
      { to: 'reasonCode', from: 'SCH-7', codes: 'AppointmentReasonCodes' },
      { to: 'start', from: 'SCH-11.4' },
      { to: 'end', from: 'SCH-11.5' },
      { to: 'minutesDuration', from: 'SCH-9', as: 'minutes' },
      scheduler('SCH-12', { text: 'placer contact' }),
      scheduler('SCH-16', { text: 'filler contact' }),
      scheduler('SCH-20', concept(`${THO}provenance-participant-type`, 'enterer', 'Enterer')),
    ],
  },
  {
    table: 'TQ1[Appointment]',
    own: 'From 2.5 on the times of an appointment stand in TQ1, not in SCH-11.',
    segment: 'TQ1',
    resource: 'Appointment',
    rules: [
      { to: 'start', from: 'TQ1-7' },
      { to: 'end', from: 'TQ1-8' },
    ],
  },
  {
    table: 'NTE[Appointment-Comment]',
    segment: 'NTE',
    resource: 'Appointment',
    rules: [{ to: 'comment', from: 'NTE-3', as: 'lines', join: true }],
  },
  {
    table: 'AIS[Appointment]',
    segment: 'AIS',
    resource: 'Appointment',
    rules: [
      { to: 'serviceType', from: 'AIS-3' },
      { to: 'start', from: 'AIS-4' },
      { to: 'minutesDuration', from: 'AIS-7', as: 'minutes' },
    ],
  },
  {
    table: 'AIG[Appointment]',
    segment: 'AIG',
    resource: 'Appointment',
    rules: [resource('AIG-3', 'CWE[Device]', 'AIG-4', 'AIG-8', 'AIG-14'), { to: 'start', from: 'AIG-8' }],
  },
  {
    table: 'AIL[Appointment]',
    segment: 'AIL',
    resource: 'Appointment',
    rules: [resource('AIL-3', 'PL[Location]', 'AIL-4', 'AIL-6', 'AIL-12'), { to: 'start', from: 'AIL-6' }],
  },
  {
    table: 'AIP[Appointment]',
    segment: 'AIP',
    resource: 'Appointment',
    rules: [resource('AIP-3', 'XCN[Practitioner]', 'AIP-4', 'AIP-6', 'AIP-12'), { to: 'start', from: 'AIP-6' }],
  },
  {
    table: 'SCH[ServiceRequest]',
    segment: 'SCH',
    resource: 'ServiceRequest',
    rules: [
      { to: 'status', value: 'active' },
      { to: 'intent', value: 'order' },
      typedIdentifier('SCH-26', 'PLAC'),
      typedIdentifier('SCH-27', 'FILL'),
    ],
  },
];
