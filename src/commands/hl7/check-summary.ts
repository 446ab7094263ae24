import type { BatchCheck, MessageCheck } from './check-item.ts';

/** Counts what was checked, for the lines at the end and the exit code. */
export class CheckSummary {
  readonly #routes = new Map<string, number>();
  readonly #notRouted = new Map<string, number>();
  files = 0;
  passedOver = 0;
  unreadable = 0;
  #messages = 0;
  #parsed = 0;
  #identical = 0;
  #withErrors = 0;
  #warnings = 0;
  #batchProblems = 0;
  #lost = 0;

  add(check: MessageCheck | BatchCheck): void {
    if (check.kind === 'batch') {
      this.#batchProblems += 1;
      // What was passed over was not read, so it cannot count as in order.
      if (check.code === 'hl7.message-too-long' || check.code === 'hl7.too-many-messages') this.#lost += 1;
      return;
    }
    this.#messages += 1;
    if (check.parsed) this.#parsed += 1;
    if (check.identical) this.#identical += 1;
    if (check.warnings.some(({ severity }) => severity === 'error')) this.#withErrors += 1;
    this.#warnings += check.warnings.filter(({ severity }) => severity === 'warning').length;
    if (check.route !== null) count(this.#routes, check.route);
    else count(this.#notRouted, check.type ?? 'no type');
  }

  /** Everything was read, and is written back as it came. */
  get isSound(): boolean {
    const all = this.#messages > 0 && this.#parsed === this.#messages && this.#identical === this.#messages;
    return all && this.unreadable === 0 && this.#lost === 0;
  }

  /** The sentences for a person. */
  lines(): string[] {
    const lines = [
      `${amount(this.#messages, 'message')} in ${amount(this.files, 'file')}: ${this.#parsed} parsed, ${this.#identical} written back identically.`,
      `Routed: ${list(this.#routes)}. Not routed: ${list(this.#notRouted)}.`,
      `${amount(this.#withErrors, 'message')} with errors, ${amount(this.#warnings, 'warning')}, ${amount(this.#batchProblems, 'problem')} of batches.`,
    ];
    if (this.#messages === 0) lines.push('No message was found.');
    if (this.#lost > 0) lines.push(`NOT READ, as they are too long: ${this.#lost}.`);
    if (this.unreadable > 0) lines.push(`NOT READABLE: ${amount(this.unreadable, 'file')}.`);
    if (this.passedOver > 0) lines.push(`Passed over, as they hold no HL7: ${amount(this.passedOver, 'file')}.`);
    return lines;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function amount(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function list(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'none';
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([key, n]) => `${key} ${n}`)
    .join(', ');
}
