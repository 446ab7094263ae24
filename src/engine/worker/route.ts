/** What a message is about, and so what becomes of it. */
export type RouteTarget =
  'patient' | 'merge' | 'appointment' | 'result' | 'document' | 'charge' | 'order' | 'immunization';

/** One row of the routing table. */
export interface Route {
  /** Message code and trigger event as MSH-9 has them: `ADT^A04`. */
  readonly type: string;
  readonly target: RouteTarget;
  /** What the event means, in a few words. */
  readonly meaning: string;
}

/**
 * Where messages go, by type and trigger event: the one table that worker, command line and console go by. What is not
 * here is stored, acknowledged and shown as not routed.
 */
export const ROUTES: readonly Route[] = Object.freeze([
  { type: 'ADT^A01', target: 'patient', meaning: 'Admission or visit' },
  { type: 'ADT^A03', target: 'patient', meaning: 'Discharge or end of visit' },
  { type: 'ADT^A04', target: 'patient', meaning: 'Registration' },
  { type: 'ADT^A08', target: 'patient', meaning: 'Patient information changed' },
  { type: 'ADT^A11', target: 'patient', meaning: 'Admission or visit cancelled' },
  { type: 'ADT^A28', target: 'patient', meaning: 'Person added' },
  { type: 'ADT^A31', target: 'patient', meaning: 'Person information changed' },
  { type: 'ADT^A40', target: 'merge', meaning: 'Patients merged' },
  { type: 'SIU^S12', target: 'appointment', meaning: 'Appointment booked' },
  { type: 'SIU^S13', target: 'appointment', meaning: 'Appointment rescheduled' },
  { type: 'SIU^S14', target: 'appointment', meaning: 'Appointment modified' },
  { type: 'SIU^S15', target: 'appointment', meaning: 'Appointment cancelled' },
  { type: 'SIU^S17', target: 'appointment', meaning: 'Appointment deleted' },
  { type: 'SIU^S26', target: 'appointment', meaning: 'Patient did not come' },
  { type: 'ORU^R01', target: 'result', meaning: 'Results' },
  { type: 'MDM^T01', target: 'document', meaning: 'Document announced' },
  { type: 'MDM^T02', target: 'document', meaning: 'Document with content' },
  { type: 'MDM^T06', target: 'document', meaning: 'Addendum to a document, with content' },
  { type: 'MDM^T11', target: 'document', meaning: 'Document cancelled' },
  { type: 'DFT^P03', target: 'charge', meaning: 'Charges' },
  { type: 'ORM^O01', target: 'order', meaning: 'Order' },
  { type: 'OML^O21', target: 'order', meaning: 'Laboratory order' },
  { type: 'VXU^V04', target: 'immunization', meaning: 'Vaccinations' },
]);

/** What the worker processes today; a message for any other target is kept, acknowledged and shown as not routed. */
const PROCESSED: ReadonlySet<RouteTarget> = new Set<RouteTarget>([
  ...(['patient', 'merge', 'result', 'document', 'order', 'immunization'] as const),
]);

const BY_TYPE: ReadonlyMap<string, Route> = new Map(ROUTES.map((route) => [route.type, route]));

/** The events of codes that had one before MSH-9.2 was common (2.1, 2.2): there the code alone tells. */
const SOLE_EVENT: ReadonlyMap<string, string> = new Map(
  Object.entries({ ORU: 'R01', ORM: 'O01', DFT: 'P03', VXU: 'V04' }),
);

/**
 * The route of a message type; undefined when there is none. `trigger` is the event of MSH-9.2, or of EVN-1 where that is
 * empty. Letters count alike in either case.
 */
export function routeOf(code: string, trigger: string | undefined): Route | undefined {
  const exact = BY_TYPE.get(`${code}^${trigger ?? ''}`);
  if (exact !== undefined) return exact;
  const upper = code.trim().toUpperCase();
  const event = trigger?.trim().toUpperCase() ?? SOLE_EVENT.get(upper);
  return event === undefined ? undefined : BY_TYPE.get(`${upper}^${event}`);
}

/** Whether the worker knows what to do with messages for that target. */
export function isProcessed(route: Route): boolean {
  return PROCESSED.has(route.target);
}
