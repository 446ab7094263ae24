import { z } from 'zod';
import { route } from './route.ts';

export const configurationChange = z.object({
  kind: z.enum(['environment', 'system', 'listener', 'mapping']),
  key: z.string(),
  change: z.enum(['add', 'change', 'same']),
  fields: z.array(z.object({ path: z.string(), old: z.unknown(), new: z.unknown() })),
});
export type ConfigurationChange = z.infer<typeof configurationChange>;

const document = z.object({
  /** The configuration as text, YAML or JSON. */
  text: z.string().max(10_000_000),
});
const diff = z.object({
  changes: z.array(configurationChange),
  /** What is set up but not in the text: it is left alone. */
  untouched: z.array(configurationChange.pick({ kind: true, key: true })),
  digest: z.string(),
});

const tag = 'Configuration';
export const configurationRoutes = {
  exportConfiguration: route({
    method: 'GET',
    path: '/api/config',
    tag,
    summary: 'Environments, systems, listeners and mappings as one YAML text; secrets only as references.',
    access: 'config.read',
    audit: { action: 'config-exported' },
    response: document,
  }),
  diffConfiguration: route({
    method: 'POST',
    path: '/api/config/diff',
    tag,
    summary: 'What applying a configuration would change; changes nothing.',
    access: 'config.read',
    audit: { none: 'changes nothing and shows settings only' },
    body: document,
    response: diff,
  }),
  applyConfiguration: route({
    method: 'POST',
    path: '/api/config/apply',
    tag,
    summary: 'Applies a configuration in one transaction; applying it twice changes nothing.',
    access: 'config.apply',
    audit: { action: 'config-applied' },
    body: document.extend({
      /** The digest of the diff that was looked at; another state of the program answers 409. */
      digest: z.string().optional(),
    }),
    response: diff,
  }),
};
