import { z } from 'zod';
import { byId, id, instant, page, pageQuery } from './common.ts';
import { fieldChange } from './messages.ts';
import { route } from './route.ts';

export const patientItem = z.object({
  id,
  environment_id: id,
  name: z.string(),
  date_of_birth: z.string().nullable(),
  gender: z.string().nullable(),
  /** What the code of the gender means. */
  gender_label: z.string().nullable(),
  phone: z.string().nullable(),
  city: z.string().nullable(),
  /** Lists show the first five, one patient the first 200; those that tell who a person is come first. */
  identifiers: z.array(z.object({ authority: z.string(), type: z.string(), value: z.string() })),
  /** How many identifiers there are. */
  identifier_count: z.number().int(),
  updated_at: instant,
});
export type PatientItem = z.infer<typeof patientItem>;

export const fieldSource = z.object({ message_id: id, system_id: id, system_name: z.string(), at: instant });

export const patientDetail = patientItem.extend({
  version: z.number().int(),
  created_at: instant,
  /** The patient that this one was merged into; his messages and records lead there. */
  merged_into: id.nullable(),
  /** Patients who were merged into this one, the oldest merge first. */
  merged: z.array(z.object({ patient_id: id, message_id: id, at: instant })),
  /** The canonical record (snake_case names of the field mapping); of a very long list the first 200 items. */
  record: z.record(z.string(), z.unknown()),
  /** Every filled field with its label and the message that it came from. */
  fields: z.array(
    z.object({
      path: z.string(),
      label: z.string(),
      group: z.string(),
      value: z.unknown(),
      /** The value as people say it: codes with what they mean. */
      text: z.string(),
      source: fieldSource.nullable(),
    }),
  ),
  /** Lists that are longer than what is shown, and how many items more they have. */
  more: z.array(z.object({ group: z.string(), count: z.number().int() })),
});
export type PatientDetail = z.infer<typeof patientDetail>;

export const patientHistoryEntry = z.object({
  id,
  at: instant,
  version: z.number().int(),
  message_id: id.nullable(),
  system_name: z.string().nullable(),
  actor: z.string(),
  changes: z.array(fieldChange),
});

const tag = 'Patients';
export const patientRoutes = {
  searchPatients: route({
    method: 'POST',
    path: '/api/patients/search',
    tag,
    summary: 'Patients by name, sound, identifier, birth date or phone; the words narrow each other.',
    access: 'patients.read',
    audit: { action: 'patients-searched' },
    body: z.object({
      environment: id.optional(),
      text: z.string().max(200).default(''),
      /** Also names that sound alike. */
      sounds_like: z.boolean().default(false),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    response: page(patientItem),
  }),
  getPatient: route({
    method: 'GET',
    path: '/api/patients/:id',
    tag,
    summary: 'One patient with the source of each field.',
    access: 'patients.read',
    audit: { action: 'patient-viewed' },
    params: byId,
    response: patientDetail,
  }),
  getPatientHistory: route({
    method: 'GET',
    path: '/api/patients/:id/history',
    tag,
    summary: 'What changed, old and new, newest first.',
    access: 'patients.read',
    audit: { action: 'patient-viewed' },
    params: byId,
    query: pageQuery,
    response: page(patientHistoryEntry),
  }),
};
