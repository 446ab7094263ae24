import { REGIONS } from '../invented/places.ts';
import type { RegionName } from '../invented/places.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { localTimeWriter } from './local-time.ts';
import { BEFORE, MIXES } from './mix.ts';
import type { MessageMix } from './mix.ts';
import { Billing } from './model/billing.ts';
import { Desk, FIRST_PATIENTS } from './model/desk.ts';
import { MESSAGE_TYPES } from './model/happening.ts';
import type { Act, Happening, MessageType } from './model/happening.ts';
import { Laboratory } from './model/laboratory.ts';
import { Papers } from './model/papers.ts';
import { Schedule } from './model/schedule.ts';
import { PracticeState } from './model/state.ts';
import { Vaccination } from './model/vaccination.ts';
import type { FeedVersion, SlidingFeePlace } from './render/context.ts';
import { renderHappening } from './render/render.ts';

export interface PracticeOptions {
  readonly seed: string | number;
  /** Default 2.3. */
  readonly version?: FeedVersion;
  /** Default springfield. */
  readonly region?: RegionName;
  /** Default {@link MIXES}.adt. */
  readonly mix?: MessageMix;
  /** The first message's number. Default 12345. */
  readonly firstControlNumber?: number;
  /** Put before the control numbers. Default nothing in 2.3, else MSG. */
  readonly controlIdPrefix?: string;
  /** Patients at which the practice takes only as many new ones as it must. Default 2000. */
  readonly patients?: number;
  /** Share of patients with a sliding fee. Default 0.08 in 2.3, else 0.4. */
  readonly slidingFeeShare?: number;
  /** Default PV1-20, a marker; null nowhere. */
  readonly slidingFee?: SlidingFeePlace | null;
  /** Adds ZSF, ZGR and ZUD to the messages of patients with a sliding fee. Default false. */
  readonly zSegments?: boolean;
  /** Share of results and of charges that correct an earlier one. Default 0.05. */
  readonly corrections?: number;
  /** Share of registrations of somebody who is registered already; A40 merges them. Default 0.04 where A40 is in the mix, else 0. */
  readonly registeredTwice?: number;
  /** Share of finished results that bring a PDF. Default 0.1. */
  readonly pdfs?: number;
  /** Bytes of a PDF in a message, at least. Default 1500. */
  readonly documentBytes?: number;
}

export interface PracticeMessage {
  readonly act: Act;
  readonly type: MessageType;
  readonly event: string;
  readonly controlId: string;
  readonly mrn: string;
  readonly bytes: Buffer;
}

export interface Practice {
  readonly patientCount: number;
  /** The next thing that happens, at an instant, as the message that NextGen sends about it. */
  next(at: Date): PracticeMessage;
}

/**
 * Makes a practice with invented patients: they register, book, come, are tested, vaccinated and charged. One thing follows
 * from another (a result from its order, a merge from a double registration). The same options and instants give the
 * same messages.
 */
export function createPractice(options: PracticeOptions): Practice {
  return new SimulatedPractice(options);
}

class SimulatedPractice implements Practice {
  readonly #options: PracticeOptions;
  readonly #random: Random;
  readonly #version: FeedVersion;
  readonly #localTime: (instant: Date) => string;
  readonly #weights: readonly (readonly [MessageType, number])[];
  readonly #state: PracticeState;
  readonly #desk: Desk;
  readonly #schedule: Schedule;
  readonly #laboratory: Laboratory;
  readonly #papers: Papers;
  readonly #billing: Billing;
  readonly #vaccination: Vaccination;
  #controlNumber: number;

  constructor(options: PracticeOptions) {
    this.#options = options;
    this.#version = options.version ?? '2.3';
    this.#random = createRandom(`practice ${options.seed}`);
    this.#controlNumber = options.firstControlNumber ?? 12_345;
    const region = REGIONS[options.region ?? 'springfield'];
    this.#localTime = localTimeWriter(region.timeZone);
    const mix: MessageMix = options.mix ?? MIXES.adt;
    this.#weights = MESSAGE_TYPES.map((type) => [type, mix[type] ?? 0] as const).filter(([, weight]) => weight > 0);
    if (this.#weights.length === 0) throw new RangeError('The mix has nothing to send.');
    const slidingFeeShare = options.slidingFeeShare ?? (this.#version === '2.3' ? 0.08 : 0.4);
    const state = new PracticeState({ random: this.#random, region, slidingFeeShare });
    const corrections = options.corrections ?? 0.05;
    const bytes = options.documentBytes ?? 1500;
    const merges = this.#sends('ADT^A40');
    const desk = {
      patients: options.patients ?? 2000,
      registeredTwice: options.registeredTwice ?? (merges ? 0.04 : 0),
    };
    this.#state = state;
    this.#schedule = new Schedule(state);
    this.#laboratory = new Laboratory(state, { corrections, pdfs: options.pdfs ?? 0.1, pdfBytes: bytes });
    this.#papers = new Papers(state, bytes);
    this.#billing = new Billing(state, { reversals: corrections });
    this.#vaccination = new Vaccination(state);
    this.#desk = new Desk(state, desk, (from, to) => {
      for (const part of [this.#schedule, this.#laboratory, this.#papers, this.#billing, this.#vaccination]) {
        part.merged(from, to);
      }
    });
  }

  get patientCount(): number {
    return this.#state.patients.length;
  }

  next(at: Date): PracticeMessage {
    this.#state.now = this.#localTime(at);
    const happening = this.#whatHappens(this.#choose());
    const controlId = this.#nextControlId();
    const { type, act, patient } = happening;
    const bytes = renderHappening(
      {
        version: NOT_IN[this.#version].includes(type) ? '2.5.1' : this.#version,
        type,
        controlId,
        at: this.#state.now,
        zSegments: this.#options.zSegments ?? false,
        slidingFee: this.#options.slidingFee === null ? undefined : (this.#options.slidingFee ?? AFTER_VISIT_NUMBER),
      },
      happening,
    );
    return { act, type, event: type.slice(4), controlId, mrn: patient.mrn, bytes };
  }

  #sends(type: MessageType): boolean {
    return this.#weights.some(([one]) => one === type);
  }

  #choose(): MessageType {
    if (this.#state.patients.length < FIRST_PATIENTS) {
      const first = (['ADT^A04', 'ADT^A28'] as const).find((type) => this.#sends(type));
      if (first !== undefined) return first;
    }
    return this.#random.weighted(this.#weights);
  }

  /** When something cannot happen yet, what comes before it does: told, where the mix has it, else unseen. */
  #whatHappens(type: MessageType): Happening {
    for (;;) {
      const happening = this.#attempt(type);
      if (happening !== undefined) return happening;
      const before = BEFORE[type];
      if (before === undefined) throw new Error(`${type} can always happen.`);
      const told = before.find((one) => this.#sends(one));
      const prepared = this.#prepare(type, told ?? before[0]);
      if (told !== undefined) return prepared;
    }
  }

  #prepare(type: MessageType, before: MessageType): Happening {
    if (type === 'ADT^A40') return this.#desk.registerTwice(before === 'ADT^A04' ? before : 'ADT^A28');
    if (type === 'SIU^S26') return this.#schedule.book(true);
    return this.#whatHappens(before);
  }

  #attempt(type: MessageType): Happening | undefined {
    if (isOf('ADT', type)) return this.#desk.happen(type);
    if (isOf('SIU', type)) return this.#schedule.happen(type);
    if (isOf('MDM', type)) return this.#papers.happen(type);
    if (type === 'DFT^P03') return this.#billing.happen(this.#desk.toBill);
    return type === 'VXU^V04' ? this.#vaccination.happen() : this.#laboratory.happen(type);
  }

  #nextControlId(): string {
    const number = this.#controlNumber;
    this.#controlNumber += 1;
    const prefix = this.#options.controlIdPrefix ?? (this.#version === '2.3' ? '' : 'MSG');
    return prefix === '' ? String(number) : prefix + String(number).padStart(5, '0');
  }
}

function isOf<C extends string>(code: C, type: MessageType): type is Extract<MessageType, `${C}^${string}`> {
  return type.startsWith(`${code}^`);
}

/** What a version does not have, or no more: an interface of its own sends it, in 2.5.1. */
const NOT_IN: Readonly<Record<FeedVersion, readonly MessageType[]>> = {
  '2.3': ['OML^O21'],
  '2.5.1': [],
  '2.8': ['ORM^O01'],
};

/** PV1-20, behind the visit number: where health centres' feeds have it most often. */
const AFTER_VISIT_NUMBER: SlidingFeePlace = { segment: 'PV1', field: 20, write: 'marker' };
