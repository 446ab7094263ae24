/** What a role may be allowed to do; every API route names one of these. */
export const PERMISSIONS = {
  'overview.read': 'See the overview and the dashboard.',
  'environments.read': 'See environments and their parameters.',
  'environments.write': 'Add, change and remove environments.',
  'systems.read': 'See systems and their settings.',
  'systems.write': 'Add, change and remove systems.',
  'listeners.read': 'See HL7 listeners and their state.',
  'listeners.write': 'Add, change, start, stop and remove HL7 listeners.',
  'credentials.read': 'See credentials, never their secrets.',
  'credentials.write': 'Add, replace, test and remove credentials.',
  'mappings.read': 'See field mappings.',
  'messages.read': 'List messages with their states, without their contents.',
  'messages.raw': 'See message contents and processing steps.',
  'messages.replay': 'Replay messages.',
  'errors.read': 'See error queues.',
  'errors.resolve': 'Assign, note, repair, replay and discard failed messages.',
  'patients.read': 'Search and see patients.',
  'clinical.read': 'See clinical records of patients: results, documents, orders, vaccinations, visits.',
  'audit.read': 'See, verify and export the audit log.',
  'users.manage': 'Manage users and their roles.',
  'tokens.manage': 'Manage API tokens.',
  'config.read': 'Export the configuration.',
  'config.apply': 'Apply a configuration file.',
  'monitoring.read': 'Read metrics.',
} as const;
export type Permission = keyof typeof PERMISSIONS;

/** The roles of the console. */
export const ROLES = {
  administrator: 'Everything, users and tokens included.',
  integration_engineer: 'Sets up, watches, repairs and replays integrations.',
  front_desk: 'Patients and the schedule; never credentials or raw messages.',
  billing: 'Patients and money; never credentials or raw messages.',
  clinician: 'Reads patients and clinical data.',
  compliance: 'The audit log and proof of who saw what.',
  operator: 'Monitoring and health of the program.',
} as const;
export type Role = keyof typeof ROLES;
