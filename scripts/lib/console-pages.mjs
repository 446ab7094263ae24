// The pages of the console that the walk looks at, each with the words that it must show before it is looked at.

const INTEGRATIONS = '/settings/integrations';
const TRACER = `${INTEGRATIONS}/diagnostics/tracer`;

/** Pages that are the same whatever has arrived: they are walked while the demo collects its messages. */
export const PAGES_WITHOUT_DATA = [
  { name: 'environments', path: `${INTEGRATIONS}/environments`, shows: 'Production' },
  { name: 'environment-new', path: `${INTEGRATIONS}/environments/new`, shows: 'The environment' },
  { name: 'system-new', path: `${INTEGRATIONS}/systems/new`, shows: 'NextGen Enterprise' },
  {
    name: 'system-new-methods',
    path: `${INTEGRATIONS}/systems/new`,
    shows: 'NextGen Enterprise',
    act: async (page) => {
      await page.getByRole('radio', { name: /NextGen Enterprise/ }).click();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('radio', { name: /6\.0\.x/ }).check();
      await page.getByText('Methods this system uses').waitFor();
    },
  },
  { name: 'hl7-listener-new', path: `${INTEGRATIONS}/hl7?listener=new`, shows: 'Acknowledges' },
  { name: 'credential-new', path: `${INTEGRATIONS}/credentials?credential=new`, shows: 'Add to the vault' },
  { name: 'users', path: '/settings/users', shows: 'Last sign-in' },
  { name: 'users-invite', path: '/settings/users?dialog=invite', shows: 'Make the invitation link' },
  { name: 'tokens', path: '/settings/users?tab=tokens', shows: 'API tokens' },
  {
    name: 'search-everywhere',
    path: INTEGRATIONS,
    shows: 'Open errors',
    act: async (page) => {
      await page.getByRole('button', { name: /Search pages/ }).click();
      await page.getByPlaceholder(/A page, an action/).fill('a');
      await page.getByText('Add new system').last().waitFor();
    },
  },
  {
    name: 'keyboard',
    path: INTEGRATIONS,
    shows: 'Open errors',
    act: async (page) => {
      await page.keyboard.press('?');
      await page.getByText('In tables').waitFor();
    },
  },
];

/** Pages about what the demo holds; addresses are made from its ids. */
export function pagesOf({ system, listener, message, failed, group, patient, environment, analysis, credential }) {
  const analyzer = `${INTEGRATIONS}/hl7/analyzer`;
  return [
    { name: 'environment', path: `${INTEGRATIONS}/environments/${environment}`, shows: 'Connection parameters' },
    { name: 'systems', path: `${INTEGRATIONS}/systems`, shows: 'Open errors' },
    { name: 'system', path: `${INTEGRATIONS}/systems/${system}`, shows: 'What it is' },
    {
      name: 'system-settings',
      path: `${INTEGRATIONS}/systems/${system}?tab=settings`,
      shows: 'Retries, order and duplicates',
    },
    { name: 'system-mapping', path: `${INTEGRATIONS}/systems/${system}?tab=mapping`, shows: 'Practice Studio field' },
    { name: 'system-listeners', path: `${INTEGRATIONS}/systems/${system}?tab=listeners`, shows: 'Listening' },
    { name: 'hl7', path: `${INTEGRATIONS}/hl7`, shows: 'Listening' },
    { name: 'hl7-listener', path: `${INTEGRATIONS}/hl7?listener=${listener}`, shows: 'Send a sample' },
    { name: 'credential', path: `${INTEGRATIONS}/credentials?credential=${credential}`, shows: 'In force since' },
    { name: 'credentials', path: `${INTEGRATIONS}/credentials`, shows: 'TLS server certificate' },
    { name: 'analyzer', path: analyzer, shows: 'Saved analyses' },
    { name: 'analyzer-overview', path: `${analyzer}?analysis=${analysis}`, shows: 'How it is sent' },
    { name: 'analyzer-fields', path: `${analyzer}?analysis=${analysis}&tab=fields`, shows: 'PID-5.1' },
    { name: 'analyzer-mapping', path: `${analyzer}?analysis=${analysis}&tab=mapping`, shows: 'Mapped by you' },
    { name: 'analyzer-codes', path: `${analyzer}?analysis=${analysis}&tab=codes`, shows: 'Show known codes' },
    { name: 'tracer', path: TRACER, shows: 'Delivered' },
    {
      name: 'message',
      path: `${TRACER}/${message}`,
      shows: 'Structure',
      act: (page) => page.getByText('PID-5', { exact: true }).first().click(),
    },
    {
      name: 'message-steps',
      path: `${TRACER}/${message}?tab=steps`,
      shows: 'First processing',
      act: (page) => page.getByRole('listitem').filter({ hasText: 'Mapped' }).getByText('Show data').click(),
    },
    { name: 'message-changes', path: `${TRACER}/${message}?tab=changes`, shows: 'Before' },
    { name: 'message-acknowledgment', path: `${TRACER}/${message}?tab=acknowledgment`, shows: 'Sent' },
    { name: 'message-failed', path: `${TRACER}/${failed}`, shows: 'Raw (' },
    {
      name: 'message-repair',
      path: `${TRACER}/${failed}`,
      shows: 'Raw (',
      act: async (page) => {
        await page.getByRole('button', { name: 'Repair', exact: true }).click();
        await page.getByText('Nothing is changed yet').waitFor();
      },
    },
    { name: 'errors', path: `${INTEGRATIONS}/errors`, shows: 'What happened' },
    { name: 'error-group', path: `${INTEGRATIONS}/errors/${group}`, shows: 'Who has to act' },
    { name: 'patients', path: '/patients', shows: 'Identifiers' },
    { name: 'patient', path: `/patients/${patient}`, shows: 'Source' },
    { name: 'patient-history', path: `/patients/${patient}?tab=history`, shows: 'Before' },
    { name: 'audit', path: '/audit', shows: 'To what' },
    // Last, when there is something to see in them.
    { name: 'overview', path: INTEGRATIONS, shows: 'Systems that need a look' },
    {
      name: 'dashboard-table',
      path: `${INTEGRATIONS}/monitoring/dashboard?range=15m&view=table`,
      shows: 'Filtered',
    },
    { name: 'dashboard', path: `${INTEGRATIONS}/monitoring/dashboard?range=15m`, shows: 'Messages over time' },
  ];
}
