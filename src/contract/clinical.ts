import { z } from 'zod';
import { byId, id, instant, pageQuery } from './common.ts';
import { route } from './route.ts';

export const clinicalGroup = z.enum([
  'results',
  'documents',
  'orders',
  'immunizations',
  'allergies',
  'problems',
  'procedures',
  'visits',
]);
export type ClinicalGroup = z.infer<typeof clinicalGroup>;

export const clinicalItem = z.object({
  id,
  group: clinicalGroup,
  /** FHIR resource type. */
  type: z.string(),
  title: z.string(),
  /** As exactly as it was told: a day, or an instant. */
  date: z.string().nullable(),
  summary: z.string(),
  status: z.string(),
  /** Cancelled or withdrawn; what it said is kept. */
  ended: z.boolean(),
  version: z.number().int(),
  updated_at: instant,
  /** The message that made this version. */
  message_id: id,
  system_name: z.string(),
});
export type ClinicalItem = z.infer<typeof clinicalItem>;

const resource = z.record(z.string(), z.unknown());

export const clinicalDetail = clinicalItem.extend({
  patient_id: id,
  /** The resource in plain words. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  /** FHIR R4. */
  resource,
  history: z.array(
    z.object({
      version: z.number().int(),
      status: z.string(),
      at: instant,
      message_id: id,
      summary: z.string(),
      resource,
    }),
  ),
});
export type ClinicalDetail = z.infer<typeof clinicalDetail>;

const tag = 'Clinical records';
export const clinicalRoutes = {
  getPatientClinical: route({
    method: 'GET',
    path: '/api/patients/:id/clinical',
    tag,
    summary: 'One group of a patient’s clinical records, newest first, and how many there are of each group.',
    access: 'clinical.read',
    audit: { action: 'records-viewed' },
    params: byId,
    query: pageQuery.extend({ group: clinicalGroup.default('results') }),
    response: z.object({
      groups: z.array(z.object({ group: clinicalGroup, count: z.number().int() })),
      items: z.array(clinicalItem),
      next: z.string().optional(),
    }),
  }),
  getClinicalResource: route({
    method: 'GET',
    path: '/api/clinical/:id',
    tag,
    summary: 'One clinical record in words and as FHIR R4, with its versions and the messages that made them.',
    access: 'clinical.read',
    audit: { action: 'records-viewed' },
    params: byId,
    response: clinicalDetail,
  }),
};
