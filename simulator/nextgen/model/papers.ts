import { DOCUMENT_KINDS } from '../../codes/document-kinds.ts';
import type { ClinicalDocument, Patient } from './entities.ts';
import type { Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import type { PracticeState } from './state.ts';

type PaperType = 'MDM^T01' | 'MDM^T02' | 'MDM^T06' | 'MDM^T11';

/** Notes, letters and what happens to them. */
export class Papers {
  readonly #filed = new OpenList<ClinicalDocument>();
  readonly #state: PracticeState;
  readonly #bytes: number;

  /** @param bytes how large a document is at least */
  constructor(state: PracticeState, bytes: number) {
    this.#state = state;
    this.#bytes = bytes;
  }

  /** What happens, or undefined when there is no document it can happen to. */
  happen(type: PaperType): Happening | undefined {
    const { random } = this.#state;
    if (type === 'MDM^T01' || type === 'MDM^T02') {
      const document = this.#write(type === 'MDM^T01' ? 'PA' : random.chance(0.8) ? 'AU' : 'DI');
      this.#filed.add(document);
      return say(type, type === 'MDM^T01' ? 'document_announced' : 'document_filed', document);
    }
    const earlier = this.#filed.take(random);
    if (earlier === undefined) return undefined;
    if (type === 'MDM^T11') {
      return say(type, 'document_cancelled', { ...earlier, at: this.#state.now, availability: 'CA' });
    }
    this.#filed.add(earlier);
    const addendum: ClinicalDocument = {
      ...earlier,
      id: this.#id(),
      at: this.#state.now,
      parent: earlier.id,
      text: ['Addendum:', `Results discussed by phone. ${earlier.visit.reason.words}: plan unchanged.`],
      completion: 'AU',
    };
    return say(type, 'addendum_filed', addendum);
  }

  merged(from: Patient, to: Patient): void {
    this.#filed.each((one) => {
      if (one.patient === from) one.patient = to;
    });
  }

  #write(completion: ClinicalDocument['completion']): ClinicalDocument {
    const { random } = this.#state;
    const patient = this.#state.anyPatient();
    const { visit } = patient;
    const { words, diagnoses } = visit.reason;
    return {
      id: this.#id(),
      patient,
      kind: random.pick(DOCUMENT_KINDS),
      author: visit.provider,
      visit,
      at: this.#state.now,
      text: [
        `Chief complaint: ${words}`,
        `Vitals: BP ${random.int(104, 158)}/${random.int(62, 96)}, pulse ${random.int(58, 102)}, temp ${(98 + random.int(0, 25) / 10).toFixed(1)} F`,
        'Assessment:',
        ...diagnoses.map(({ code, text }, at) => `${at + 1}. ${text} (${code})`),
        `Plan: ${random.pick(['Continue current medications', 'Labs ordered', 'Return as needed'])}. Follow up in ${random.int(1, 12)} weeks.`,
        `Signed by ${visit.provider.given} ${visit.provider.family}, ${visit.provider.credential}`,
      ],
      parent: '',
      completion,
      availability: completion === 'AU' ? 'AV' : 'UN',
      bytes: this.#bytes,
    };
  }

  #id(): string {
    return `DOC${this.#state.number('document', 400_000)}`;
  }
}

function say(
  type: PaperType,
  act: 'document_announced' | 'document_filed' | 'addendum_filed' | 'document_cancelled',
  document: ClinicalDocument,
): Happening {
  return { kind: 'mdm', type, act, patient: document.patient, document };
}
