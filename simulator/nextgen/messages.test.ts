import { describe, expect, it } from 'vitest';
import { parseMessage, type Hl7Message } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read } from '../../src/formats/hl7v2/read.ts';
import { validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { MIXES, parseMix } from './mix.ts';
import { MESSAGE_TYPES } from './model/happening.ts';
import { createPractice, type PracticeMessage, type PracticeOptions } from './practice.ts';
import { fitsStructure, lastField, missingFields } from './testing-structure.ts';

const VERSIONS = ['2.3', '2.5.1', '2.8'] as const;
const START = Date.UTC(2026, 3, 21, 14, 30);

function messages(count: number, options: Partial<PracticeOptions> = {}): PracticeMessage[] {
  const practice = createPractice({ seed: 'types', mix: MIXES.even, ...options });
  return Array.from({ length: count }, (_, at) => practice.next(new Date(START + at * 1000)));
}

const segments = ({ bytes }: PracticeMessage) => bytes.toString('utf8').split('\r').filter(Boolean);
const value = (message: Hl7Message, path: string) => read(message, compilePath(path)) ?? '';

describe.each(VERSIONS)('messages in %s', (version) => {
  const sent = messages(1500, { version, zSegments: true });

  it('are of every type, parsed and written back byte for byte, and found without fault', () => {
    expect(new Set(sent.map(({ type }) => type))).toEqual(new Set(MESSAGE_TYPES));
    for (const { bytes, type, controlId } of sent) {
      const message = parseMessage(bytes);
      expect(message.toBytes().equals(bytes)).toBe(true);
      expect(validateMessage(message)).toEqual([]);
      expect(`${value(message, 'MSH-9.1')}^${value(message, 'MSH-9.2')}`).toBe(type);
      expect(value(message, 'MSH-10')).toBe(controlId);
    }
    expect(new Set(sent.map(({ controlId }) => controlId)).size).toBe(sent.length);
  });

  it('have the segments of the standard in its order, and each field that it requires', () => {
    for (const message of sent) {
      const lines = segments(message);
      const of = lines[0]?.split('|')[11] ?? '';
      expect(of).toBe(
        message.type === 'OML^O21' && version === '2.3'
          ? '2.5.1'
          : version === '2.8' && message.type === 'ORM^O01'
            ? '2.5.1'
            : version,
      );
      const names = lines.map((line) => line.slice(0, 3));
      expect(fitsStructure(of, message.type, names), `${message.type}: ${names.join(' ')}`).toBe(true);
      for (const line of lines) {
        expect(missingFields(of, line), line.slice(0, 40)).toEqual([]);
        const name = line.slice(0, 3);
        // Modifiers stand one field beyond what 2.3 has, as later versions say and as feeds do.
        const more = of === '2.3' && (name === 'FT1' || name === 'PR1') ? 1 : 0;
        if (!/^(?:MSH|Z)/.test(name))
          expect(line.split('|').length - 1).toBeLessThanOrEqual(lastField(of, name) + more);
      }
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(messages(300, { version })).toEqual(messages(300, { version }));
    expect(messages(20, { version, seed: 'other' })).not.toEqual(messages(20, { version }));
  });

  it('use no phone that could be somebody’s', () => {
    const phones = sent.flatMap(({ bytes }) =>
      [...bytes.toString('latin1').matchAll(/\(\d{3}\)(\d{3}-\d{4})|\^1\^\d{3}\^(\d{7})/g)].map(
        ([, one, other]) => one ?? other,
      ),
    );
    expect(phones.length).toBeGreaterThan(500);
    expect(phones.filter((phone) => !/^555-?01\d\d$/.test(phone ?? ''))).toEqual([]);
  });
});

describe('what follows from what', () => {
  const sent = messages(4000, { version: '2.5.1', mix: MIXES.practice, zSegments: true }).map((message) => ({
    ...message,
    parsed: parseMessage(message.bytes),
  }));
  const of = (...types: string[]) => sent.filter(({ type }) => types.includes(type));

  it('sends each type about as often as its weight says', () => {
    const total = Object.values(MIXES.practice).reduce((sum, weight) => sum + weight, 0);
    for (const type of ['ADT^A04', 'ADT^A08', 'ORU^R01', 'DFT^P03', 'SIU^S12', 'VXU^V04'] as const) {
      const share = of(type).length / sent.length;
      expect(Math.abs(share - MIXES.practice[type] / total)).toBeLessThan(0.04);
    }
  });

  it('registers before anything else is told of a patient, and tells nothing of one who was merged away', () => {
    const known = new Set<string>();
    const gone = new Set<string>();
    let merges = 0;
    for (const { type, act, mrn, parsed } of sent) {
      if (act === 'registered' || act === 'registered_twice') known.add(mrn);
      expect(known.has(mrn), `${type} of ${mrn}`).toBe(true);
      expect(gone.has(mrn), `${type} of ${mrn}`).toBe(false);
      if (type !== 'ADT^A40') continue;
      merges += 1;
      const prior = value(parsed, 'MRG-1.1');
      expect(known.has(prior)).toBe(true);
      expect(prior).not.toBe(mrn);
      gone.add(prior);
    }
    expect(merges).toBeGreaterThan(5);
  });

  it('books an appointment once, then changes, moves, cancels or misses it', () => {
    const booked = new Map<string, string>();
    for (const { type, parsed } of of('SIU^S12', 'SIU^S13', 'SIU^S14', 'SIU^S15', 'SIU^S17', 'SIU^S26')) {
      const id = value(parsed, 'SCH-2.1');
      const start = value(parsed, 'SCH-11.4');
      expect(booked.has(id)).toBe(type !== 'SIU^S12');
      expect(start).toMatch(/^2026\d{8}00$/);
      expect(value(parsed, 'AIS-4')).toBe(start);
      const day = new Date(`${start.slice(0, 4)}-${start.slice(4, 6)}-${start.slice(6, 8)}T00:00:00Z`).getUTCDay();
      expect([0, 6]).not.toContain(day);
      if (type === 'SIU^S13') expect(start).not.toBe(booked.get(id));
      if (type === 'SIU^S26') expect(start <= value(parsed, 'MSH-7')).toBe(true);
      if (type === 'SIU^S15' || type === 'SIU^S17' || type === 'SIU^S26') booked.delete(id);
      else booked.set(id, start);
    }
  });

  it('reports what was ordered: preliminary, final, corrected, cancelled', () => {
    const ordered = new Set<string>();
    const told = new Map<string, string>();
    const seen = new Set<string>();
    for (const { type, parsed } of of('ORM^O01', 'OML^O21', 'ORU^R01')) {
      if (type !== 'ORU^R01') {
        for (const segment of parsed.segmentIndexes('ORC'))
          ordered.add(read(parsed, compilePath('ORC-2.1'), { segment }) ?? '');
        continue;
      }
      const placer = value(parsed, 'OBR-2.1');
      const status = value(parsed, 'OBR-25');
      const before = told.get(placer);
      expect(ordered.has(placer)).toBe(true);
      expect({ P: [undefined], F: [undefined, 'P'], C: ['F', 'C'], X: [undefined] }[status]).toContain(before);
      told.set(placer, status);
      seen.add(`${before ?? ''}${status}`);
      for (const segment of parsed.segmentIndexes('OBX')) {
        const at = read(parsed, compilePath('OBX-11'), { segment });
        expect([status, 'F']).toContain(at);
        if (status === 'X') expect(read(parsed, compilePath('OBX-5'), { segment }) ?? '').toBe('');
      }
      if (status === 'C') expect(parsed.bytes.toString()).toContain('Previously reported as');
    }
    expect([...seen].sort()).toEqual(['CC', 'F', 'FC', 'P', 'PF', 'X'].filter((one) => seen.has(one)).sort());
    for (const one of ['F', 'FC', 'P', 'PF', 'X']) expect(seen.has(one), one).toBe(true);
  });

  it('ties susceptibilities to the organism that they are of', () => {
    const children = of('ORU^R01').filter(({ parsed }) => parsed.segmentIndexes('OBR').length > 1);
    expect(children.length).toBeGreaterThan(3);
    for (const { parsed } of children) {
      const organisms = new Map<string, string>();
      for (const segment of parsed.segmentIndexes('OBX')) {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        if (get('OBX-2') === 'CWE') organisms.set(get('OBX-4'), get('OBX-5.2'));
      }
      for (const segment of parsed.segmentIndexes('OBR').slice(1)) {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        expect(get('OBR-26.1')).toBe(value(parsed, 'OBR-4.1'));
        expect(organisms.get(get('OBR-26.2'))).toBe(get('OBR-26.3'));
        expect(get('OBR-29.1')).toBe(value(parsed, 'OBR-2.1'));
        expect(get('OBR-29.2')).toBe(value(parsed, 'OBR-3.1'));
        expect(get('OBR-11')).toBe('G');
      }
    }
  });

  it('keeps in the final report of a culture what the preliminary one found', () => {
    const found = new Map<string, string[]>();
    let kept = 0;
    for (const { parsed } of of('ORU^R01')) {
      const organisms = parsed.segmentIndexes('OBX').flatMap((segment) => {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        return get('OBX-2') === 'CWE' ? [get('OBX-5.1')] : [];
      });
      const placer = value(parsed, 'OBR-2.1');
      if (value(parsed, 'OBR-25') === 'P' && organisms.length > 0) found.set(placer, organisms);
      const before = found.get(placer);
      if (value(parsed, 'OBR-25') !== 'F' || before === undefined) continue;
      expect(organisms).toEqual(before);
      kept += 1;
    }
    expect(kept).toBeGreaterThan(3);
  });

  it('flags a value by its range', () => {
    let flagged = 0;
    for (const { parsed } of of('ORU^R01')) {
      for (const segment of parsed.segmentIndexes('OBX')) {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        if (get('OBX-2') !== 'NM' || get('OBX-5') === '') continue;
        const [low = '0', high = ''] = get('OBX-7').replace('<=', '0-').split('-');
        const number = Number(get('OBX-5'));
        const flag = get('OBX-8');
        expect(number > Number(high) ? ['H', 'HH'] : number < Number(low) ? ['L', 'LL'] : ['N']).toContain(flag);
        if (flag !== 'N') flagged += 1;
      }
    }
    expect(flagged).toBeGreaterThan(50);
  });

  it('charges a visit once, to the cent, and takes back what it charged', () => {
    const charged = new Map<string, string>();
    for (const { parsed } of of('DFT^P03')) {
      for (const segment of parsed.segmentIndexes('FT1')) {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        const [id, amount] = [get('FT1-2'), get('FT1-11.1')];
        expect(amount).toMatch(/^-?\d+\.\d\d$/);
        expect(Number(amount).toFixed(2)).toBe((Number(get('FT1-10')) * Number(get('FT1-12.1'))).toFixed(2));
        expect(get('FT1-7.1')).toBe(get('FT1-25.1'));
        if (get('FT1-6') === 'CR') expect(amount).toBe(`-${charged.get(id) ?? ''}`);
        else {
          expect(charged.has(id)).toBe(false);
          charged.set(id, amount);
        }
      }
      const diagnoses = parsed
        .segmentIndexes('DG1')
        .map((segment) => read(parsed, compilePath('DG1-3.1'), { segment }));
      expect(diagnoses).toContain(value(parsed, 'FT1-19.1'));
      expect(value(parsed, 'GT1-3.1')).not.toBe('');
    }
    expect(of('DFT^P03').filter(({ act }) => act === 'charge_reversed').length).toBeGreaterThan(3);
    expect(
      of('DFT^P03').some(
        ({ parsed }) => value(parsed, 'FT1-29.1') !== '' || /\|\d{11}\^\^NDC/.test(parsed.bytes.toString()),
      ),
    ).toBe(true);
  });

  it('brings documents whole, adds to them, and cancels them', () => {
    const filed = new Set<string>();
    for (const { type, parsed } of of('MDM^T01', 'MDM^T02', 'MDM^T06', 'MDM^T11')) {
      const id = value(parsed, 'TXA-12.1');
      expect(parsed.segmentIndexes('OBX').length > 0).toBe(type === 'MDM^T02' || type === 'MDM^T06');
      if (type === 'MDM^T06') expect(filed.has(value(parsed, 'TXA-13.1'))).toBe(true);
      if (type === 'MDM^T11') expect(value(parsed, 'TXA-19')).toBe('CA');
      expect(filed.has(id)).toBe(type === 'MDM^T11');
      if (type !== 'MDM^T11') filed.add(id);
      if (value(parsed, 'OBX-2') !== 'ED') continue;
      const pdf = Buffer.from(value(parsed, 'OBX-5.5'), 'base64').toString('latin1');
      expect(pdf.startsWith('%PDF-1.4')).toBe(true);
      expect(pdf.endsWith('%%EOF\n')).toBe(true);
      const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
      expect(pdf.slice(table, table + 4)).toBe('xref');
    }
  });

  it('tells vaccines given, told late and refused, each as the registries want it', () => {
    const kinds = new Set<string>();
    for (const { parsed } of of('VXU^V04')) {
      for (const segment of parsed.segmentIndexes('RXA')) {
        const get = (path: string) => read(parsed, compilePath(path), { segment }) ?? '';
        const kind = get('RXA-20') === 'RE' ? 'refused' : get('RXA-9.1') === '01' ? 'historical' : 'given';
        kinds.add(`${kind} ${get('RXA-21')}`);
        expect(get('RXA-5.3')).toBe('CVX');
        if (kind === 'given') expect(get('RXA-15')).not.toBe('');
        else expect(get('RXA-6')).toBe('999');
        expect(get('RXA-18.1') !== '').toBe(kind === 'refused');
      }
    }
    for (const kind of ['given A', 'given U', 'historical A', 'refused A']) expect([...kinds]).toContain(kind);
  });
});

describe('options', () => {
  it('puts the sliding fee where the feed has it', () => {
    const first = (slidingFee: PracticeOptions['slidingFee'], path: string) =>
      messages(60, { mix: MIXES.adt, slidingFeeShare: 1, slidingFee: slidingFee ?? null, version: '2.5.1' }).map(
        ({ bytes }) => value(parseMessage(bytes), path),
      );
    expect(new Set(first({ segment: 'PV1', field: 20, write: 'marker' }, 'PV1-20'))).toEqual(new Set(['SLIDING_FEE']));
    for (const one of first({ segment: 'PV1', field: 51, write: 'class' }, 'PV1-51')) expect(one).toMatch(/^SF-[A-E]$/);
    for (const one of first({ segment: 'ZFC', field: 3, write: 'class' }, 'ZFC-3.2')) expect(one).toBe('20260101');
    expect(new Set(first(null, 'PV1-20'))).toEqual(new Set(['']));
  });

  it('adds a health centre’s Z-segments where asked, and only for who has a sliding fee', () => {
    const names = (zSegments: boolean) =>
      messages(100, { mix: MIXES.adt, zSegments, version: '2.5.1' }).map((one) =>
        segments(one).filter((line) => line.startsWith('Z')),
      );
    expect(names(false).flat()).toEqual([]);
    const found = names(true);
    expect(found.some((lines) => lines.length === 0)).toBe(true);
    for (const lines of found.filter((one) => one.length > 0)) {
      expect(lines.map((line) => line.slice(0, 3))).toEqual(['ZSF', 'ZGR', 'ZUD']);
    }
  });

  it('makes documents as large as asked', () => {
    const [first] = messages(40, { mix: parseMix('MDM^T02'), documentBytes: 300_000 }).filter(({ bytes }) =>
      bytes.includes('^Base64^'),
    );
    expect(first?.bytes.length).toBeGreaterThan(390_000);
    expect(first?.bytes.length).toBeLessThan(430_000);
  });

  it('sends one type alone, what comes before it having happened unseen', () => {
    for (const type of MESSAGE_TYPES) {
      expect(new Set(messages(12, { mix: { [type]: 1 } }).map((one) => one.type))).toEqual(new Set([type]));
    }
  });

  it('stays small in a long run', () => {
    const practice = createPractice({ seed: 1, mix: MIXES.practice, patients: 50 });
    for (let at = 0; at < 5000; at += 1) practice.next(new Date(START + at * 1000));
    expect(practice.patientCount).toBeLessThan(250);
  });
});

describe('parseMix', () => {
  it('reads names, types and codes with weights', () => {
    expect(parseMix('adt')).toBe(MIXES.adt);
    expect(parseMix('ADT^A04=10, oru-r01=2.5,VXU')).toEqual({ 'ADT^A04': 10, 'ORU^R01': 2.5, 'VXU^V04': 1 });
    expect(Object.keys(parseMix('SIU=3'))).toHaveLength(6);
  });

  it.each(['XYZ', 'ADT^A04=', 'ADT^A04=-1', 'ADT^A04=0', ''])('refuses %j', (text) => {
    expect(() => parseMix(text)).toThrow(RangeError);
  });
});
