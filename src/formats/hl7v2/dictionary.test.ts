import { describe, expect, it } from 'vitest';
import { KNOWN_VERSIONS, describeComponent, describeField, describeSegment, describeType } from './dictionary.ts';

describe('the dictionary', () => {
  it('has the versions from 2.1 to 2.8', () => {
    expect(KNOWN_VERSIONS).toEqual(['2.1', '2.2', '2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7', '2.7.1', '2.8']);
  });

  it('names segments and fields as each version does', () => {
    expect(describeSegment('2.5.1', 'PID')).toEqual({ name: 'Patient Identification', fieldCount: 39 });
    expect(describeField('2.3', 'PID', 3)).toEqual({
      name: 'Patient ID',
      type: 'CX',
      table: undefined,
      required: true,
      repeats: true,
      withdrawn: false,
    });
    expect(describeField('2.5.1', 'PID', 3)?.name).toBe('Patient Identifier List');
    expect(describeField('2.5.1', 'PID', 8)).toMatchObject({
      type: 'IS',
      table: '0001',
      repeats: false,
      required: false,
    });
    expect(describeField('2.8', 'PID', 8)?.type).toBe('CWE');
    expect(describeField('2.8', 'PID', 2)?.withdrawn).toBe(true);
    expect(describeField('2.8', 'OBX', 27)?.name).toBe('Root Cause');
    expect(describeField('2.5.1', 'OBX', 32)?.name).toBe('Observation Value Absent Reason');
    expect(describeField('2.8', 'PRT', 17)).toMatchObject({ name: 'Device Manufacture Date', type: 'DTM' });
  });

  it('names components and types', () => {
    expect(describeComponent('2.5.1', 'XPN', 2)?.name).toBe('Given Name');
    expect(describeComponent('2.5.1', 'CX', 4)).toMatchObject({ name: 'Assigning Authority', type: 'HD' });
    expect(describeType('2.5.1', 'XPN')).toBe('Extended Person Name');
    expect(describeComponent('2.5.1', 'ST', 1)).toBeUndefined();
  });

  it('describes what a version does not have yet as a later one does', () => {
    expect(describeSegment('2.3', 'SFT')?.name).toBe('Software Segment');
    expect(describeField('2.3', 'PID', 39)?.name).toBe('Tribal Citizenship');
    expect(describeSegment('2.8', 'ZPM')).toBeUndefined();
    expect(describeField('2.8', 'PID', 99)).toBeUndefined();
  });

  it('takes an unknown version as the nearest older one, none as 2.5.1', () => {
    expect(describeField('2.9', 'OBX', 28)?.name).toBe('Local Process Control');
    expect(describeField('2.3.9', 'PID', 3)?.name).toBe(describeField('2.3.1', 'PID', 3)?.name);
    expect(describeField(undefined, 'PID', 3)).toEqual(describeField('2.5.1', 'PID', 3));
    expect(describeField('7', 'PID', 3)).toEqual(describeField('2.5.1', 'PID', 3));
  });

  it.each(KNOWN_VERSIONS)('names all fields of what is routed in %s, and their types', (version) => {
    const segments =
      'MSH EVN PID PD1 NK1 PV1 PV2 MRG AL1 DG1 PR1 GT1 IN1 IN2 SCH RGS AIS AIG AIL AIP ORC OBR OBX NTE SPM TXA FT1 RXA RXR RXO TQ1';
    for (const segment of segments.split(' ')) {
      const described = describeSegment(version, segment);
      expect(described?.name, segment).toMatch(/\w/);
      for (let field = 1; field <= (described?.fieldCount ?? 0); field++) {
        const part = describeField(version, segment, field);
        expect(part?.name, `${segment}-${field}`).toMatch(/\w/);
        if (part !== undefined && part.type !== 'VARIES' && part.type !== '') {
          expect(describeType(version, part.type), `${segment}-${field} ${part.type}`).toMatch(/\w/);
        }
      }
    }
  });

  it.each(['2.1', '2.3', '2.5.1', '2.8'])('describes MSH, PID, PV1 and OBX of %s without a gap', (version) => {
    for (const segment of ['MSH', 'PID', 'PV1', 'OBX']) {
      const { fieldCount } = describeSegment(version, segment) ?? { fieldCount: 0 };
      expect(fieldCount).toBeGreaterThan(9);
      for (let field = 1; field <= fieldCount; field++) {
        expect(describeField(version, segment, field)?.name, `${segment}-${field}`).toMatch(/\w/);
      }
    }
  });
});
