import { SUSCEPTIBILITY_PANEL, type Organism } from '../../codes/microbiology.ts';
import type { Isolate, LabReport, Result } from '../model/entities.ts';
import type { Happening } from '../model/happening.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { codedField, components, escape, segment } from './hl7-text.ts';
import { embedded, pdfOf } from './pdf.ts';
import { pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';

type Oru = Extract<Happening, { kind: 'oru' }>;

/**
 * ORU R01: a panel with its values, or a culture with what grew and, as child orders that point back with OBR-26 and
 * OBR-29, the susceptibilities of each organism.
 */
export function oruSegments(context: RenderContext, { patient, report }: Oru): string[] {
  const { version } = context;
  const { order } = report;
  const notes = report.notes.map((text, at) => nte(at + 1, text));
  const body =
    order.culture === undefined
      ? [obr(context, report, { set: 1 }), ...notes, ...observations(context, report), ...specimen(context, report)]
      : cultureSegments(context, report, notes);
  return [pid(version, patient), pv1(context, patient, order.visit), orc(context, report), ...body];
}

function orc({ version }: RenderContext, { order, filler, status }: LabReport): string {
  const { authority } = PARTIES[version];
  return segment('ORC', {
    1: 'RE',
    2: `${order.placer}^${authority}`,
    3: `${filler}^LAB`,
    5: status === 'X' ? 'CA' : status === 'P' ? 'IP' : 'CM',
    ...(version === '2.3' ? { 7: `^^^${order.at}` } : {}),
    12: providerOf(version, order.provider, 'npi'),
  });
}

interface ObrParts {
  readonly set: number;
  readonly filler?: string;
  readonly service?: string;
  /** OBR-26 and OBR-29 of a child. */
  readonly parent?: { readonly result: string; readonly order: string };
}

function obr({ version }: RenderContext, report: LabReport, { set, filler, service, parent }: ObrParts): string {
  const { order, status } = report;
  const { authority } = PARTIES[version];
  const panel = order.panel ?? order.culture;
  return segment('OBR', {
    1: String(set),
    2: `${order.placer}^${authority}`,
    3: `${filler ?? report.filler}^LAB`,
    4: service ?? (panel === undefined ? codedField(order.service) : codedField(panel.loinc, panel.local)),
    7: report.collected,
    // G: the laboratory itself asked for it, on what it found.
    ...(parent === undefined ? {} : { 11: 'G' }),
    14: report.received,
    ...(version === '2.3' && panel !== undefined ? { 15: panel.specimen.hl7 } : {}),
    16: providerOf(version, order.provider, 'npi'),
    22: report.reported,
    24: panel?.section ?? '',
    25: status,
    ...(version === '2.3' ? { 27: `^^^${order.at}` } : {}),
    ...(parent === undefined ? {} : { 26: parent.result, 29: parent.order }),
    31: components(order.diagnosis.code, escape(order.diagnosis.text), order.diagnosis.system),
  });
}

function observations(context: RenderContext, report: LabReport): string[] {
  const lines = report.results.flatMap((result, at) => [
    obx(context, report, result, at + 1),
    ...result.notes.map((text, note) => nte(note + 1, text)),
  ]);
  return [...lines, ...document(report, report.results.length + 1)];
}

function obx({ version }: RenderContext, report: LabReport, result: Result, set: number): string {
  const { code, alternate, unit, value, range, flag, numeric, status } = result;
  const field = alternate === undefined ? codedField(code) : codedField(code, alternate);
  const unitField = unit === '' ? '' : version === '2.3' ? escape(unit) : `${escape(unit)}^${escape(unit)}^UCUM`;
  return segment('OBX', {
    1: String(set),
    2: numeric ? 'NM' : 'ST',
    3: field,
    5: escape(value),
    6: unitField,
    7: escape(range),
    8: version === '2.8' && flag !== '' ? `${flag}^^HL70078` : flag,
    11: status,
    14: report.collected,
    ...(version === '2.3' ? { 15: 'LAB^Riverbend Reference Laboratory' } : { 23: 'Riverbend Reference Laboratory' }),
  });
}

function cultureSegments(context: RenderContext, report: LabReport, notes: readonly string[]): string[] {
  const { order, isolates, status, filler } = report;
  const { culture } = order;
  if (culture === undefined) return [];
  const first = [obr(context, report, { set: 1 }), ...notes];
  const code = codedField(culture.loinc, culture.local);
  const common = { 3: code, 11: status, 14: report.collected };
  if (isolates.length === 0) {
    const text = status === 'X' ? '' : status === 'P' ? 'No growth to date' : 'No growth at 48 hours';
    return [
      ...first,
      segment('OBX', { ...common, 1: '1', 2: 'ST', 5: text }),
      ...document(report, 2),
      ...specimen(context, report),
    ];
  }
  const grown = isolates.flatMap((isolate, at) => [
    segment('OBX', {
      ...common,
      1: String(at + 1),
      2: valueType(context),
      4: String(at + 1),
      5: organismField(isolate.organism),
      8: abnormal(context),
    }),
    nte(1, isolate.count),
  ]);
  const children = isolates.flatMap((isolate, at) =>
    isolate.tests.length === 0 ? [] : child(context, report, isolate, at, `${filler}-${at + 1}`),
  );
  return [...first, ...grown, ...document(report, isolates.length + 1), ...specimen(context, report), ...children];
}

/** A child order: OBR-26 names the parent's OBX-3 and OBX-4, OBR-29 the parent's order. */
function child(context: RenderContext, report: LabReport, isolate: Isolate, at: number, filler: string): string[] {
  const { order } = report;
  const { authority } = PARTIES[context.version];
  const { culture } = order;
  if (culture === undefined) return [];
  const id = (code: string, text: string, system: string) => `${code}&${escape(text)}&${system}`;
  const { loinc } = culture;
  const parent = {
    result: `${id(loinc.code, loinc.text, loinc.system)}^${at + 1}^${escape(isolate.organism.name.text)}`,
    order: `${order.placer}&${authority}^${report.filler}&LAB`,
  };
  const service = codedField(SUSCEPTIBILITY_PANEL);
  return [
    obr(context, report, { set: at + 2, filler, service, parent }),
    ...isolate.tests.map((test, set) =>
      segment('OBX', {
        1: String(set + 1),
        2: 'SN',
        3: codedField(test.code, test.alternate),
        5: test.concentration,
        6: context.version === '2.3' ? 'ug/mL' : 'ug/mL^ug/mL^UCUM',
        8: context.version === '2.8' ? `${test.verdict}^^HL70078` : test.verdict,
        11: report.status,
        14: report.collected,
      }),
    ),
  ];
}

function valueType({ version }: RenderContext): string {
  return version === '2.3' ? 'CE' : 'CWE';
}

function abnormal({ version }: RenderContext): string {
  return version === '2.8' ? 'A^^HL70078' : 'A';
}

function organismField({ name }: Organism): string {
  return codedField(name);
}

/** The report as it would be printed. */
function document({ order, results, pdf, collected, status }: LabReport, set: number): string[] {
  if (pdf === undefined) return [];
  const lines = [pdf.title, `Accession for order ${order.placer}`, ...results.map(lineOf)];
  return [
    segment('OBX', {
      1: String(set),
      2: 'ED',
      3: '11502-2^Laboratory report^LN',
      5: embedded(pdfOf(lines, pdf.bytes)),
      11: status,
      14: collected,
    }),
  ];
}

function lineOf({ code, value, unit, flag, range }: Result): string {
  return `${code.text}: ${value} ${unit} ${flag} (${range})`;
}

function specimen({ version }: RenderContext, { order, collected, received, filler }: LabReport): string[] {
  const panel = order.panel ?? order.culture;
  if (version === '2.3' || panel === undefined) return [];
  const fields = {
    1: '1',
    2: `${order.placer}&NG^${filler}&LAB`,
    4: codedField(panel.specimen.snomed),
    17: collected,
    18: received,
  };
  return [segment('SPM', fields)];
}

function nte(set: number, text: string): string {
  return segment('NTE', { 1: String(set), 2: 'L', 3: escape(text) });
}
