/** One thing that is wrong with a mapping document: where in it (`rules[3].steps[0].fn`), and what. */
export interface MappingFault {
  readonly place: string;
  readonly reason: string;
}

/** A mapping document that cannot be used, with everything that is wrong with it. */
export class MappingError extends Error {
  readonly code = 'mapping.bad-document';
  readonly faults: readonly MappingFault[];

  constructor(faults: readonly MappingFault[]) {
    const first = faults[0];
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    super(`The field mapping cannot be used: ${first?.place ?? ''}: ${first?.reason ?? ''}${more}`);
    this.name = 'MappingError';
    this.faults = faults;
  }
}
