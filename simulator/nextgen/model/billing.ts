import type { Coded } from '../../codes/coded.ts';
import { PROCEDURES, type Procedure, type ProcedureName } from '../../codes/procedures.ts';
import type { Bill, Patient, Visit } from './entities.ts';
import type { Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import type { PracticeState } from './state.ts';

export interface BillingOptions {
  /** Share of messages that take an earlier charge back. */
  readonly reversals: number;
}

/** Charges of visits that ended. */
export class Billing {
  readonly #billed = new OpenList<Bill>();
  readonly #state: PracticeState;
  readonly #options: BillingOptions;

  constructor(state: PracticeState, options: BillingOptions) {
    this.#state = state;
    this.#options = options;
  }

  happen(toBill: OpenList<{ readonly patient: Patient; readonly visit: Visit }>): Happening | undefined {
    const { random } = this.#state;
    const earlier = random.chance(this.#options.reversals) ? this.#billed.take(random) : undefined;
    if (earlier !== undefined) return say('charge_reversed', this.#reversed(earlier));
    const visited = toBill.take(random);
    if (visited === undefined) return undefined;
    const bill = this.#bill(visited.patient, visited.visit);
    this.#billed.add(bill);
    return say('charged', bill);
  }

  merged(from: Patient, to: Patient): void {
    this.#billed.each((one) => {
      if (one.patient === from) one.patient = to;
    });
  }

  #bill(patient: Patient, visit: Visit): Bill {
    const { random } = this.#state;
    const names: readonly ProcedureName[] = visit.reason.procedures;
    const procedures: Procedure[] = names.map((name) => PROCEDURES[this.#byAge(name, patient)]);
    if (patient.slidingFee !== undefined) procedures.unshift(PROCEDURES.clinicVisit);
    const diagnoses: readonly Coded[] = visit.reason.diagnoses;
    return {
      batch: `B${this.#state.now.slice(0, 8)}`,
      patient,
      visit,
      charges: procedures.map((procedure) => ({
        id: this.#chargeId(),
        procedure,
        diagnoses: random.chance(0.7) ? diagnoses : diagnoses.slice(0, 1),
        at: visit.at,
        kind: 'CG',
      })),
    };
  }

  /** One charge is taken back, and posted anew where it had been coded wrongly. */
  #reversed(earlier: Bill): Bill {
    const { random } = this.#state;
    const charge = random.pick(earlier.charges);
    const back = { ...charge, kind: 'CR' as const };
    const again = { ...charge, id: this.#chargeId(), diagnoses: charge.diagnoses.slice(0, 1) };
    return { ...earlier, charges: random.chance(0.6) ? [back, again] : [back] };
  }

  #chargeId(): string {
    return String(this.#state.number('charge', 900_000));
  }

  #byAge(name: ProcedureName, { person }: Patient): ProcedureName {
    const age = this.#state.ageOf(person);
    if (name === 'wellChild') return age < 1 ? 'wellInfant' : age < 5 ? 'wellToddler' : age < 12 ? name : 'wellTeen';
    if (name === 'wellAdult') return age < 40 ? 'wellYoung' : age < 65 ? name : 'wellSenior';
    if (name === 'low' && this.#state.random.chance(0.15)) return 'newLow';
    return name;
  }
}

function say(act: 'charged' | 'charge_reversed', bill: Bill): Happening {
  return { kind: 'dft', type: 'DFT^P03', act, patient: bill.patient, bill };
}
