import type { OutgoingMessage } from './sender.ts';

/** The patient that a number stands for, as the sender's index names it. */
export function recordNumber(patient: number): string {
  return `MRN${10_000 + patient}`;
}

/** Registrations and updates of a few patients: the first line of the address counts up, for each patient and sender by itself. */
export class PracticeMessages {
  readonly name: string;
  readonly #patients: readonly number[];
  readonly #counts = new Map<number, number>();
  readonly #about = new Map<string, number>();
  #made = 0;

  constructor(name: string, patients: readonly number[]) {
    this.name = name;
    this.#patients = patients;
  }

  /** Messages made about a patient. */
  count(patient: number): number {
    return this.#counts.get(patient) ?? 0;
  }

  /** How many of these messages were about a patient. */
  countAmong(controlIds: readonly string[], patient: number): number {
    return controlIds.filter((controlId) => this.#about.get(controlId) === patient).length;
  }

  readonly next = (): OutgoingMessage => {
    const patient = this.#patients[this.#made % this.#patients.length] ?? 0;
    const count = this.count(patient) + 1;
    this.#counts.set(patient, count);
    this.#made += 1;
    const controlId = `${this.name}-${this.#made}`;
    this.#about.set(controlId, patient);
    return { controlId, bytes: registration(controlId, patient, addressLine(this.name, count)) };
  };
}

/** The first line of the address that a sender's message with this count says. */
export function addressLine(sender: string, count: number): string {
  return `${count} ${sender.toUpperCase()} STREET`;
}

/** A registration as NextGen sends it. */
export function registration(controlId: string, patient: number, line1: string): Buffer {
  return Buffer.from(
    [
      `MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|20260421093000||ADT^A08|${controlId}|P|2.3|`,
      'EVN|A08|20260421093000|||',
      `PID|1||${recordNumber(patient)}^^^NEXTGEN^MRN||FAULT${patient}^TESTA^||19850214|F|||` +
        `${line1}^^SPRINGFIELD^IL^62701^USA||(217)555-0101`,
      'PV1|1|O|CLINIC^^^FACILITY',
      '',
    ].join('\r'),
    'latin1',
  );
}
