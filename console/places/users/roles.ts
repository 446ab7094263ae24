import { ROLE_WORDS } from '../../parts/states.ts';

export type RoleName = keyof typeof ROLE_WORDS;
/** What each role is for, as a person choosing one reads it. */
export const ROLE_MEANINGS: Readonly<Record<RoleName, string>> = {
  administrator: 'Everything, users and tokens included.',
  integration_engineer: 'Sets up, watches, repairs and replays integrations.',
  front_desk: 'Patients and the schedule; never credentials or raw messages.',
  billing: 'Patients and money; never credentials or raw messages.',
  clinician: 'Reads patients and clinical data.',
  compliance: 'The audit log and proof of who saw what.',
  operator: 'Monitoring and health of the program.',
};
export const ROLE_OPTIONS = Object.entries(ROLE_WORDS).map(([value, label]) => ({ value, label }));
