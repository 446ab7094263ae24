import type { SaidTime } from '../../../domain/said-time.ts';
import type { StepProblem } from '../../../domain/stored-trace.ts';
import type { ToFhirResult } from '../../../mapping/to-fhir/convert.ts';
import type { ConvertedResource } from '../../../mapping/to-fhir/resource-store.ts';
import { resolveNames } from '../../../records/apply-record.ts';
import type { RecordBody, RecordInput } from '../../../records/record-input.ts';
import type { FamilyInputs, RecordContext } from './record-family.ts';

/** The types that are kept as records of their own; whatever else a resource refers to is kept inside it. */
const KEPT: ReadonlySet<string> = new Set([
  ...['Observation', 'DiagnosticReport', 'DocumentReference', 'ServiceRequest', 'Specimen', 'Immunization'],
  ...['AllergyIntolerance', 'Condition', 'Procedure', 'Encounter', 'MedicationRequest', 'QuestionnaireResponse'],
]);

const ENDED: ReadonlySet<string> = new Set(['entered-in-error', 'cancelled', 'revoked', 'not-done']);
const CANCELS_VISIT = 'ADT^A11';

/** The records of a converted message: what it reports and mentions, each with whom and what it refers to. */
export function clinicalInputs(result: ToFhirResult, { route, said }: RecordContext): FamilyInputs {
  const patients = result.resources.filter(({ role }) => role === 'patient');
  if (patients.length > 1) {
    return { failure: { cause: 'message_format', code: 'record.several-patients', place: patients[1]?.place ?? null } };
  }
  const byUrl = new Map(result.resources.map((entry) => [entry.url, entry]));
  const isKept = (entry: ConvertedResource): boolean =>
    (entry.role === 'subject' || entry.role === 'context') && KEPT.has(entry.resource.resourceType);
  const records = result.resources.filter(isKept).map((entry): RecordInput => {
    const body = withContained(entry, (url) => {
      const target = byUrl.get(url);
      return target === undefined || target.role === 'patient' || isKept(target) ? undefined : target;
    });
    const cancelled = route.type === CANCELS_VISIT && body['resourceType'] === 'Encounter';
    const status = cancelled ? 'cancelled' : statusOf(body);
    return {
      family: 'clinical',
      name: entry.url,
      type: entry.resource.resourceType,
      scope: entry.key.scope,
      key: entry.key.text,
      status,
      ended: ENDED.has(status),
      mention: entry.role === 'context',
      said,
      issued: instantSpan(body['issued']),
      body: cancelled ? { ...body, status } : body,
    };
  });
  const problems = result.warnings.map(({ code, place, reason, hint }): StepProblem => ({
    severity: 'warning',
    code,
    place,
    reason,
    hint,
  }));
  return { records: { records, patientNames: patients.map(({ url }) => url) }, problems };
}

/** A resource's status as it is listed: that of the result, else whether a condition or allergy holds. */
function statusOf(body: RecordBody): string {
  if (typeof body['status'] === 'string') return body['status'];
  for (const element of ['verificationStatus', 'clinicalStatus']) {
    const concept = body[element] as { coding?: readonly { code?: string }[] } | undefined;
    const code = concept?.coding?.[0]?.code;
    if (code !== undefined && (element === 'clinicalStatus' || ENDED.has(code))) return code;
  }
  return 'unknown';
}

/**
 * The resource with the practitioners, organizations and places that it refers to inside it (`contained`), numbered in the
 * order met, so that the same content is the same text whatever message it came in.
 */
function withContained(entry: ConvertedResource, inner: (url: string) => ConvertedResource | undefined): RecordBody {
  const numbers = new Map<string, string>();
  const waiting: ConvertedResource[] = [];
  const nameOf = (url: string): string | undefined => {
    const target = inner(url);
    if (target === undefined) return undefined;
    let name = numbers.get(url);
    if (name === undefined) {
      name = `c${numbers.size + 1}`;
      numbers.set(url, name);
      waiting.push(target);
    }
    return `#${name}`;
  };
  const { id: _, ...resource } = entry.resource as RecordBody & { id?: string };
  const body = resolveNames(resource, nameOf);
  const contained: RecordBody[] = [];
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    const { id: __, ...rest } = target.resource as RecordBody & { id?: string };
    const number = numbers.get(target.url);
    contained.push({ ...resolveNames(rest, nameOf), id: number });
  }
  return contained.length === 0 ? body : { ...body, contained };
}

/** The span of a FHIR instant or dateTime with a time of day; undefined for anything else. */
function instantSpan(value: unknown): SaidTime | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const from = Date.parse(value);
  if (Number.isNaN(from)) return undefined;
  return { from, to: value.includes('.') ? from : from + 999 };
}
