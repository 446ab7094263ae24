import { describe, expect, it } from 'vitest';
import type { PatientRecord } from '../domain/patient/patient-record.ts';
import { matchesSearch, parseSearch } from './parse-search.ts';
import { changesSearch, patientNameWords, searchTokens } from './search-tokens.ts';

const patient = (fields: PatientRecord['fields'], lists: PatientRecord['lists'] = {}): PatientRecord => ({
  fields,
  lists,
  sources: [],
  provenance: {},
});
const JOHN = patient(
  {
    external_id: '12345',
    account_number: '100000',
    ssn: '123-45-6789',
    first_name: 'JOHN',
    last_name: 'DOE',
    date_of_birth: '1980-05-15',
    phone_home: '+15555551234',
    phone_work: '+15555555678;ext=9',
  },
  {
    identifiers: [
      { authority: 'NEXTGEN', type: 'MR', value: '12345' },
      { authority: 'NEXTGEN', type: 'AN', value: 'AC-77' },
    ],
  },
);
const ANA = patient({ first_name: 'Ana-María', last_name: "de la Cruz O'Neil", date_of_birth: '1975' });

const LONG = patient(
  {
    first_name: 'Maximiliana Wilhelmina',
    middle_name: 'Bartholomea Konstantina',
    last_name: 'Featherstonehaugh-Cholmondeley',
    maiden_name: 'Wolfeschlegelsteinhausenbergerdorff',
  },
  { identifiers: Array.from({ length: 15 }, (_, i) => ({ type: 'PI', value: `ID${i + 1}` })) },
);
const MANY = patient({
  first_name: 'Pablo Diego José Francisco de Paula Juan Nepomuceno María de los Remedios',
  middle_name: 'Cipriano de la Santísima Trinidad Crispiniano Evangelista Buenaventura',
  last_name: 'Ruiz y Picasso-Etxeberria Goikoetxea',
});

/** Found as the store finds: each entry has a token that the record has, and the record itself fits. */
const found = (record: PatientRecord, text: string, soundsLike = false): boolean => {
  const tokens = new Set(searchTokens(record));
  const wanted = parseSearch(text, { soundsLike });
  return (
    wanted.length > 0 &&
    wanted.every((entry) => entry.some((token) => tokens.has(token))) &&
    matchesSearch(record, text, { soundsLike })
  );
};

describe('a patient is found by', () => {
  it.each([
    'doe',
    'Do',
    'john doe',
    'doe john',
    'Doe, John',
    'doe, j',
    '12345',
    'ac-77',
    'AC77',
    '100000',
    '123-45-6789',
    '123456789',
    '1980-05-15',
    '05/15/1980',
    '5/15/1980',
    '15.05.1980',
    '19800515',
    '(555) 555-1234',
    '555-1234',
    '5551234',
    '5555551234',
    '+1 555 555 5678',
    '1-555-555-5678',
    'doe 1980-05-15',
    'j doe 05/15/1980 555-1234',
  ])('%s', (text) => {
    expect(found(JOHN, text)).toBe(true);
  });

  it.each(['roe', 'john roe', 'johnny', 'doe, k', '1234', '1980-05-16', '555-9999', 'doe 1980-05-16', '5551234999'])(
    'nothing like %s',
    (text) => {
      expect(found(JOHN, text)).toBe(false);
    },
  );

  it('compound names in parts and written together, with and without marks', () => {
    for (const text of [
      'ana maria',
      'anamaria',
      'Ana-María',
      'cruz',
      'de la cruz',
      'delacruz',
      "o'neil",
      'oneil',
      'delacruzoneil',
    ]) {
      expect(found(ANA, text), text).toBe(true);
    }
    expect(found(ANA, 'delacruzonell')).toBe(false);
  });

  it.each([
    [
      'a very long name',
      LONG,
      ['Featherstonehaugh', 'maximiliana featherstonehaugh-cholmondeley', 'konstantina', 'ID15'],
    ],
    ['a word beyond ten letters', LONG, ['Wolfeschlegelsteinhausenbergerdorff', 'featherstonehaughcholmondeley']],
    ['a name of many parts', MANY, ['Pablo Picasso', 'nepomuceno', 'buenaventura', 'Santísima Trinidad', 'goikoetxea']],
  ])('%s, typed in full', (_what, record, texts) => {
    for (const text of texts) expect(found(record, text), text).toBe(true);
    expect(found(record, 'featherstonehaughs')).toBe(false);
    expect(found(record, 'picassa')).toBe(false);
  });

  it.each([
    ['usual', ANA],
    ['very long', LONG],
    ['of many parts', MANY],
  ])('each word of a name that is %s, from two letters to all of it', (_what, record) => {
    for (const word of patientNameWords(record)) {
      for (let length = 2; length <= word.length; length++) {
        expect(found(record, word.slice(0, length)), word.slice(0, length)).toBe(true);
      }
    }
  });

  it('names with digits in them, as test systems have', () => {
    const test12 = patient({ first_name: 'Pat12', last_name: 'Test12', external_id: '7' });
    expect(found(test12, 'test12 pat12')).toBe(true);
    expect(found(test12, 'test1')).toBe(true);
    expect(found(test12, 'test13')).toBe(false);
    expect(found(test12, 'AC-77')).toBe(false);
    expect(found(JOHN, 'AC-77')).toBe(true);
  });

  it('names that sound alike, when that is asked for', () => {
    expect([found(JOHN, 'jon'), found(JOHN, 'jon', true), found(JOHN, 'jane', true)]).toEqual([false, true, true]);
    expect(found(JOHN, 'mary', true)).toBe(false);
  });
});

describe('a typed text', () => {
  it('that holds nothing to look for asks for nothing', () => {
    for (const text of ['', '  ', 'd', ', .']) expect(parseSearch(text)).toEqual([]);
  });

  it('asks with as many entries as there are things that must fit', () => {
    expect(parseSearch('doe john 1980-05-15')).toEqual([['d:1980-05-15'], ['n:doe', 'o:do'], ['n:john', 'o:jo']]);
    expect(parseSearch('5551234')).toEqual([['i:5551234', 'p:5551234']]);
    expect(parseSearch('christophersen')).toEqual([['n:christophe', 'o:ch']]);
  });

  it('that takes a date for a month that there is not reads it the other way round', () => {
    expect(parseSearch('15/05/1980')).toEqual([['d:1980-05-15']]);
    expect(parseSearch('05/06/1980')).toEqual([['d:1980-05-06']]);
  });
});

describe('search tokens', () => {
  it('are those of the sample patient', () => {
    expect(searchTokens(JOHN)).toEqual([
      'i:12345',
      'i:100000',
      'i:123456789',
      'i:AC77',
      'd:1980-05-15',
      'p:+15555551234',
      'p:5551234',
      'p:+15555555678',
      'p:5555678',
      's:DA',
      's:JAN',
      'n:do',
      'n:jo',
      'n:doe',
      'n:joh',
      'n:john',
    ]);
  });

  it('of a usual name are all of its prefixes and nothing coarse', () => {
    const usual = patient({ first_name: 'María Guadalupe', last_name: 'de la Cruz Hernández', ssn: '123-45-6789' });
    const tokens = searchTokens(usual);
    for (const token of ['n:guadalupe', 'n:mariaguada', 'n:delacruzhe', 'n:hernandez']) expect(tokens).toContain(token);
    expect(tokens.filter((token) => token.startsWith('o:'))).toEqual([]);
    expect(tokens.length).toBeLessThan(64);
  });

  it('of a very long name are bounded, and every word keeps its short prefixes', () => {
    const tokens = searchTokens(LONG);
    expect(tokens.filter((token) => !token.startsWith('o:')).length).toBeLessThanOrEqual(64);
    for (const token of ['n:max', 'n:wil', 'n:bar', 'n:fea', 'n:cho']) expect(tokens).toContain(token);
    const endless = patient({ last_name: Array.from({ length: 50_000 }, (_, i) => `w${i}x`).join(' ') });
    expect(searchTokens(endless).length).toBeLessThanOrEqual(170);
  });

  it('are not made of placeholders', () => {
    expect(searchTokens(patient({ ssn: '000-00-0000', account_number: 'N/A' }))).toEqual([]);
  });

  it('change with the fields that they are made of, and with no others', () => {
    expect(changesSearch([{ path: 'gender' }, { path: 'coverage' }])).toBe(false);
    for (const path of ['last_name', 'maiden_name', 'ssn', 'phone_mobile', 'date_of_birth', 'identifiers'] as const) {
      expect(changesSearch([{ path }]), path).toBe(true);
    }
  });
});
