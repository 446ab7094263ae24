import { coded, SYSTEM, type Coded } from './coded.ts';

export interface DocumentKind {
  /** HL7 table 0270, or the practice's own where that has none. */
  readonly type: Coded;
  readonly loinc: Coded;
  readonly title: string;
  /** How its content travels: as text, or as a file in OBX-5. */
  readonly content: 'text' | 'pdf';
}

const kind = (
  [code, text]: readonly [string, string],
  [loinc, name]: readonly [string, string],
  content: DocumentKind['content'],
): DocumentKind => ({
  type: coded(code, text, 'HL70270'),
  loinc: coded(loinc, name, SYSTEM.loinc),
  title: text,
  content,
});

export const DOCUMENT_KINDS: readonly DocumentKind[] = [
  kind(['PN', 'Progress note'], ['11506-3', 'Progress note'], 'text'),
  kind(['PN', 'Progress note'], ['11506-3', 'Progress note'], 'pdf'),
  kind(['HP', 'History and physical examination'], ['34117-2', 'History and physical note'], 'text'),
  kind(['CN', 'Consultation'], ['11488-4', 'Consult note'], 'pdf'),
  kind(['DS', 'Discharge summary'], ['18842-5', 'Discharge summary'], 'text'),
  kind(['REF', 'Referral letter'], ['57133-1', 'Referral note'], 'pdf'),
];
