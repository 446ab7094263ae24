export const KIND_WORDS = { development: 'Development', test: 'Test', production: 'Production' } as const;
export const KIND_MEANINGS = {
  development: 'For building: invented patients, no confirmation for actions.',
  test: 'For accepting with the customer, before anything is real.',
  production: 'Real patients: dangerous actions ask for a typed confirmation, listeners ask for TLS.',
} as const;
