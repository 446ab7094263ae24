/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** An element with elements: what a data type or backbone element is in JSON. */
export type FhirObject = { [element: string]: unknown };

/** Any FHIR R4 resource. Which elements it may have is told by `r4Structure`, and checked by `checkResource`. */
export interface FhirResource extends FhirObject {
  readonly resourceType: string;
  id?: string;
}

export interface FhirReference extends FhirObject {
  reference?: string;
  display?: string;
}

export interface FhirCoding extends FhirObject {
  system?: string;
  version?: string;
  code?: string;
  display?: string;
}

export interface FhirCodeableConcept extends FhirObject {
  coding?: FhirCoding[];
  text?: string;
}

export interface BundleEntry extends FhirObject {
  fullUrl: string;
  resource: FhirResource;
}

/** A Bundle of resources that refer to each other. */
export interface FhirBundle extends FhirResource {
  readonly resourceType: 'Bundle';
  type: string;
  entry: BundleEntry[];
}
