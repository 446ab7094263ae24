import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import { addMinutes } from './natives/schedule.ts';
import { referenceTo } from './resource-store.ts';
import type { Run } from './run.ts';

/**
 * What an appointment needs of the whole message (`PID[Appointment]`): its patient as the first participant, and its end or
 * length where the sender wrote only one of them. A booked appointment has both start and end.
 */
export function finishAppointments(run: Run): void {
  const patient = run.slots.get('patient');
  for (const { resource } of run.store.entries) {
    if (resource.resourceType !== 'Appointment') continue;
    const participants = (resource['participant'] ??= []) as FhirObject[];
    if (patient !== undefined) participants.unshift({ actor: referenceTo(patient), status: 'accepted' });
    else if (participants.length === 0) participants.push({ actor: { display: 'unknown' }, status: 'needs-action' });
    const { start, end, minutesDuration } = resource;
    if (typeof start !== 'string') continue;
    if (typeof end === 'string') {
      const length = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
      if (minutesDuration === undefined && length > 0) resource['minutesDuration'] = length;
    } else resource['end'] = addMinutes(start, typeof minutesDuration === 'number' ? minutesDuration : 0);
  }
}
