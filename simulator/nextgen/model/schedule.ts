import { laterBy, officeTime, SLOTS } from '../local-time.ts';
import type { Appointment, Patient } from './entities.ts';
import type { Act, Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import type { PracticeState } from './state.ts';

type ScheduleType = 'SIU^S12' | 'SIU^S13' | 'SIU^S14' | 'SIU^S15' | 'SIU^S17' | 'SIU^S26';

const NOTES = [
  'Bring list of medications',
  'Interpreter requested',
  'Prefers late afternoon; call | text before 9',
  'Wheelchair access needed',
] as const;

/** The appointment book. */
export class Schedule {
  readonly #booked = new OpenList<Appointment>();
  readonly #state: PracticeState;

  constructor(state: PracticeState) {
    this.#state = state;
  }

  /** What happens, or undefined when there is no appointment it can happen to. */
  happen(type: ScheduleType): Happening | undefined {
    if (type === 'SIU^S12') return this.book(false);
    const { random, now } = this.#state;
    // Only who should have come by now can be a no-show; only what lies ahead can be moved.
    const fits = (one: Appointment) => (type === 'SIU^S26' ? one.start <= now : one.start > now);
    const appointment = this.#booked.take(random, fits);
    if (appointment === undefined) return undefined;
    if (type === 'SIU^S15') return say(type, 'cancelled', appointment);
    if (type === 'SIU^S17') return say(type, 'deleted', appointment);
    if (type === 'SIU^S26') return say(type, 'no_show', appointment);
    const changed =
      type === 'SIU^S13'
        ? { ...appointment, start: this.#start() }
        : { ...appointment, provider: this.#state.provider(), note: random.pick(NOTES) };
    this.#booked.add(changed);
    return say(type, type === 'SIU^S13' ? 'rescheduled' : 'modified', changed);
  }

  /** Books an appointment: some days ahead, or the one that is just beginning. */
  book(atOnce: boolean): Happening {
    const { random, now } = this.#state;
    const patient = this.#state.anyPatient();
    const appointment: Appointment = {
      id: String(this.#state.number('appointment', 700_000)),
      patient,
      reason: this.#state.reasonFor(patient.person),
      provider: this.#state.provider(),
      location: this.#state.location(),
      start: atOnce ? `${laterBy(now, -(Number(now.slice(10, 12)) % 5)).slice(0, 12)}00` : this.#start(),
      note: random.chance(0.3) ? random.pick(NOTES) : '',
    };
    this.#booked.add(appointment);
    return say('SIU^S12', 'booked', appointment);
  }

  merged(from: Patient, to: Patient): void {
    this.#booked.each((one) => {
      if (one.patient === from) one.patient = to;
    });
  }

  #start(): string {
    const { random, now } = this.#state;
    return officeTime(now, random.int(1, 45), random.int(0, SLOTS - 1));
  }
}

function say(type: ScheduleType, act: Act, appointment: Appointment): Happening {
  return { kind: 'siu', type, act, patient: appointment.patient, appointment };
}
