import { ALLERGIES } from '../../codes/allergies.ts';
import { VISIT_REASONS, type VisitReason } from '../../codes/visit-reasons.ts';
import type { Region } from '../../invented/places.ts';
import { inventHousehold, type PeopleSetting, type Person } from '../../people.ts';
import type { Random } from '../../random.ts';
import type { Patient, Provider, SlidingFee, Visit } from './entities.ts';
import { GRANTS, LOCATIONS, PROVIDERS } from './staff.ts';

export interface StateOptions {
  readonly random: Random;
  readonly region: Region;
  /** Share of patients with a sliding fee. */
  readonly slidingFeeShare: number;
}

/** What all departments of the simulated practice share: patients, staff, the clock and the numbers that are given. */
export class PracticeState {
  readonly random: Random;
  readonly region: Region;
  readonly patients: Patient[] = [];
  /** The practice's local time, YYYYMMDDHHMMSS. */
  now = '';
  readonly #options: StateOptions;
  readonly #numbers = new Map<string, number>();
  /** People of a household that stands at the desk, still to be registered. */
  #atTheDesk: Person[] = [];

  constructor(options: StateOptions) {
    this.#options = options;
    this.random = options.random;
    this.region = options.region;
  }

  get setting(): PeopleSetting {
    return { region: this.region, year: Number(this.now.slice(0, 4)) };
  }

  /** The next number of a kind, counted from the one given first. */
  number(kind: string, first: number, step = 1): number {
    const next = (this.#numbers.get(kind) ?? first) + step;
    this.#numbers.set(kind, next);
    return next;
  }

  /** Somebody who is known; the first ones registered before anybody looked. */
  anyPatient(fits: (patient: Patient) => boolean = () => true): Patient {
    for (let tries = 0; tries < 20 && this.patients.length > 0; tries += 1) {
      const patient = this.random.pick(this.patients);
      if (fits(patient)) return patient;
    }
    return this.patients.length > 0 ? this.random.pick(this.patients) : this.newPatient();
  }

  newPatient(person: Person = this.#nextPerson()): Patient {
    const { random } = this;
    const mrn = String(this.number('mrn', 10_000, random.int(1, 7)));
    const draft = {
      mrn,
      portalId: `${mrn}-${random.int(10, 99)}`,
      person,
      allergies: random.chance(0.25) ? [random.pick(ALLERGIES)] : [],
      slidingFee: random.chance(this.#options.slidingFeeShare) ? this.#slidingFee() : undefined,
    };
    const patient: Patient = { ...draft, visit: this.newVisit(person, false) };
    this.patients.push(patient);
    return patient;
  }

  newVisit(person: Person, admitted: boolean): Visit {
    return {
      number: String(this.number('visit', 100_000)),
      location: this.random.pick(LOCATIONS),
      provider: this.provider(),
      at: this.now,
      admitted,
      reason: this.reasonFor(person),
    };
  }

  provider(): Provider {
    return this.random.pick(PROVIDERS);
  }

  location(): string {
    return this.random.pick(LOCATIONS);
  }

  ageOf(person: Person): number {
    return this.setting.year - Number(person.birthDate.slice(0, 4));
  }

  reasonFor(person: Person): VisitReason {
    const age = this.ageOf(person);
    const fitting = VISIT_REASONS.filter(
      ({ ages: [from, to], sex }) => age >= from && age <= to && (sex === 'any' || sex === person.sex),
    );
    return this.random.pick(fitting);
  }

  #nextPerson(): Person {
    if (this.#atTheDesk.length === 0) this.#atTheDesk = [...inventHousehold(this.random, this.setting)];
    return this.#atTheDesk.shift() as Person;
  }

  #slidingFee(): SlidingFee {
    const { random } = this;
    const householdSize = random.int(1, 7);
    const percentOfPoverty = random.int(20, 230);
    // The guideline of the 48 states, rounded: a first person and so much for each other.
    const income = Math.round(((15_650 + 5_500 * (householdSize - 1)) * percentOfPoverty) / 100 / 100) * 100;
    const year = this.setting.year;
    const classes = [
      [100, 'A'],
      [133, 'B'],
      [166, 'C'],
      [200, 'D'],
    ] as const;
    return {
      class: classes.find(([most]) => percentOfPoverty <= most)?.[1] ?? 'E',
      percentOfPoverty,
      householdSize,
      income,
      from: `${year}0101`,
      to: `${year}1231`,
      grant: random.pick(GRANTS),
      homeless: random.chance(0.08),
      agriculturalWorker: random.chance(0.1),
      publicHousing: random.chance(0.12),
      veteran: random.chance(0.05),
    };
  }
}
