import { type Delimiters, STANDARD_DELIMITERS, readDelimiters } from './delimiters.ts';
import { Hl7Error } from './hl7-error.ts';
import type { MessagePart, TooLongPart } from './message-splitter.ts';
import { skipLead } from './segment-index.ts';
import { fromWide, wideForm } from './wide.ts';

/** What can be wrong with the envelope of a file of messages. Never a reason to leave a message out. */
export const ENVELOPE_PROBLEMS = {
  /** BTS-1 or FTS-1 tells another number than was found. */
  COUNT: 'hl7.batch-count',
  /** A batch or file that was begun (BHS, FHS) was not ended (BTS, FTS): the file may be cut off. */
  NOT_ENDED: 'hl7.batch-not-ended',
  /** A trailer (BTS, FTS) without its header. */
  NOT_BEGUN: 'hl7.batch-not-begun',
  /** The header of a batch or file cannot be read. */
  BAD_HEADER: 'hl7.batch-header',
  /** A message, or a line of the envelope, is longer than the limit and was passed over. */
  TOO_LONG: 'hl7.message-too-long',
  /** There are more messages than the limit; the rest was not read. */
  TOO_MANY: 'hl7.too-many-messages',
} as const;

export interface EnvelopeProblem {
  readonly code: (typeof ENVELOPE_PROBLEMS)[keyof typeof ENVELOPE_PROBLEMS];
  /** For a person: what, where, what to do. No patient data. */
  readonly text: string;
  /** The segment at fault. */
  readonly segment: string;
  readonly line: number;
  readonly offset: number;
}

/** A batch or file that is open. */
interface Level {
  readonly kind: 'BHS' | 'FHS';
  readonly line: number;
  readonly offset: number;
  readonly delimiters: Delimiters;
  /** Messages right in it, and with those of batches inside. */
  own: number;
  all: number;
  /** Batches in it. */
  batches: number;
}

/**
 * Holds the counts that trailers tell (BTS-1, FTS-1) against what is there, through batches one after another, batches inside
 * batches and files inside files.
 */
export class EnvelopeTally {
  readonly #levels: Level[] = [];

  /** Takes the next part of the file and tells what is wrong with it. */
  add(part: MessagePart | TooLongPart): EnvelopeProblem[] {
    const isEnvelope = part.name === 'FHS' || part.name === 'BHS' || part.name === 'BTS' || part.name === 'FTS';
    if (!isEnvelope) {
      for (const level of this.#levels) level.all += 1;
      const inner = this.#levels.at(-1);
      if (inner !== undefined) inner.own += 1;
      return [];
    }
    if (part.name === 'BHS' || part.name === 'FHS') return this.#begin(part, part.name);
    return this.#finish(part, part.name === 'BTS' ? 'BHS' : 'FHS');
  }

  /** What is still open at the end of the file. */
  end(): EnvelopeProblem[] {
    return this.#levels.splice(0).map(notEnded);
  }

  /** How many batches and files the next part lies in. */
  get depth(): number {
    return this.#levels.length;
  }

  #begin(part: MessagePart | TooLongPart, kind: 'BHS' | 'FHS'): EnvelopeProblem[] {
    const problems: EnvelopeProblem[] = [];
    let delimiters = STANDARD_DELIMITERS;
    try {
      const bytes = plainBytes(part.bytes);
      delimiters = readDelimiters(bytes, skipLead(bytes), bytes.length);
    } catch (error) {
      if (!(error instanceof Hl7Error)) throw error;
      problems.push(problem(ENVELOPE_PROBLEMS.BAD_HEADER, part, `The header cannot be read: ${error.message}`));
    }
    if (kind === 'BHS') for (const level of this.#levels) level.batches += 1;
    this.#levels.push({ kind, line: part.line, offset: part.offset, delimiters, own: 0, all: 0, batches: 0 });
    return problems;
  }

  #finish(part: MessagePart | TooLongPart, kind: 'BHS' | 'FHS'): EnvelopeProblem[] {
    const index = this.#levels.findLastIndex((level) => level.kind === kind);
    const level = this.#levels[index];
    if (level === undefined) {
      const text = `There is no ${kind} before this ${part.name}: the beginning of the file may be missing.`;
      return [problem(ENVELOPE_PROBLEMS.NOT_BEGUN, part, text)];
    }
    // Whatever lies inside and was not ended ends here too.
    const problems = this.#levels.splice(index).slice(1).map(notEnded);
    const told = trailerCount(part.bytes, level.delimiters);
    if (told === undefined) return problems;
    const what = kind === 'BHS' ? 'messages' : 'batches';
    // A batch around batches may count its own messages or all; a file without batches is one batch, or counts messages.
    const found = kind === 'BHS' ? [level.own, level.all] : level.batches > 0 ? [level.batches] : [1, 0, level.all];
    if (told === 'unreadable') {
      const text = `${part.name}-1 should be the number of ${what} and is no number; found: ${found[0] ?? 0}.`;
      problems.push(problem(ENVELOPE_PROBLEMS.COUNT, part, text));
    } else if (!found.includes(told)) {
      const text = `${part.name}-1 says ${told} ${what}, found: ${found[0] ?? 0}. Ask the sender whether something is missing.`;
      problems.push(problem(ENVELOPE_PROBLEMS.COUNT, part, text));
    }
    return problems;
  }
}

function plainBytes(bytes: Buffer): Buffer {
  // A line of the middle of a file has no header that would tell its form, but the envelope's are headers themselves.
  const form = wideForm(bytes);
  return form === undefined ? bytes : fromWide(bytes, form);
}

/** Field 1 of a trailer; undefined when it is empty, as it may be. */
function trailerCount(bytes: Buffer, delimiters: Delimiters): number | 'unreadable' | undefined {
  // NUL bytes of wide Unicode fall away with the blanks: a count is ASCII.
  const text = bytes.toString('latin1').replace(/[\u0000-\u0020\u00fe\u00ff]|\u00ef\u00bb\u00bf/g, '');
  const value =
    text
      .slice(3)
      .split(delimiters.field)[1]
      ?.split(delimiters.component || '^')[0] ?? '';
  if (value === '' || value === '""') return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : 'unreadable';
}

function notEnded(level: Level): EnvelopeProblem {
  const trailer = level.kind === 'BHS' ? 'BTS' : 'FTS';
  const text = `The ${level.kind} of line ${level.line} has no ${trailer}: the file may be cut off. Found: ${level.all} messages.`;
  return problem(ENVELOPE_PROBLEMS.NOT_ENDED, { name: level.kind, line: level.line, offset: level.offset }, text);
}

function problem(
  code: EnvelopeProblem['code'],
  at: { readonly name: string; readonly line: number; readonly offset: number },
  text: string,
): EnvelopeProblem {
  return { code, text, segment: at.name, line: at.line, offset: at.offset };
}
