import type { SegmentMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { THO, UNKNOWN_EXTENSION, V2, concept } from '../rule-builders.ts';

const PARTICIPANT_TYPE = `${THO}provenance-participant-type`;

export const HEADER_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'MSH[MessageHeader]',
    segment: 'MSH',
    resource: 'MessageHeader',
    rules: [
      {
        to: 'eventCoding',
        make: [
          { to: 'system', value: `${V2}0003` },
          { to: 'code', from: ['MSH-9.2', 'MSH-9.1'] },
          { to: 'display', from: 'MSH-9', as: 'text' },
        ],
      },
      {
        to: 'source',
        make: [
          { to: 'name', from: 'MSH-3.1' },
          { to: 'endpoint', from: ['MSH-24', 'MSH-3'], as: 'HD[endpoint]' },
          { to: 'software', from: 'MSH-3.2', if: 'MSH-3.3 not in ISO UUID DNS URI' },
        ],
      },
      { to: 'source._endpoint', value: UNKNOWN_EXTENSION, unless: 'source.endpoint' },
      {
        to: 'destination',
        make: [
          { to: 'name', from: 'MSH-5.1' },
          { to: 'target', from: 'MSH-5', as: 'HD[Device]' },
          { to: 'endpoint', from: ['MSH-25', 'MSH-5'], as: 'HD[endpoint]' },
          { to: '_endpoint', value: UNKNOWN_EXTENSION, unless: 'endpoint' },
          { to: 'receiver', from: 'MSH-23', as: 'XON[Organization]' },
          { to: 'receiver', from: 'MSH-6', as: 'HD[Organization]' },
        ],
        if: 'MSH-5 valued or MSH-25 valued',
      },
      { to: 'sender', from: 'MSH-4', as: 'HD[Organization]' },
      { to: 'responsible', from: 'MSH-22', as: 'XON[Organization]' },
      {
        to: 'meta.tag',
        make: [
          { to: 'system', value: `${V2}0103` },
          { to: 'code', from: 'MSH-11.1' },
        ],
      },
      {
        to: 'meta.tag',
        make: [
          { to: 'system', value: `${V2}0207` },
          { to: 'code', from: 'MSH-11.2' },
        ],
      },
      { to: 'language', from: 'MSH-19', codes: 'PrimaryLanguage' },
      { to: 'meta.security', from: 'MSH-26', codes: 'ConfidentialityCode' },
      { to: 'meta.security', from: 'MSH-27' },
    ],
  },
  {
    table: 'SFT[MessageHeader]',
    segment: 'SFT',
    resource: 'MessageHeader',
    rules: [
      { to: 'source.software', from: 'SFT-3' },
      { to: 'source.version', from: 'SFT-2' },
    ],
  },
  {
    table: 'MSH[Provenance-Source]',
    segment: 'MSH',
    resource: 'Provenance',
    rules: [
      { to: 'recorded', from: 'MSH-7' },
      { to: 'occurredDateTime', from: 'MSH-7' },
      { to: 'activity.text', from: 'MSH-9', as: 'text' },
      {
        to: 'agent',
        make: [
          { to: 'type', value: concept(PARTICIPANT_TYPE, 'author', 'Author') },
          { to: 'who', from: 'MSH-22', as: 'XON[Organization]' },
          { to: 'who', from: 'MSH-4', as: 'HD[Organization]' },
        ],
      },
    ],
  },
  {
    table: 'EVN[Provenance]',
    segment: 'EVN',
    resource: 'Provenance',
    rules: [
      { to: 'recorded', from: 'EVN-2' },
      { to: 'recorded', from: 'MSH-7' },
      { to: 'occurredDateTime', from: 'EVN-6' },
      { to: 'activity.text', from: 'MSH-9', as: 'text' },
      { to: 'reason', from: 'EVN-4', codes: 'EventReason', if: 'EVN-4 != U' },
      { to: 'location', from: 'EVN-7', as: 'HD[Location]' },
      {
        to: 'agent',
        make: [
          { to: 'type', value: concept(PARTICIPANT_TYPE, 'enterer', 'Enterer') },
          { to: 'who', from: 'EVN-5', as: 'XCN[Practitioner]' },
        ],
      },
      {
        to: 'agent',
        make: [
          { to: 'who', from: 'MSH-22', as: 'XON[Organization]' },
          { to: 'who', from: 'MSH-4', as: 'HD[Organization]' },
        ],
        if: 'EVN-5 not valued',
      },
    ],
  },
];
