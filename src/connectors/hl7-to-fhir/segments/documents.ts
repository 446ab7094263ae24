import type { SegmentMap } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V2, concept } from '../rule-builders.ts';

export const DOCUMENT_SEGMENTS: readonly SegmentMap[] = [
  {
    table: 'TXA[DocumentReference]',
    segment: 'TXA',
    resource: 'DocumentReference',
    rules: [
      { to: 'masterIdentifier', from: 'TXA-12', as: 'EI[Identifier]' },
      { to: 'identifier', from: 'TXA-16', as: 'ST[Identifier]' },
      { to: 'status', value: 'entered-in-error', if: 'MSH-9.2 = T11' },
      { to: 'status', value: 'superseded', if: 'TXA-19 = OB' },
      { to: 'status', value: 'entered-in-error', if: 'TXA-19 = CA' },
      { to: 'status', value: 'current' },
      {
        to: '_status.extension',
        make: [
          { to: 'url', value: 'http://hl7.org/fhir/StructureDefinition/alternate-codes' },
          {
            to: 'valueCodeableConcept.coding',
            make: [
              { to: 'system', value: `${V2}0273` },
              { to: 'code', from: 'TXA-19', as: 'string' },
            ],
          },
        ],
        if: 'TXA-19 in CA OB UN',
      },
      { to: 'docStatus', from: 'TXA-17', codes: 'DocumentCompletion' },
      { to: 'type', from: 'TXA-2', listUnmapped: true },
      { to: 'date', from: 'TXA-6' },
      { to: 'date', from: 'TXA-4' },
      { to: 'author', from: 'TXA-9', as: 'XCN[Practitioner]' },
      { to: 'authenticator', from: 'TXA-10', as: 'XCN[Practitioner]' },
      { to: 'authenticator', from: 'TXA-22', as: 'XCN[Practitioner]' },
      {
        to: 'relatesTo',
        from: 'TXA-13',
        make: [
          { to: 'code', value: 'appends', if: 'MSH-9.2 in T05 T06' },
          { to: 'code', value: 'replaces' },
          { to: 'target.identifier', from: '.', as: 'EI[Identifier]' },
        ],
      },
      { to: 'description', from: 'TXA-25', as: 'text' },
      { to: 'securityLabel', from: 'TXA-18', codes: 'DocumentConfidentialityStatus' },
      {
        to: 'content',
        make: [
          { to: 'attachment.contentType', from: 'TXA-3', as: 'ID[media-type]' },
          { to: 'attachment.title', from: 'TXA-25', as: 'text' },
        ],
      },
      { to: 'context.period', make: [{ to: 'start', from: 'TXA-4' }] },
    ],
  },
  {
    table: 'TXA[Provenance]',
    segment: 'TXA',
    resource: 'Provenance',
    rules: [
      { to: 'recorded', from: 'TXA-8' },
      { to: 'recorded', from: 'MSH-7' },
      { to: 'reason', make: [{ to: 'text', from: 'TXA-21', as: 'text' }] },
      {
        to: 'agent',
        make: [
          {
            to: 'type',
            value: concept('http://terminology.hl7.org/CodeSystem/provenance-participant-type', 'author', 'Author'),
          },
          { to: 'who', from: 'TXA-9', as: 'XCN[Practitioner]' },
        ],
      },
    ],
  },
];
