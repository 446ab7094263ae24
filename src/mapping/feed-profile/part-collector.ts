import { Counts } from './counts.ts';
import type { DeviationCode } from './feed-profile.ts';
import { LengthCounter } from './length-counter.ts';
import { fitsType, standardPart, type StandardPart } from './standard-part.ts';
import { ValueCounter } from './value-counter.ts';
import { datePrecision } from './value-kind.ts';

const DATE_TYPES = new Set(['DT', 'TS', 'DTM']);

/** The message that is being read. */
export interface MessageInHand {
  /** Counts from 1. */
  readonly number: number;
  readonly type: string;
  readonly version: string | undefined;
}

/** Gathers what one field or component holds over all messages. `component` 0 is the whole field. */
export class PartCollector {
  readonly lengths = new LengthCounter();
  readonly values = new ValueCounter();
  readonly precisions = new Counts();
  readonly deviations = new Map<DeviationCode, number>();
  readonly byType = new Map<string, number>();
  readonly versions = new Map<string, StandardPart | undefined>();
  messages = 0;
  filled = 0;
  nulls = 0;
  readonly #segment: string;
  readonly #field: number;
  readonly #component: number;
  #lastMessage = 0;
  #version: string | undefined;
  #standard: StandardPart | undefined;

  constructor(segment: string, field: number, component: number) {
    this.#segment = segment;
    this.#field = field;
    this.#component = component;
  }

  /** What the standard says of it in the message's version; kept for the next message. */
  standard(version: string | undefined): StandardPart | undefined {
    if (this.versions.size > 0 && version === this.#version) return this.#standard;
    const key = version ?? '';
    if (!this.versions.has(key) && this.versions.size < 20) {
      this.versions.set(key, standardPart(version, this.#segment, this.#field, this.#component));
    }
    this.#version = version;
    this.#standard = this.versions.get(key);
    return this.#standard;
  }

  /** It is filled in this message. */
  mark(message: MessageInHand): void {
    if (this.#lastMessage === message.number) return;
    this.#lastMessage = message.number;
    this.messages += 1;
    this.byType.set(message.type, (this.byType.get(message.type) ?? 0) + 1);
  }

  /** A value of a component. `length` is that of the whole value, of which `value` may be the beginning. */
  add(value: string, length: number, message: MessageInHand): void {
    this.mark(message);
    this.filled += 1;
    this.lengths.add(length);
    if (length > value.length) return;
    this.values.add(value);
    const standard = this.standard(message.version);
    if (standard === undefined) return;
    if (!fitsType(standard.type, value)) this.deviate('type');
    else if (DATE_TYPES.has(standard.type)) this.precisions.add(datePrecision(value) ?? 'unreadable');
    if (standard.codes !== undefined && !standard.codes.has(value)) this.deviate(standard.strict ? 'code' : 'local');
  }

  deviate(code: DeviationCode): void {
    this.deviations.set(code, (this.deviations.get(code) ?? 0) + 1);
  }
}
