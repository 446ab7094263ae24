import { z } from 'zod';

/*
 * A vendor product as data: what it offers, per version, by which method, within which limits. Facts of the vendor only;
 * what this program can already do with it is decided in registry.ts.
 */

export const INTEGRATION_METHODS = ['api', 'hl7', 'file'] as const;
export type IntegrationMethod = (typeof INTEGRATION_METHODS)[number];

const offer = z.strictObject({
  offered: z.boolean(),
  /** The limits when offered, the reason when not. */
  note: z.string().min(1).max(300),
});

const version = z.strictObject({
  key: z.string().min(1).max(60),
  label: z.string().min(1).max(100),
  /** Known limits of this version, in a sentence; empty when there are none. */
  limits: z.string().max(300),
  methods: z.strictObject({ api: offer, hl7: offer, file: offer }),
});

const hl7Message = z.strictObject({
  type: z.string().regex(/^[A-Z]{3}\^[A-Z]\d{2}$/),
  meaning: z.string().min(1).max(200),
  direction: z.enum(['in', 'out', 'both']),
});

export const connectorProfile = z.strictObject({
  key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  vendor: z.string().min(1).max(60),
  label: z.string().min(1).max(100),
  description: z.string().min(1).max(400),
  hosting: z.string().min(1).max(200),
  /** Ways in that the vendor has, for the hand-over sheet: `Enterprise REST API`, `FHIR R4`. */
  surfaces: z.array(z.string().min(1).max(120)).min(1),
  /** Suggested, never taken for granted: a customer's own addresses are settings of his system. */
  baseUrls: z.record(z.string().min(1).max(60), z.url({ protocol: /^https$/ })),
  versions: z.array(version).min(1),
  hl7Messages: z.array(hl7Message).min(1),
  /** The guide of the product in docs/. */
  guide: z.string().min(1).max(200),
  /** What to ask the customer or the vendor for before setting it up. */
  prerequisites: z.array(z.string().min(1).max(300)),
  /** Key of the mapping that patients go by unless a system has its own. */
  patientMappingKey: z.string().min(1).max(100),
});
export type ConnectorProfile = z.infer<typeof connectorProfile>;
