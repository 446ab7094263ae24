import { expect, it } from 'vitest';
import { DEFAULT_MAPPINGS } from '../../src/connectors/registry.ts';
import { mappingChecksum } from '../../src/records/settings/default-settings.ts';

/**
 * What each version of a default mapping holds. A database keeps a version as it was first stored, so a change needs a new
 * version and a line here; a line changes only until its version was part of a release.
 */
const CHECKSUMS: Readonly<Record<string, string>> = {
  'nextgen.patient 1': 'a30e2bf08108c6b54333c5eacbcd65ee6cb259bc0b74d39d009ee1a0ea90760a',
};

it('the content of a version of a default mapping never changes', () => {
  const now = DEFAULT_MAPPINGS.map(({ key, version, body }) => [`${key} ${version}`, mappingChecksum(body)]);
  expect(Object.fromEntries(now)).toEqual(CHECKSUMS);
});
