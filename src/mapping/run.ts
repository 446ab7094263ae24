import type { Hl7Message } from '../formats/hl7v2/message.ts';
import type { FieldView } from './field-view.ts';
import { MAPPING_PROBLEMS, type MappingProblem, type MappingProblemCode } from './mapping-problems.ts';

/** One message's way through a mapping. One object per message; the compiled closures keep nothing themselves. */
export interface Run {
  readonly message: Hl7Message;
  readonly view: FieldView;
  readonly problems: MappingProblem[];
  /** Values are to be looked at for control characters (see `mayHoldControls`). */
  readonly mayHoldControls: boolean;
  /** The segment that a group is at; -1 outside of groups. */
  segment: number;
  /** The repetition that a group is at. */
  repetition: number;
  /** The segments that belong to the group's segment, by their order in the group's `with`; -1 where there is none. */
  companions: readonly number[];
  /** Repetitions chosen outside of groups, by the number of the choice (see `choiceNumber`); rules that choose alike choose once. */
  readonly choices: (number | undefined)[];
  /** The repetition that a field source chose last. */
  chosen: number;
  /** The rule at work, for the problems that its steps meet. */
  target: string;
  /** Where the rule's value was read. */
  place: (run: Run) => string;
}

/** Notes a problem of the rule at work. Costs something only when there is one. */
export function report(run: Run, code: MappingProblemCode, severity?: 'error' | 'warning'): void {
  const kind = MAPPING_PROBLEMS[code];
  run.problems.push({
    severity: severity ?? kind.severity,
    code,
    place: run.place(run),
    target: run.target,
    reason: kind.reason,
    hint: kind.hint,
  });
}

/** A value on its way: text, several texts, null when the sender deletes it, undefined when it says nothing. */
export type Value = string | readonly string[] | null | undefined;
