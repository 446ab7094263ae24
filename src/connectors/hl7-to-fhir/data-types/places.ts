import type { DataTypeMap, ToFhirRule } from '../../../mapping/to-fhir/to-fhir-format.ts';
import { V2, extension } from '../rule-builders.ts';

const XAD: readonly ToFhirRule[] = [
  { to: 'use', from: '.7', codes: 'AddressType[Use]', if: '.7 in BA BI C B H O' },
  { to: 'type', from: '.7', codes: 'AddressType[Type]', if: '.7 in M SH' },
  { to: 'line', from: '.1.1' },
  { to: 'line', from: '.1.2' },
  { to: 'line', from: '.1.3' },
  { to: 'line', from: '.2' },
  { to: 'line', from: '.19' },
  { to: 'city', from: '.3' },
  { to: 'district', from: '.9' },
  { to: 'state', from: '.4' },
  { to: 'postalCode', from: '.5' },
  { to: 'country', from: '.6' },
  { to: 'period', from: '.12', as: 'DR[Period]', if: '.13 not valued and .14 not valued' },
  { to: 'period.start', from: '.13' },
  { to: 'period.end', from: '.14' },
  extension('iso21090-ADXP-censusTract', 'valueString', { from: '.10' }),
  extension('iso21090-AD-use', 'valueCode', { from: '.7', if: '.7 = HV' }),
];

const XON_IDENTIFIER: ToFhirRule = {
  to: 'identifier',
  make: [
    { to: 'type', from: '.7', codes: 'IdentifierType' },
    { to: 'system', value: 'http://hl7.org/fhir/sid/us-npi', if: '.7 = NPI' },
    { to: 'system', from: '.6', as: 'HD[uri]' },
    { to: 'value', from: ['.10', '.3'] },
    { to: 'assigner.display', from: '.6.1' },
  ],
  if: '.10 valued or .3 valued',
};

export const PLACE_TYPES: readonly DataTypeMap[] = [
  { table: 'XAD[Address]', type: 'Address', rules: XAD },
  {
    table: 'XON[Organization]',
    resource: 'Organization',
    rules: [XON_IDENTIFIER, { to: 'name', from: '.1' }],
    display: 'name',
  },
  {
    table: 'XON[Location]',
    resource: 'Location',
    rules: [XON_IDENTIFIER, { to: 'name', from: '.1' }],
    display: 'name',
  },
  {
    table: 'CWE[Organization]',
    resource: 'Organization',
    rules: [
      {
        to: 'identifier',
        make: [
          { to: 'system', from: '.3', as: 'CWE[system]' },
          { to: 'value', from: '.1' },
        ],
        if: '.1 valued',
      },
      { to: 'name', from: ['.9', '.2'] },
    ],
    display: 'name',
  },
  {
    table: 'HD[Organization]',
    resource: 'Organization',
    rules: [
      { to: 'identifier', make: [{ to: 'value', from: '.1' }] },
      {
        to: 'identifier',
        make: [
          {
            to: 'type',
            make: [
              {
                to: 'coding',
                make: [
                  { to: 'system', value: `${V2}0301` },
                  { to: 'code', from: '.3', as: 'string' },
                ],
              },
            ],
          },
          { to: 'system', value: 'urn:ietf:rfc:3986', if: '.3 in ISO UUID' },
          { to: 'value', from: '.2', as: 'HD[universal]' },
        ],
        if: '.2 valued',
      },
      { to: 'name', from: '.1' },
    ],
    display: 'name',
  },
  {
    table: 'HD[Device]',
    resource: 'Device',
    rules: [
      { to: 'identifier', make: [{ to: 'value', from: '.1' }] },
      {
        to: 'identifier',
        make: [
          {
            to: 'type',
            make: [
              {
                to: 'coding',
                make: [
                  { to: 'system', value: `${V2}0301` },
                  { to: 'code', from: '.3', as: 'string' },
                ],
              },
            ],
          },
          { to: 'system', value: 'urn:ietf:rfc:3986', if: '.3 in ISO UUID' },
          { to: 'value', from: '.2', as: 'HD[universal]' },
        ],
        if: '.2 valued',
      },
    ],
  },
  {
    table: 'CWE[Device]',
    resource: 'Device',
    rules: [
      {
        to: 'identifier',
        make: [
          { to: 'system', from: '.3', as: 'CWE[system]' },
          { to: 'value', from: '.1' },
        ],
        if: '.1 valued',
      },
      {
        to: 'deviceName',
        make: [
          { to: 'name', from: ['.2', '.1'] },
          { to: 'type', value: 'other' },
        ],
      },
    ],
  },
  {
    table: 'EI[Device]',
    resource: 'Device',
    rules: [{ to: 'identifier', from: '.', as: 'EI[Identifier]' }],
  },
  {
    table: 'HD[Location]',
    resource: 'Location',
    rules: [
      { to: 'name', from: '.1' },
      { to: 'identifier', make: [{ to: 'value', from: '.2' }], if: '.3 in ISO UUID' },
      {
        to: 'physicalType',
        value: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: 'si', display: 'Site' },
          ],
        },
      },
    ],
    display: 'name',
  },
  {
    table: 'DLD[Location-Discharge]',
    resource: 'Location',
    rules: [
      { to: 'type', from: '.' },
      { to: 'name', from: ['.1.2', '.1'] },
    ],
    display: 'name',
  },
  {
    // IN1[Coverage]: the company's name, number, address and telephone stand in fields of their own.
    table: 'IN1[Organization]',
    resource: 'Organization',
    rules: [
      { to: 'identifier', from: 'IN1-3', as: 'CX[Identifier]' },
      { to: 'name', from: 'IN1-4.1' },
      { to: 'address', from: 'IN1-5', as: 'XAD[Address]' },
      { to: 'telecom', from: 'IN1-7', as: 'XTN[ContactPoint-work]' },
    ],
    display: 'name',
  },
  {
    // NK1-13 and NK1-30 to NK1-32: an organization as a contact, with the person to ask for there.
    table: 'NK1[Organization]',
    resource: 'Organization',
    rules: [
      { ...XON_IDENTIFIER, from: '.' },
      { to: 'name', from: '.1' },
      {
        to: 'contact',
        make: [
          { to: 'name', from: 'NK1-30', as: 'XPN[HumanName]' },
          { to: 'telecom', from: 'NK1-31', as: 'XTN[ContactPoint]' },
          { to: 'address', from: 'NK1-32', as: 'XAD[Address]' },
        ],
      },
    ],
    display: 'name',
  },
  {
    // OBX-23 and OBX-24: the performing organization with its address.
    table: 'OBX[Organization]',
    resource: 'Organization',
    rules: [
      { ...XON_IDENTIFIER, from: 'OBX-23' },
      { to: 'name', from: 'OBX-23.1' },
      { to: 'address', from: 'OBX-24', as: 'XAD[Address]' },
    ],
    display: 'name',
  },
  {
    table: 'OBX[PractitionerRole]',
    resource: 'PractitionerRole',
    rules: [
      { to: 'practitioner', from: 'OBX-25', as: 'XCN[Practitioner]' },
      { to: 'organization', from: 'OBX-23', as: 'OBX[Organization]' },
      { to: 'code', value: { coding: [{ system: `${V2}0912`, code: 'MDIR' }] } },
    ],
    needs: ['practitioner'],
  },
  {
    // ORC-12 and ORC-21 to ORC-24: who orders, where.
    table: 'ORC[PractitionerRole]',
    resource: 'PractitionerRole',
    rules: [
      { to: 'practitioner', from: ['ORC-12', 'OBR-16'], as: 'XCN[Practitioner]' },
      { to: 'organization', from: 'ORC-21', as: 'ORC[Organization]' },
    ],
    needs: ['practitioner'],
  },
  {
    table: 'ORC[Organization]',
    resource: 'Organization',
    rules: [
      { ...XON_IDENTIFIER, from: 'ORC-21' },
      { to: 'name', from: 'ORC-21.1' },
      { to: 'address', from: 'ORC-22', as: 'XAD[Address]' },
      { to: 'telecom', from: 'ORC-23', as: 'XTN[ContactPoint-work]' },
    ],
    display: 'name',
  },
  {
    // RXA-11 (LA2) and RXA-27, RXA-28: where it was given. In LA2 the facility is the fourth component, as in PL.
    table: 'LA2[Location]',
    resource: 'Location',
    rules: [
      { to: 'name', from: ['.4.1', '.4.2', '.1'] },
      {
        to: 'identifier',
        make: [
          { to: 'system', from: '.4.2', as: 'EI[system]' },
          { to: 'value', from: '.4.1' },
        ],
        if: '.4.1 valued',
      },
      { to: 'address.line', from: '.9' },
      { to: 'address.line', from: '.10' },
      { to: 'address.city', from: '.11' },
      { to: 'address.state', from: '.12' },
      { to: 'address.postalCode', from: '.13' },
      { to: 'address.country', from: '.14' },
    ],
    display: 'name',
  },
];
