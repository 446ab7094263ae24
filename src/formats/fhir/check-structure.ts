import { isR4Primitive, primitiveFault } from './r4-primitives.ts';
import { type R4Element, type R4Structure, isR4Resource, r4Structure } from './r4-structure.ts';

/** What is wrong with a resource, and where: `Patient.contact[0].gender`. The reason never holds the value. */
export interface StructureFault {
  readonly path: string;
  readonly reason: string;
}

type Faults = StructureFault[];

/** Deeper than any resource goes; what is deeper was not made by honest people. */
const MAX_DEPTH = 40;

/**
 * Checks a resource against FHIR R4: element names, cardinalities, choices, forms of primitives, codes of required
 * bindings. Profiles, invariants and terminology beyond required bindings are not looked at. Resources of types that are not
 * described in r4-resources.ts get one fault that says so.
 */
export function checkResource(resource: unknown): readonly StructureFault[] {
  const faults: Faults = [];
  resourceFaults(resource, 'resource', faults, 0);
  return faults;
}

function resourceFaults(resource: unknown, path: string, faults: Faults, depth: number): void {
  if (!isObject(resource)) {
    faults.push({ path, reason: 'is not a resource' });
    return;
  }
  const type = resource['resourceType'];
  const structure = typeof type === 'string' && isR4Resource(type) ? r4Structure(type) : undefined;
  if (structure === undefined) {
    faults.push({ path, reason: 'is of a type that is not known here' });
    return;
  }
  objectFaults(resource, structure, path === 'resource' ? structure.name : path, faults, depth, true);
}

function objectFaults(
  object: Readonly<Record<string, unknown>>,
  structure: R4Structure,
  path: string,
  faults: Faults,
  depth: number,
  isResource = false,
): void {
  if (depth > MAX_DEPTH) {
    faults.push({ path, reason: 'is nested too deeply' });
    return;
  }
  const chosen = new Set<string>();
  let filled = 0;
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || (isResource && key === 'resourceType')) continue;
    filled += 1;
    const shadow = key.startsWith('_');
    const element = structure.elements.get(shadow ? key.slice(1) : key);
    const at = `${path}.${key}`;
    if (element === undefined || (shadow && !isR4Primitive(element.type))) {
      faults.push({ path: at, reason: 'is no element of it' });
      continue;
    }
    if (element.choice !== undefined && !shadow) {
      if (chosen.has(element.choice)) faults.push({ path: at, reason: `is a second ${element.choice}` });
      chosen.add(element.choice);
    }
    elementFaults(value, element, at, faults, depth, shadow);
  }
  if (filled === 0) faults.push({ path, reason: 'is empty' });
  for (const element of structure.elements.values()) {
    if (!element.required || object[element.name] !== undefined || object[`_${element.name}`] !== undefined) continue;
    faults.push({ path: `${path}.${element.name}`, reason: 'is required' });
  }
  for (const choice of structure.requiredChoices) {
    if (!chosen.has(`${choice}[x]`)) faults.push({ path: `${path}.${choice}[x]`, reason: 'is required' });
  }
}

function elementFaults(
  value: unknown,
  element: R4Element,
  path: string,
  faults: Faults,
  depth: number,
  shadow: boolean,
): void {
  if (!element.list) {
    if (Array.isArray(value)) faults.push({ path, reason: 'must not repeat' });
    else valueFaults(value, element, path, faults, depth, shadow);
    return;
  }
  if (!Array.isArray(value)) {
    faults.push({ path, reason: 'must be a list' });
    return;
  }
  if (value.length === 0) faults.push({ path, reason: 'is an empty list' });
  value.forEach((item, index) => {
    // A list of primitives and its shadow have null where only the other says something.
    if (item === null && isR4Primitive(element.type)) return;
    valueFaults(item, element, `${path}[${index}]`, faults, depth, shadow);
  });
}

function valueFaults(
  value: unknown,
  element: R4Element,
  path: string,
  faults: Faults,
  depth: number,
  shadow: boolean,
): void {
  if (isR4Primitive(element.type) && !shadow) {
    const reason = primitiveFault(element.type, value);
    if (reason !== undefined) faults.push({ path, reason });
    else if (element.codes !== undefined && !element.codes.has(String(value))) {
      faults.push({ path, reason: 'is not one of the codes that it must be' });
    }
    return;
  }
  if (element.type === 'Resource') {
    resourceFaults(value, path, faults, depth + 1);
    return;
  }
  if (!isObject(value)) {
    faults.push({ path, reason: 'must be an object' });
    return;
  }
  const structure = shadow ? SHADOW : (element.structure ?? r4Structure(element.type));
  if (structure === undefined) faults.push({ path, reason: `is of the type ${element.type}, which is not known here` });
  else objectFaults(value, structure, path, faults, depth + 1);
  if (!shadow && element.codes !== undefined && !hasCodeOf(value, element.codes)) {
    faults.push({ path, reason: 'has none of the codes that it must have' });
  }
}

/** What may stand beside a primitive: an id and extensions. */
const SHADOW: R4Structure = {
  name: 'Element',
  elements: new Map(
    [...(r4Structure('Coding')?.elements ?? [])].filter(([key]) => key === 'id' || key === 'extension'),
  ),
  requiredChoices: [],
};

/** A required binding of a CodeableConcept: one of its codings has one of the codes. */
function hasCodeOf(concept: Readonly<Record<string, unknown>>, codes: ReadonlySet<string>): boolean {
  const { coding } = concept;
  return Array.isArray(coding) && coding.some((each) => isObject(each) && codes.has(String(each['code'])));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
