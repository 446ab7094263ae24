import { PartCollector } from './part-collector.ts';

const MAX_LABELS = 64;

/** A field with its components. */
export class FieldCollector {
  readonly field: number;
  readonly whole: PartCollector;
  readonly components: (PartCollector | undefined)[] = [];
  /** Texts beside codes: the second component by the first. */
  readonly labels = new Map<string, string>();
  /** The most repetitions in one segment. */
  repeats = 0;
  readonly #segment: string;

  constructor(segment: string, field: number) {
    this.field = field;
    this.#segment = segment;
    this.whole = new PartCollector(segment, field, 0);
  }

  /** The collector of a component (from 1); undefined when `make` says that no more are to be kept. */
  component(number: number, make: () => boolean): PartCollector | undefined {
    const known = this.components[number];
    if (known !== undefined) return known;
    if (!make()) return undefined;
    return (this.components[number] = new PartCollector(this.#segment, this.field, number));
  }

  label(code: string, text: string): void {
    if (this.labels.size < MAX_LABELS || this.labels.has(code)) this.labels.set(code.slice(0, 80), text.slice(0, 80));
  }
}
