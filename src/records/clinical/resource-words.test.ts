import { describe, expect, it } from 'vitest';
import { clinicalGroup, resourceWords } from './resource-words.ts';

describe('a resource in plain words', () => {
  it('a result says what, when and how much', () => {
    const words = resourceWords({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: '2345-7', display: 'Glucose' }], text: 'Glucose, fasting' },
      effectiveDateTime: '2026-04-21T08:00:00-05:00',
      valueQuantity: { value: 90, unit: 'mg/dL', code: 'mg/dL' },
      referenceRange: [{ low: { value: 70 }, high: { value: 99 } }],
      performer: [{ reference: '#c1' }],
      note: [{ text: 'Slightly hemolyzed' }],
      contained: [{ resourceType: 'Organization', id: 'c1', name: 'Valley Lab' }],
    });
    expect(words).toMatchObject({ title: 'Glucose, fasting', date: '2026-04-21T08:00:00-05:00', summary: '90 mg/dL' });
    expect(Object.fromEntries(words.facts.map(({ label, value }) => [label, value]))).toMatchObject({
      Effective: '2026-04-21T08:00:00-05:00',
      'Reference range': '70 to 99',
      Performer: 'Valley Lab',
      Note: 'Slightly hemolyzed',
    });
  });

  it('a document tells its form and size, never its bytes', () => {
    const { facts } = resourceWords({
      resourceType: 'DocumentReference',
      type: { text: 'Progress note' },
      content: [{ attachment: { contentType: 'application/pdf', data: 'QUJD'.repeat(1000) } }],
    });
    expect(facts.find(({ label }) => label === 'Content')?.value).toBe('application/pdf, 3 KB');
  });

  it('names a type where nothing else does', () => {
    expect(resourceWords({ resourceType: 'Specimen' }).title).toBe('Specimen');
    expect(clinicalGroup('Encounter')).toBe('visits');
    expect(clinicalGroup('Basic')).toBe('results');
  });
});
