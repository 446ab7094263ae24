import { edit } from '../../src/formats/hl7v2/edit.ts';
import type { Hl7Message } from '../../src/formats/hl7v2/message.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read, repetitionCount } from '../../src/formats/hl7v2/read.ts';

const PATHS = {
  code: compilePath('MSH-9.1'),
  event: compilePath('MSH-9.2'),
  parties: [3, 4, 5, 6].map((field) => compilePath(`MSH-${field}`)),
  at: compilePath('MSH-7'),
  controlId: compilePath('MSH-10'),
  placer: compilePath('SCH-1.1'),
  filler: compilePath('SCH-2.1'),
  fillerAuthority: compilePath('SCH-2.2'),
  enteredBy: compilePath('SCH-20.1'),
  status: compilePath('SCH-25.1'),
  mrn: compilePath('PID-3.1'),
  identifier: [1, 4, 5].map((component) => compilePath(`PID-3.${component}`)),
} as const;

const STATUS: Readonly<Record<string, string>> = { S15: 'CANCELLED', S17: 'DELETED', S26: 'NOSHOW' };

/**
 * NextGen's memory of what others booked and registered with it: our number of a thing to NextGen's own. A change that is
 * taken comes back as a message of NextGen's, with its numbers, its name as the sender and its interface user.
 */
export class EchoBook {
  readonly #numbers = new Map<string, string>();
  #appointment = 880_000;
  #patient = 60_000;
  #control = 0;

  /** The message that NextGen sends about it on its own; undefined for what it keeps to itself. */
  echoOf(message: Hl7Message, at: string): Buffer | undefined {
    const code = read(message, PATHS.code);
    const echo =
      code === 'SIU' ? this.#appointmentEcho(message) : code === 'ADT' ? this.#patientEcho(message) : undefined;
    if (echo === undefined) return undefined;
    this.#control += 1;
    return withHeader(echo, at, `NGE${String(this.#control).padStart(6, '0')}`).toBytes();
  }

  #appointmentEcho(message: Hl7Message): Hl7Message {
    const placer = read(message, PATHS.placer) ?? '';
    const known = read(message, PATHS.filler);
    const number = known ?? this.#number(`appointment ${placer}`, () => String((this.#appointment += 1)));
    const status = STATUS[read(message, PATHS.event) ?? ''] ?? 'BOOKED';
    const numbered = edit(edit(message, PATHS.filler, number), PATHS.fillerAuthority, 'NEXTGEN');
    return edit(edit(numbered, PATHS.enteredBy, 'ROSETTA'), PATHS.status, status);
  }

  /** NextGen's number of the patient comes beside ours. */
  #patientEcho(message: Hl7Message): Hl7Message | undefined {
    const segment = message.segmentIndexes('PID')[0];
    if (segment === undefined) return undefined;
    const ours = read(message, PATHS.mrn) ?? '';
    const number = this.#number(`patient ${ours}`, () => String((this.#patient += 1)));
    const repetition = repetitionCount(message, segment, 3);
    const values = [number, 'NEXTGEN', 'MR'];
    return PATHS.identifier.reduce(
      (edited, path, at) => edit(edited, path, values[at] ?? '', { segment, repetition }),
      message,
    );
  }

  #number(key: string, make: () => string): string {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#numbers.set(key, made);
    return made;
  }
}

/** Sender and receiver change places. */
function withHeader(message: Hl7Message, at: string, controlId: string): Hl7Message {
  const [application, facility, toApplication, toFacility] = PATHS.parties.map((path) => read(message, path) ?? '');
  const parties = [toApplication, toFacility, application, facility];
  const turned = PATHS.parties.reduce((edited, path, index) => edit(edited, path, parties[index] ?? ''), message);
  return edit(edit(turned, PATHS.at, at), PATHS.controlId, controlId);
}
