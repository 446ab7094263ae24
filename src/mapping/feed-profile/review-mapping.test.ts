import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import type { CodeTable } from '../code-table.ts';
import { compileMapping } from '../compile-mapping.ts';
import { parseMapping, type MappingDocument } from '../mapping-format.ts';
import { draftMapping } from './draft-mapping.ts';
import { createFeedProfiler } from './feed-profiler.ts';
import { createCoverageCollector } from './mapping-coverage.ts';
import type { MappingReview } from './mapping-review.ts';
import { reviewMapping } from './review-mapping.ts';
import { fqhcFeed, type FqhcFeedOptions } from './testing.ts';

const TABLES: readonly CodeTable[] = [
  { key: 'gender', title: 'Gender', entries: { M: 'M', F: 'F' } },
  {
    key: 'race',
    title: 'Race',
    entries: {
      WHITE: '2106-3',
      'BLACK OR AFRICAN AMERICAN': '2054-5',
      'BLACK/AFRICAN AMERICAN': '2054-5',
      'OTHER PACIFIC ISLANDER': '2500-7',
    },
  },
  { key: 'language', title: 'Language', entries: { ENGLISH: 'en', SPANISH: 'es', CREOLE: 'ht' } },
];

const MAPPING: MappingDocument = parseMapping({
  format: 'practice-studio-mapping/1',
  key: 'test.patient',
  version: 1,
  title: 'Test',
  source: 'hl7v2',
  target: 'patient',
  messages: ['ADT^A04'],
  positions: { sliding_fee: { label: 'Sliding fee class' } },
  rules: [
    { target: 'external_id', source: 'PID-3.1', required: true },
    { target: 'last_name', source: 'PID-5.1', required: true },
    { target: 'middle_name', source: 'PID-5.3' },
    { target: 'gender', source: 'PID-8', steps: [{ fn: 'codeTable', table: 'gender' }] },
    { target: 'race', source: 'PID-10.1', steps: [{ fn: 'codeTable', table: 'race' }] },
    {
      target: 'preferred_language',
      source: 'PID-15.1',
      steps: [{ fn: 'codeTable', table: 'language', unknown: 'keep' }, { fn: 'language' }],
    },
    {
      target: 'sliding_fee_class',
      source: ['$sliding_fee', { field: 'PV1-20', where: [{ part: '1', matches: '^SLID' }], part: '1' }],
    },
  ],
  groups: [],
});

function review(messages: readonly string[], document = MAPPING): MappingReview {
  const profiler = createFeedProfiler();
  const collector = createCoverageCollector(compileMapping(document, TABLES), TABLES, 'US');
  for (const text of messages) {
    const message = parseMessage(Buffer.from(text));
    collector.add(message, profiler.add(message));
  }
  return reviewMapping(profiler.profile(), collector.coverage(), TABLES);
}

const feed = (options: FqhcFeedOptions = {}): string[] => fqhcFeed(60, options);
const slidingFee = (found: MappingReview) => found.proposals.find(({ id }) => id === 'position sliding_fee');

describe('the review of a mapping against a feed', () => {
  it('tells which fields of the record are found and which are not', () => {
    const { targets, messages, failing } = review(feed());
    expect([messages, failing]).toEqual([60, 0]);
    const rows = new Map(targets.map((row) => [row.target, row]));
    expect(rows.get('last_name')).toMatchObject({
      filled: 60,
      of: 60,
      required: true,
      sources: [{ text: 'PID-5.1', rate: 1 }],
    });
    expect(rows.get('middle_name')).toMatchObject({ filled: 0, of: 60, sources: [{ text: 'PID-5.3', rate: 0 }] });
  });

  it('lists what the feed fills and nobody reads, components only of fields that are read in part', () => {
    const paths = review(feed()).unmapped.map(({ path }) => path);
    expect(paths).toContain('PID-13');
    expect(paths).toContain('PID-5.2');
    expect(paths).toContain('PV1-7');
    expect(paths).not.toContain('PID-5.1');
    expect(paths.some((path) => path.startsWith('MSH') || path === 'PID-1')).toBe(false);
  });

  it('finds the sliding-fee class in a Z-segment', () => {
    const found = slidingFee(review(feed({ place: 'ZFS' })));
    expect(found).toMatchObject({ path: 'ZFS-2.1', state: 'proposed', target: 'sliding_fee_class' });
    expect(found?.confidence).toBeGreaterThan(0.8);
    expect(found?.evidence.length).toBeGreaterThan(2);
  });

  it('finds it behind the visit number', () => {
    expect(slidingFee(review(feed({ place: 'PV1-21' })))).toMatchObject({ path: 'PV1-21', state: 'proposed' });
  });

  it('says so where the mapping finds it already, and proposes nothing where there is none', () => {
    expect(slidingFee(review(feed({ place: 'PV1-20', version: '2.3' })))).toMatchObject({
      path: 'PV1-20',
      state: 'covered',
    });
    expect(slidingFee(review(feed({ place: 'none' })))).toBeUndefined();
  });

  it('proposes our code where the text beside it or its words are certain, and leaves the rest open', () => {
    const [race] = review(feed()).codes.filter(({ table }) => table === 'race');
    const codes = new Map(race?.codes.map((code) => [code.value, code]));
    expect(codes.get('W1')).toMatchObject({ to: '', proposed: '2106-3', label: 'White' });
    expect(codes.get('BLK')).toMatchObject({ to: '', proposed: '2054-5' });
    expect(codes.get('XQ')).toMatchObject({ to: '', proposed: '' });
    expect(race?.choices).toContainEqual({ code: '2106-3', label: 'White' });
  });

  it('knows a language by its tag though the table has none', () => {
    const messages = feed().map((text) => text.replace(/\(217\)555-\d{4}/, '$&||en'));
    const [language] = review(messages).codes.filter(({ table }) => table === 'language');
    expect(language?.codes).toEqual([expect.objectContaining({ value: 'en', to: 'en' })]);
  });

  it('proposes a field of the customer’s own for what the mapping does not find', () => {
    const messages = feed().map(
      (text, i) => `${text}ZPI|1|${['ENGLISH', 'SPANISH', 'CREOLE'][i % 3]}|pat${i}@example.org\r`,
    );
    const sources = review(messages).proposals.filter(({ kind }) => kind === 'source');
    expect(sources).toEqual([
      expect.objectContaining({ target: 'preferred_language', path: 'ZPI-2', state: 'proposed' }),
    ]);
  });

  it('accepted, becomes a mapping that finds it', () => {
    const messages = feed().map((text, i) => `${text}ZPI|1|${['ENGLISH', 'SPANISH'][i % 2]}\r`);
    const draft = {
      positions: { sliding_fee: 'ZFS-2.1' },
      sources: [
        { target: 'preferred_language', path: 'ZPI-2', first: false },
        { target: 'financial_class', path: 'ZFS-3', first: true },
      ],
      codes: { race: { w1: '2106-3', BLK: '2054-5' } },
    };
    const changed = draftMapping(MAPPING, draft, { key: 'clinic.patient', version: 4, title: 'Clinic' });
    const after = review(messages, parseMapping(changed));
    const filled = new Map(after.targets.map(({ target, filled: count }) => [target, count]));
    expect(filled.get('sliding_fee_class')).toBe(60);
    expect(filled.get('preferred_language')).toBe(60);
    expect(filled.get('financial_class')).toBe(60);
    expect(slidingFee(after)?.state).toBe('covered');
    const [race] = after.codes.filter(({ table }) => table === 'race');
    expect(race?.codes.filter(({ to }) => to === '').map(({ value }) => value)).toEqual(['XQ']);
  });

  it('refuses own codes for a table that there is not', () => {
    expect(() => compileMapping({ ...MAPPING, codes: { planets: { A: 'B' } } }, TABLES)).toThrow(/planets/);
  });
});
