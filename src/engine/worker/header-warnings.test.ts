import { expect, it } from 'vitest';
import { peekEnvelope } from '../../formats/hl7v2/envelope.ts';
import { headerWarnings } from './header-warnings.ts';

const codes = (version: string, processing: string): string[] =>
  headerWarnings(peekEnvelope(Buffer.from(`MSH|^~\\&|A|B|C|D|20260421||ADT^A08|1|${processing}|${version}\r`))).map(
    ({ code, place }) => `${code} ${place}`,
  );

it('warns of a version and a processing id that HL7 does not have', () => {
  expect(codes('9.9', 'Z')).toEqual(['hl7.version-unsupported MSH-12', 'hl7.processing-id-unsupported MSH-11']);
  expect(codes('3.0', 'P')).toEqual(['hl7.version-unsupported MSH-12']);
});

it('has nothing against those that it has, or against none', () => {
  for (const version of ['2.1', '2.3', '2.5.1', '2.8', '2.8.2', '2.5.1^USA', ''])
    expect(codes(version, 'P')).toEqual([]);
  for (const processing of ['P', 'T', 'D', 'P^T', '']) expect(codes('2.5.1', processing)).toEqual([]);
});
