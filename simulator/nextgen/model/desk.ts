import { inventAddress, inventCoverage, inventPerson, inventPhone, marry, type Person } from '../../people.ts';
import type { Patient, Visit } from './entities.ts';
import type { Act, Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import type { PracticeState } from './state.ts';

type DeskType = 'ADT^A01' | 'ADT^A03' | 'ADT^A04' | 'ADT^A08' | 'ADT^A11' | 'ADT^A28' | 'ADT^A31' | 'ADT^A40';

export interface DeskOptions {
  /** Patients at which the practice takes only as many new ones as it must. */
  readonly patients: number;
  /** Share of registrations that are of somebody who is registered already. */
  readonly registeredTwice: number;
}

/** The registration desk: who comes, who changes, who turns out to be registered twice. */
export class Desk {
  /** Visits that nothing was charged for yet. */
  readonly toBill = new OpenList<{ readonly patient: Patient; readonly visit: Visit }>();
  readonly #admitted = new OpenList<{ readonly patient: Patient; readonly visit: Visit }>();
  readonly #cancellable = new OpenList<{ readonly patient: Patient; readonly visit: Visit }>();
  readonly #twins = new OpenList<{ readonly kept: Patient; readonly double: Patient }>();
  readonly #state: PracticeState;
  readonly #options: DeskOptions;
  readonly #onMerge: (from: Patient, to: Patient) => void;

  constructor(state: PracticeState, options: DeskOptions, onMerge: (from: Patient, to: Patient) => void) {
    this.#state = state;
    this.#options = options;
    this.#onMerge = onMerge;
  }

  /** What happens, or undefined when there is nobody it can happen to. */
  happen(type: DeskType): Happening | undefined {
    if (type === 'ADT^A04') return this.#comes();
    if (type === 'ADT^A28') return this.#registers(type);
    if (type === 'ADT^A01') return this.#isAdmitted();
    if (type === 'ADT^A03') return this.#ends(type, 'discharged', this.#admitted);
    if (type === 'ADT^A11') return this.#ends(type, 'visit_cancelled', this.#cancellable);
    if (type === 'ADT^A40') return this.#merges();
    return this.#changes(type);
  }

  /** Registers somebody a second time, so that there is something to merge. */
  registerTwice(type: 'ADT^A04' | 'ADT^A28'): Happening {
    const { random } = this.#state;
    const kept = this.#state.anyPatient();
    const { name } = kept.person;
    const typed = random.pick([
      { ...name, middle: '' },
      { ...name, family: `${name.family.slice(0, 2)}${name.family.slice(3)}` },
      { ...name, given: name.given.slice(0, Math.max(3, name.given.length - 2)) },
    ]);
    const person = { ...kept.person, name: typed, email: '', ssn: random.chance(0.5) ? kept.person.ssn : '' };
    const double = this.#state.newPatient(person);
    this.#twins.add({ kept, double });
    return { kind: 'adt', type, act: 'registered_twice', patient: double, visit: double.visit };
  }

  #comes(): Happening {
    const { random, patients } = this.#state;
    const newcomers = patients.length < this.#options.patients ? 0.46 : 0.015;
    if (patients.length < FIRST_PATIENTS || random.chance(newcomers)) return this.#registers('ADT^A04');
    const patient = this.#state.anyPatient();
    patient.visit = this.#state.newVisit(patient.person, false);
    this.#visited(patient);
    return { kind: 'adt', type: 'ADT^A04', act: 'visited', patient, visit: patient.visit };
  }

  #registers(type: 'ADT^A04' | 'ADT^A28'): Happening {
    const { random, patients } = this.#state;
    if (patients.length >= FIRST_PATIENTS && random.chance(this.#options.registeredTwice))
      return this.registerTwice(type);
    const patient = this.#state.newPatient();
    if (type === 'ADT^A04') this.#visited(patient);
    return { kind: 'adt', type, act: 'registered', patient, visit: patient.visit };
  }

  #visited(patient: Patient): void {
    const visited = { patient, visit: patient.visit };
    this.toBill.add(visited);
    this.#cancellable.add(visited);
  }

  #isAdmitted(): Happening {
    const patient = this.#state.anyPatient();
    patient.visit = this.#state.newVisit(patient.person, true);
    const admitted = { patient, visit: patient.visit };
    this.#admitted.add(admitted);
    return { kind: 'adt', type: 'ADT^A01', act: 'admitted', ...admitted };
  }

  #ends(
    type: 'ADT^A03' | 'ADT^A11',
    act: Act,
    open: OpenList<{ readonly patient: Patient; readonly visit: Visit }>,
  ): Happening | undefined {
    const ended = open.take(this.#state.random);
    if (ended === undefined) return undefined;
    if (type === 'ADT^A03') this.toBill.add(ended);
    else this.toBill.drop(({ visit }) => visit === ended.visit);
    return { kind: 'adt', type, act, ...ended };
  }

  #merges(): Happening | undefined {
    const pair = this.#twins.take(this.#state.random);
    if (pair === undefined) return undefined;
    const { kept, double } = pair;
    this.#state.patients.splice(this.#state.patients.indexOf(double), 1);
    const isDouble = ({ patient }: { readonly patient: Patient }) => patient === double;
    for (const open of [this.toBill, this.#admitted, this.#cancellable]) open.drop(isDouble);
    this.#twins.drop((other) => other.kept === double || other.double === double);
    this.#onMerge(double, kept);
    return { kind: 'adt', type: 'ADT^A40', act: 'merged', patient: kept, visit: kept.visit, prior: double };
  }

  #changes(type: 'ADT^A08' | 'ADT^A31'): Happening {
    const { random } = this.#state;
    const patient = this.#state.anyPatient();
    const drawn = random.weighted<Act>([
      ['moved', 9],
      ['new_phone', 12],
      ['new_insurance', 9],
      ['married', 3],
    ]);
    const act = drawn === 'married' && !this.#mayMarry(patient.person) ? 'moved' : drawn;
    patient.person = this.#changed(act, patient.person);
    return { kind: 'adt', type, act, patient, visit: patient.visit };
  }

  #changed(act: Act, person: Person): Person {
    const { random, region, setting } = this.#state;
    if (act === 'moved') return { ...person, address: inventAddress(random, region) };
    if (act === 'new_phone') return { ...person, mobilePhone: inventPhone(random, region) };
    if (act === 'new_insurance') return { ...person, coverage: inventCoverage(random, setting, person) };
    return this.#wed(person);
  }

  #mayMarry(person: Person): boolean {
    return person.maritalStatus !== 'M' && this.#state.ageOf(person) >= 19;
  }

  /** The spouse is from elsewhere; the name becomes theirs or a double one. */
  #wed(person: Person): Person {
    const newcomer = inventPerson(this.#state.random, this.#state.setting);
    const [, spouse] = marry(newcomer, person);
    const family = this.#state.random.chance(0.7)
      ? newcomer.name.family
      : `${person.name.family}-${newcomer.name.family}`;
    return { ...spouse, name: { ...person.name, family } };
  }
}

/** So many people come before anything else can happen. */
export const FIRST_PATIENTS = 5;
