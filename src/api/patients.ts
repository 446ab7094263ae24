import { readHistory, readPatient } from '../records/patients/read-patient.ts';
import { searchPatients, type PatientSearchDeps } from '../records/patients/search-patients.ts';
import { ApiError } from './api-error.ts';
import type { Handlers } from './handler.ts';
import { possibleId } from './possible-id.ts';

type Names = 'searchPatients' | 'getPatient' | 'getPatientHistory';

/** Patients: search, one with its sources, its history. */
export function createPatientHandlers(deps: PatientSearchDeps): Pick<Handlers, Names> {
  return {
    async searchPatients({ body, context }) {
      const page = await searchPatients(deps, body);
      // How many were shown, never whom the text named.
      context.audit({
        detail: {
          by: body.text.trim() === '' ? 'list' : 'text',
          sounds_like: body.sounds_like,
          shown: page.items.length,
        },
      });
      return page;
    },

    async getPatient({ params, context }) {
      context.audit({ resource: { kind: 'patient', id: possibleId(params.id, 'patient_unknown') } });
      const patient = await readPatient(deps, params.id);
      if (patient === undefined) throw new ApiError('patient_unknown');
      return patient;
    },

    async getPatientHistory({ params, query, context }) {
      context.audit({
        resource: { kind: 'patient', id: possibleId(params.id, 'patient_unknown') },
        detail: { part: 'history' },
      });
      const history = await readHistory(deps, params.id, query);
      if (history === undefined) throw new ApiError('patient_unknown');
      return history;
    },
  };
}
