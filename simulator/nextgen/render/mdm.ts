import type { ClinicalDocument } from '../model/entities.ts';
import type { Happening } from '../model/happening.ts';
import { evn } from './adt.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { codedField, escape, segment } from './hl7-text.ts';
import { embedded, pdfOf } from './pdf.ts';
import { pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';

type Mdm = Extract<Happening, { kind: 'mdm' }>;

/** MDM: T01 and T11 tell of a document, T02 and T06 bring it, as lines of text or as a PDF. */
export function mdmSegments(context: RenderContext, { type, patient, document }: Mdm): string[] {
  const brings = type === 'MDM^T02' || type === 'MDM^T06';
  return [
    evn(context),
    pid(context.version, patient),
    pv1(context, patient, document.visit),
    txa(context, document),
    ...(brings ? content(context, document) : []),
  ];
}

function txa({ version, at }: RenderContext, document: ClinicalDocument): string {
  const { authority } = PARTIES[version];
  const { kind, author } = document;
  const by = providerOf(version, author);
  const type = version === '2.3' ? kind.type.code : codedField(kind.type);
  return segment('TXA', {
    1: '1',
    2: type,
    3: kind.content === 'pdf' ? 'AP' : 'TX',
    4: document.visit.at,
    5: by,
    6: document.at,
    7: document.at,
    9: by,
    12: `${document.id}^${authority}`,
    13: document.parent === '' ? '' : `${document.parent}^${authority}`,
    16: `${document.id}.${kind.content === 'pdf' ? 'pdf' : 'txt'}`,
    17: document.completion,
    18: version === '2.8' ? 'U^^HL70272' : 'U',
    19: document.availability,
    22:
      document.completion === 'AU'
        ? `${author.id}^${escape(author.family)}^${escape(author.given)}${'^'.repeat(12)}${at}`
        : '',
  });
}

function content({ version }: RenderContext, { kind, text, completion, bytes }: ClinicalDocument): string[] {
  const code = codedField(kind.loinc);
  const status = completion === 'AU' ? 'F' : 'P';
  if (kind.content === 'pdf') {
    return [segment('OBX', { 1: '1', 2: 'ED', 3: code, 5: embedded(pdfOf([kind.title, ...text], bytes)), 11: status })];
  }
  // One paragraph to an OBX, as older interfaces do; the newer one sends the note whole, with line breaks in it.
  const parts = version === '2.3' ? text : [text.join('\n')];
  return parts.map((part, at) =>
    segment('OBX', {
      1: String(at + 1),
      2: version === '2.3' ? 'TX' : 'FT',
      3: code,
      ...(version === '2.3' ? { 4: String(at + 1) } : {}),
      5: escape(part),
      11: status,
    }),
  );
}
