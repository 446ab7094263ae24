import { createRandom } from '../random.ts';
import { FAULT_NAMES, IN_TURN, spoil, spoils, type Fault } from './faults.ts';
import { createPractice, type PracticeMessage, type PracticeOptions } from './practice.ts';

/** How often each fault occurs: its share of the messages, from 0 to 1. */
export type FaultRates = Readonly<Partial<Record<Fault, number>>>;

export interface OutgoingOptions extends PracticeOptions {
  /** Every so many messages one is bad, its kind changing; 0 never. Default 0. */
  readonly badEvery?: number;
  readonly faults?: FaultRates;
  /** The instant of each message. Default: the system's clock, or where there is a `start`, steps of `stepMs` from there. */
  readonly now?: () => Date;
  /** With it the stream depends on the seed alone, and not on when it is made. */
  readonly start?: Date;
  /** Default one second. */
  readonly stepMs?: number;
}

export interface Outgoing {
  readonly message: PracticeMessage;
  readonly fault: Fault | undefined;
}

/** A message that is held back goes out behind the next one of its patient, or behind so many others. */
const HELD_BEHIND = 8;

/** Gives the practice's messages in turn, some of them with a fault. The same options and instants give the same. */
export function createOutgoing(options: OutgoingOptions): () => Outgoing {
  const practice = createPractice(options);
  const now = options.now ?? clockFrom(options.start, options.stepMs ?? 1000);
  const badEvery = options.badEvery ?? 0;
  const draw = createRandom(`faults ${options.seed}`);
  const rates = FAULT_NAMES.map((fault) => [fault, options.faults?.[fault] ?? 0] as const).filter(
    ([, rate]) => rate > 0,
  );
  const held: { readonly message: PracticeMessage; left: number }[] = [];
  const ready: Outgoing[] = [];
  let count = 0;
  let previous: PracticeMessage | undefined;

  const pickFault = (): Fault | undefined => {
    if (previous === undefined) return undefined;
    if (badEvery > 0 && count % badEvery === 0) return IN_TURN[(count / badEvery - 1) % IN_TURN.length];
    return rates.find(([, rate]) => draw.chance(rate))?.[0];
  };
  const next = (): Outgoing => {
    const late = ready.shift();
    if (late !== undefined) return late;
    count += 1;
    const fault = pickFault();
    // A repeated message comes on top; nothing of what the practice does is left out for it.
    if (fault === 'duplicate' && previous !== undefined) return { message: previous, fault };
    const message = practice.next(now());
    if (fault === 'out_of_order') {
      held.push({ message, left: HELD_BEHIND });
      return next();
    }
    const outgoing =
      fault !== undefined && spoils(fault) && previous !== undefined
        ? { message: spoil(fault, message, previous), fault }
        : { message, fault };
    if (fault === undefined || !spoils(fault)) previous = message;
    for (const one of [...held]) {
      one.left -= 1;
      if (one.message.mrn !== message.mrn && one.left > 0) continue;
      held.splice(held.indexOf(one), 1);
      ready.push({ message: one.message, fault: 'out_of_order' });
    }
    return outgoing;
  };
  return next;
}

function clockFrom(start: Date | undefined, stepMs: number): () => Date {
  if (start === undefined) return () => new Date();
  let at = start.getTime() - stepMs;
  return () => new Date((at += stepMs));
}
