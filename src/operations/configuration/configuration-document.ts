import { z } from 'zod';
import { key } from '../../contract/common.ts';
import { environmentInput, parameter } from '../../contract/environments.ts';
import { listenerInput, listenerLimits, listenerTls } from '../../contract/listeners.ts';
import { retryPolicy, systemInput, systemSettings } from '../../contract/systems.ts';

/** The version of the file's format; a file of another version is refused rather than guessed at. */
export const CONFIGURATION_FORMAT = 'practice-studio-configuration/1';

const environment = z.strictObject({
  ...environmentInput.shape,
  parameters: z.array(parameter.strict()).max(200).default([]),
});
const system = z.strictObject({
  ...systemInput.omit({ environment_id: true }).shape,
  environment: key,
  mapping: z.string().min(1).max(120).nullable().default(null),
  settings: systemSettings
    .extend({ retry: retryPolicy.strict().prefault({}) })
    .strict()
    .prefault({}),
});
const listener = z.strictObject({
  ...listenerInput.omit({ system_id: true }).shape,
  system: key,
  limits: listenerLimits.strict().prefault({}),
  tls: listenerTls.strict().prefault({}),
});

/**
 * A configuration file. The names and limits of fields are those of the HTTP API, except that a system names its
 * environment, and a listener its system, by key. Unknown names are refused: they are mostly misspelt ones.
 */
export const configurationDocument = z.strictObject({
  format: z.literal(CONFIGURATION_FORMAT),
  environments: z.array(environment).default([]),
  systems: z.array(system).default([]),
  listeners: z.array(listener).default([]),
  /** Own mappings; those that come with the program are not part of the configuration. */
  mappings: z.array(z.record(z.string(), z.unknown())).default([]),
});
export type ConfigurationDocument = z.output<typeof configurationDocument>;
export type EnvironmentEntry = ConfigurationDocument['environments'][number];
export type SystemEntry = ConfigurationDocument['systems'][number];
export type ListenerEntry = ConfigurationDocument['listeners'][number];
