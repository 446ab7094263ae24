import { readClinical, readClinicalResource, type ClinicalReadDeps } from '../records/clinical/read-clinical.ts';
import { ApiError } from './api-error.ts';
import type { Handlers } from './handler.ts';
import { possibleId } from './possible-id.ts';

/** Clinical records: a patient's by group, and one with its versions. */
export function createClinicalHandlers(
  deps: ClinicalReadDeps,
): Pick<Handlers, 'getPatientClinical' | 'getClinicalResource'> {
  return {
    async getPatientClinical({ params, query, context }) {
      const patient = possibleId(params.id, 'patient_unknown');
      context.audit({ resource: { kind: 'patient', id: patient }, detail: { group: query.group } });
      const page = await readClinical(deps, params.id, query);
      if (page === undefined) throw new ApiError('patient_unknown');
      return page;
    },

    async getClinicalResource({ params, context }) {
      const id = possibleId(params.id, 'clinical_resource_unknown');
      context.audit({ resource: { kind: 'clinical_resource', id } });
      const found = await readClinicalResource(deps, params.id);
      if (found === undefined) throw new ApiError('clinical_resource_unknown');
      context.audit({
        resource: { kind: 'clinical_resource', id },
        detail: { patient: found.patient_id, type: found.type, version: found.version },
      });
      return found;
    },
  };
}
