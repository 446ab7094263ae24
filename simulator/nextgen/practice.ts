import { REGIONS } from '../invented/places.ts';
import type { RegionName } from '../invented/places.ts';
import { inventAddress, inventCoverage, inventHousehold, inventPerson, inventPhone, marry } from '../people.ts';
import type { PeopleSetting, Person } from '../people.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { renderAdt } from './adt.ts';
import type { AdtEvent, AdtShape, Provider, Visit } from './adt.ts';
import { localTimeWriter } from './local-time.ts';

export interface PracticeOptions {
  readonly seed: string | number;
  /** Default 2.3. */
  readonly shape?: AdtShape;
  /** Default springfield. */
  readonly region?: RegionName;
  /** The first message's number. Default 12345. */
  readonly firstControlNumber?: number;
  /** Patients at which the practice takes only as many new ones as it must. Default 2000. */
  readonly patients?: number;
}

/** What happened at the desk. */
export type PracticeAct = 'registered' | 'visited' | 'admitted' | 'moved' | 'new_phone' | 'new_insurance' | 'married';

export interface PracticeMessage {
  readonly act: PracticeAct;
  readonly event: AdtEvent;
  readonly controlId: string;
  readonly mrn: string;
  readonly bytes: Buffer;
}

export interface Practice {
  readonly patientCount: number;
  /** The next thing that happens, at an instant, as the message that NextGen sends about it. */
  next(at: Date): PracticeMessage;
}

interface Patient {
  readonly mrn: string;
  person: Person;
  visit: Visit;
}

const PROVIDERS: readonly Provider[] = [
  { id: '40117', family: 'JOHNSON', given: 'JANE' },
  { id: '40123', family: 'PATEL', given: 'RAJ' },
  { id: '40131', family: 'OKONKWO', given: 'ADAEZE' },
  { id: '40150', family: 'LINDQUIST', given: 'PER' },
];
const LOCATIONS = ['CLINIC', 'PEDS', 'WOMENS', 'ANNEX'] as const;
/** So many households come before anything else can happen. */
const FIRST_PATIENTS = 5;

/**
 * Makes a practice with invented patients who register, come back, move, change phone or insurance, and marry. The same
 * options and instants give the same messages.
 */
export function createPractice(options: PracticeOptions): Practice {
  return new SimulatedPractice(options);
}

class SimulatedPractice implements Practice {
  readonly #random: Random;
  readonly #shape: AdtShape;
  readonly #region: (typeof REGIONS)[RegionName];
  readonly #localTime: (instant: Date) => string;
  readonly #aim: number;
  readonly #patients: Patient[] = [];
  /** People of a household that stands at the desk, still to be registered. */
  #atTheDesk: Person[] = [];
  #controlNumber: number;
  #mrn = 10_000;
  #visitNumber = 100_000;

  constructor(options: PracticeOptions) {
    this.#random = createRandom(`practice ${options.seed}`);
    this.#shape = options.shape ?? '2.3';
    this.#region = REGIONS[options.region ?? 'springfield'];
    this.#localTime = localTimeWriter(this.#region.timeZone);
    this.#aim = options.patients ?? 2000;
    this.#controlNumber = options.firstControlNumber ?? 12_345;
  }

  get patientCount(): number {
    return this.#patients.length;
  }

  next(at: Date): PracticeMessage {
    let act = this.#chooseAct();
    const patient = act === 'registered' ? this.#register(at) : this.#random.pick(this.#patients);
    if (act === 'married' && !this.#mayMarry(patient.person, at)) act = 'moved';
    if (act === 'visited' || act === 'admitted') patient.visit = this.#visit(at);
    else if (act !== 'registered') patient.person = this.#change(act, patient.person, at);
    const event = act === 'admitted' ? 'A01' : act === 'registered' || act === 'visited' ? 'A04' : 'A08';
    const controlId = this.#nextControlId();
    const bytes = renderAdt({
      shape: this.#shape,
      event,
      controlId,
      at: this.#localTime(at),
      mrn: patient.mrn,
      person: patient.person,
      visit: patient.visit,
    });
    return { act, event, controlId, mrn: patient.mrn, bytes };
  }

  #chooseAct(): PracticeAct {
    if (this.#atTheDesk.length > 0 || this.#patients.length < FIRST_PATIENTS) return 'registered';
    const newcomers = this.#patients.length < this.#aim ? 30 : 1;
    return this.#random.weighted<PracticeAct>([
      ['registered', newcomers],
      ['visited', 35],
      ['admitted', 2],
      ['moved', 9],
      ['new_phone', 12],
      ['new_insurance', 9],
      ['married', 3],
    ]);
  }

  #register(at: Date): Patient {
    if (this.#atTheDesk.length === 0) this.#atTheDesk = [...inventHousehold(this.#random, this.#setting(at))];
    const person = this.#atTheDesk.shift() as Person;
    this.#mrn += this.#random.int(1, 7);
    const patient = { mrn: String(this.#mrn), person, visit: this.#visit(at) };
    this.#patients.push(patient);
    return patient;
  }

  #visit(at: Date): Visit {
    this.#visitNumber += 1;
    const fee = this.#random.chance(this.#shape === '2.5.1' ? 0.4 : 0.08);
    return {
      number: String(this.#visitNumber),
      location: this.#random.pick(LOCATIONS),
      provider: this.#random.pick(PROVIDERS),
      at: this.#localTime(at),
      slidingFee: fee ? 'SLIDING_FEE' : undefined,
    };
  }

  #change(act: PracticeAct, person: Person, at: Date): Person {
    const random = this.#random;
    if (act === 'moved') return { ...person, address: inventAddress(random, this.#region) };
    if (act === 'new_phone') return { ...person, mobilePhone: inventPhone(random, this.#region) };
    if (act === 'new_insurance') return { ...person, coverage: inventCoverage(random, this.#setting(at), person) };
    return this.#wed(person, at);
  }

  #mayMarry(person: Person, at: Date): boolean {
    return person.maritalStatus !== 'M' && this.#setting(at).year - Number(person.birthDate.slice(0, 4)) >= 19;
  }

  /** The spouse is from elsewhere; the name becomes theirs or a double one. */
  #wed(person: Person, at: Date): Person {
    const newcomer = inventPerson(this.#random, this.#setting(at));
    const [, spouse] = marry(newcomer, person);
    const family = this.#random.chance(0.7) ? newcomer.name.family : `${person.name.family}-${newcomer.name.family}`;
    return { ...spouse, name: { ...person.name, family } };
  }

  #setting(at: Date): PeopleSetting {
    return { region: this.#region, year: at.getUTCFullYear() };
  }

  #nextControlId(): string {
    const number = this.#controlNumber;
    this.#controlNumber += 1;
    return this.#shape === '2.3' ? String(number) : `MSG${String(number).padStart(5, '0')}`;
  }
}
