import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import { addMinutes } from './natives/schedule.ts';
import { type ConvertedResource, referenceTo } from './resource-store.ts';
import { type Run, warn } from './run.ts';

/**
 * What an appointment needs of the whole message (`PID[Appointment]`): its patient as the first participant, and its end or
 * length where the sender wrote only one of them. A booked appointment has both start and end.
 */
export function finishAppointments(run: Run): void {
  const patient = run.slots.get('patient');
  for (const entry of run.store.entries) {
    const { resource } = entry;
    if (resource.resourceType !== 'Appointment') continue;
    const participants = (resource['participant'] ??= []) as FhirObject[];
    if (patient !== undefined) participants.unshift({ actor: referenceTo(patient), status: 'accepted' });
    else if (participants.length === 0) participants.push({ actor: { display: 'unknown' }, status: 'needs-action' });
    const { start, end, minutesDuration } = resource;
    if (typeof start !== 'string') {
      withoutTime(run, entry);
      continue;
    }
    if (typeof end === 'string') {
      const length = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
      if (minutesDuration === undefined && length > 0) resource['minutesDuration'] = length;
    } else resource['end'] = addMinutes(start, typeof minutesDuration === 'number' ? minutesDuration : 0);
  }
}

/** R4 (app-3) knows appointments without a time only as proposed, on the waiting list or cancelled. */
function withoutTime(run: Run, { resource, place }: ConvertedResource): void {
  const { status } = resource;
  if (status === 'proposed' || status === 'cancelled' || status === 'waitlist') return;
  resource['status'] = status === 'noshow' || status === 'entered-in-error' ? 'cancelled' : 'proposed';
  warn(run, 'to-fhir.appointment-without-time', place);
}
