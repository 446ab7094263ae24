const tags = new Map<string, string>();

/**
 * A short mark of an environment. Most search tokens with it stay within the 16 bytes that one block of the keyed hash
 * takes. Two environments could share a mark; queries name the environment as well, so nothing depends on it.
 */
function tagOf(environmentId: string): string {
  let tag = tags.get(environmentId);
  if (tag === undefined) {
    tag = (BigInt(environmentId) % 46_656n).toString(36);
    tags.set(environmentId, tag);
  }
  return tag;
}

/**
 * What is hashed for a search token: bound to the environment, so that equal names of Test and Production differ in the
 * store. Hash it under the purpose `search`.
 */
export function searchTokenInput(environmentId: bigint | string, token: string): string {
  return `${tagOf(String(environmentId))}|${token}`;
}

/**
 * What is hashed for an identifier that tells who a patient is. Hash it under the purpose `identifier`. It is bound to the
 * system: two customers may both number their patients from 1 under the authority `NEXTGEN`, and those are two people.
 */
export function identifierKeyInput(systemId: bigint | string, key: string): string {
  return `${systemId}|${key}`;
}
