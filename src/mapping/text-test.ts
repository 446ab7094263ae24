/** A question to a value: does it pass? null (the sender deletes it) counts as not filled. */
export type TextTest = (value: string | null | undefined) => boolean;

interface TestDocument {
  readonly present?: boolean | undefined;
  readonly oneOf?: readonly string[] | undefined;
  readonly notOneOf?: readonly string[] | undefined;
  readonly matches?: string | undefined;
}

/** No expression looks at more: a bound on what an unlucky one can cost. */
export const MAX_PATTERN_INPUT = 1000;

/**
 * Compiles what a document demands of a value; everything that it names must hold.
 *
 * @throws SyntaxError for a regular expression that is none.
 */
export function compileTest(document: TestDocument): TextTest {
  const tests: TextTest[] = [];
  const { present } = document;
  if (present !== undefined) tests.push((value) => (typeof value === 'string') === present);
  if (document.oneOf !== undefined) {
    const set = foldedSet(document.oneOf);
    tests.push((value) => typeof value === 'string' && (set.has(value) || set.has(value.toUpperCase())));
  }
  if (document.notOneOf !== undefined) {
    const set = foldedSet(document.notOneOf);
    tests.push((value) => typeof value !== 'string' || !(set.has(value) || set.has(value.toUpperCase())));
  }
  if (document.matches !== undefined) {
    const pattern = new RegExp(document.matches, 'u');
    tests.push((value) => typeof value === 'string' && value.length <= MAX_PATTERN_INPUT && pattern.test(value));
  }
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (value) => tests.every((test) => test(value));
}

function foldedSet(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.toUpperCase()));
}
