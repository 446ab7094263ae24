import { MESSAGE_TYPES, type MessageType } from './model/happening.ts';

/** How often each kind of message is sent, in relation to the others; what is left out is not sent. */
export type MessageMix = Readonly<Partial<Record<MessageType, number>>>;

/** Mixes by name. */
export const MIXES = {
  /** Registrations and updates alone. */
  adt: { 'ADT^A04': 65, 'ADT^A08': 33, 'ADT^A01': 2 },
  /** A day of a practice. */
  practice: {
    'ADT^A01': 1,
    'ADT^A03': 1,
    'ADT^A04': 14,
    'ADT^A08': 10,
    'ADT^A11': 0.5,
    'ADT^A28': 2,
    'ADT^A31': 3,
    'ADT^A40': 0.5,
    'SIU^S12': 10,
    'SIU^S13': 2,
    'SIU^S14': 3,
    'SIU^S15': 2,
    'SIU^S17': 0.3,
    'SIU^S26': 1,
    'ORM^O01': 6,
    'OML^O21': 2,
    'ORU^R01': 14,
    'MDM^T01': 1,
    'MDM^T02': 5,
    'MDM^T06': 1,
    'MDM^T11': 0.5,
    'DFT^P03': 9,
    'VXU^V04': 3,
  },
  /** Every kind as often as any other. */
  even: Object.fromEntries(MESSAGE_TYPES.map((type) => [type, 1])),
} as const satisfies Record<string, MessageMix>;
export type MixName = keyof typeof MIXES;

/**
 * What has to have happened before: a result was ordered, an appointment booked, a double registered. The first that
 * the mix has is sent in place of what could not happen yet.
 */
export const BEFORE: Readonly<Partial<Record<MessageType, readonly [MessageType, ...MessageType[]]>>> = {
  'ADT^A03': ['ADT^A01'],
  'ADT^A11': ['ADT^A04'],
  'ADT^A40': ['ADT^A28', 'ADT^A04'],
  'SIU^S13': ['SIU^S12'],
  'SIU^S14': ['SIU^S12'],
  'SIU^S15': ['SIU^S12'],
  'SIU^S17': ['SIU^S12'],
  'SIU^S26': ['SIU^S12'],
  'ORU^R01': ['ORM^O01', 'OML^O21'],
  'MDM^T06': ['MDM^T02', 'MDM^T01'],
  'MDM^T11': ['MDM^T02', 'MDM^T01'],
  'DFT^P03': ['ADT^A04'],
};

/**
 * Reads a mix as a person types it: a name of {@link MIXES}, or types with weights such as `ADT^A04=10,SIU=5,ORU^R01`; a
 * message code alone stands for all its events.
 *
 * @throws RangeError naming the part that cannot be read
 */
export function parseMix(text: string): MessageMix {
  if (Object.hasOwn(MIXES, text)) return MIXES[text as MixName];
  const mix: Partial<Record<MessageType, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', weight = '1'] = part.trim().split('=');
    const wanted = name.trim().toUpperCase().replace(/[-_ ]/, '^');
    const types = MESSAGE_TYPES.filter((type) => type === wanted || type.startsWith(`${wanted}^`));
    if (types.length === 0)
      throw new RangeError(`"${part.trim()}" is no message type; known are ${MESSAGE_TYPES.join(', ')}.`);
    const number = Number(weight);
    if (weight.trim() === '' || !Number.isFinite(number) || number < 0) {
      throw new RangeError(`The weight of "${part.trim()}" must be a number from 0 on.`);
    }
    for (const type of types) mix[type] = number;
  }
  if (!Object.values(mix).some((weight) => weight > 0)) throw new RangeError('The mix has nothing to send.');
  return mix;
}
