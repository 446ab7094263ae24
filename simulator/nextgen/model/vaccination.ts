import { coded } from '../../codes/coded.ts';
import { REFUSALS, VACCINE_FUNDING, VACCINES } from '../../codes/vaccines.ts';
import { laterBy } from '../local-time.ts';
import type { Patient, Shot } from './entities.ts';
import type { Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import type { PracticeState } from './state.ts';

const SITES = [
  coded('LD', 'Left Deltoid', 'HL70163'),
  coded('RD', 'Right Deltoid', 'HL70163'),
  coded('LT', 'Left Thigh', 'HL70163'),
  coded('RT', 'Right Thigh', 'HL70163'),
] as const;

/** Vaccines given, told late, refused, corrected and struck out. */
export class Vaccination {
  readonly #given = new OpenList<{ patient: Patient; readonly shot: Shot }>();
  readonly #state: PracticeState;

  constructor(state: PracticeState) {
    this.#state = state;
  }

  happen(): Happening {
    const { random } = this.#state;
    const earlier = random.chance(0.12) ? this.#given.take(random) : undefined;
    if (earlier !== undefined) {
      const action = random.chance(0.7) ? 'U' : 'D';
      const shot: Shot = { ...earlier.shot, action, lot: action === 'U' ? this.#lot() : earlier.shot.lot };
      return {
        kind: 'vxu',
        type: 'VXU^V04',
        act: 'immunization_changed',
        patient: earlier.patient,
        shots: [shot],
      };
    }
    const patient = this.#state.anyPatient(({ person }) => VACCINES.some((one) => this.#suits(one, person.birthDate)));
    const fitting = VACCINES.filter((one) => this.#suits(one, patient.person.birthDate));
    const wanted = Math.min(fitting.length, random.int(1, 3));
    const first = random.int(0, Math.max(0, fitting.length - 1));
    const shots = Array.from({ length: wanted }, (_, at) =>
      this.#shot(patient, (first + at) % fitting.length, fitting),
    );
    for (const shot of shots) if (shot.refusal === undefined) this.#given.add({ patient, shot });
    return { kind: 'vxu', type: 'VXU^V04', act: 'immunized', patient, shots };
  }

  merged(from: Patient, to: Patient): void {
    this.#given.each((one) => {
      if (one.patient === from) one.patient = to;
    });
  }

  #suits({ from, to }: (typeof VACCINES)[number], birthDate: string): boolean {
    const age = this.#state.setting.year - Number(birthDate.slice(0, 4));
    return age >= from && age <= to;
  }

  #shot({ person }: Patient, at: number, fitting: typeof VACCINES): Shot {
    const { random, now } = this.#state;
    const child = this.#state.ageOf(person) < 19;
    const historical = random.chance(0.15);
    const plan = person.coverage?.plan.id;
    return {
      id: String(this.#state.number('shot', 300_000)),
      vaccine: fitting[at] as (typeof VACCINES)[number],
      provider: this.#state.provider(),
      at: historical ? laterBy(now, -random.int(30, 900) * 1440) : now,
      lot: this.#lot(),
      expires: `${this.#state.setting.year + 1}${String(random.int(1, 12)).padStart(2, '0')}28`,
      site: random.pick(child && this.#state.ageOf(person) < 3 ? SITES.slice(2) : SITES.slice(0, 2)),
      funding: !child
        ? VACCINE_FUNDING.private
        : plan === undefined
          ? VACCINE_FUNDING.uninsured
          : plan === 'CW300'
            ? VACCINE_FUNDING.medicaid
            : VACCINE_FUNDING.private,
      action: 'A',
      historical,
      refusal: !historical && random.chance(0.05) ? REFUSALS[child ? 0 : 1] : undefined,
    };
  }

  #lot(): string {
    const { random } = this.#state;
    return `${random.pick(['X', 'K', 'U', 'AA'])}${random.int(1000, 9999)}${random.pick(['A', 'B', 'C'])}`;
  }
}
